"""Small schemes, items and agencies, of which a test says only what it is about."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Literal

from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Declaration


def item(
    rule: schemes.Rule,
    *,
    code: str = "1.1",
    maximum: str = "2",
    no_task: schemes.NoTask | None = None,
    except_for: Iterable[str] = (),
) -> schemes.Item:
    """An item with a rule."""
    return schemes.Item(
        code=code,
        title=f"Item {code}",
        maximum=Fraction(maximum),
        rule=rule,
        evidence="",
        no_task=no_task,
        except_for=frozenset(except_for),
    )


def manual(code: str = "1.1", maximum: str = "100", step: str = "0.01") -> schemes.Item:
    """An item for which an agency claims any points."""
    return item(schemes.Manual(Fraction(step)), code=code, maximum=maximum)


def surveyed(
    *,
    code: str = "9.1",
    maximum: str = "24",
    groups: Mapping[str, str] | None = None,
    part: Literal["sipas", "officials"] = "sipas",
    if_unanswered: Literal["missing", "not-applicable"] = "missing",
) -> schemes.Item:
    """A survey item with the options good (1), fair (0.6), bad (0) and no opinion (none)."""
    weights = groups or {"citizens": "1"}
    rule = schemes.Survey(
        part=part,
        shares={"good": Fraction(1), "fair": Fraction(3, 5), "bad": Fraction(0), "none": None},
        groups=tuple(
            schemes.Group(code=name, title=name, weight=Fraction(weight))
            for name, weight in weights.items()
        ),
        if_unanswered=if_unanswered,
    )
    return item(rule, code=code, maximum=maximum)


def scheme(
    *areas: Iterable[schemes.Item],
    bonus: Iterable[schemes.Item] = (),
    penalty: Iterable[schemes.Item] = (),
    ties: schemes.Ties | None = None,
    grades: Mapping[str, str] | None = None,
    cap: str | None = None,
) -> schemes.Scheme:
    """A scheme of areas "1", "2", ..., each with one criterion that holds its items."""
    read = tuple(_area(str(number), tuple(items)) for number, items in enumerate(areas, start=1))
    return schemes.Scheme(
        code="sample",
        title="A sample",
        tier="department",
        sample=True,
        maximum=sum((area.maximum for area in read), Fraction(0)),
        areas=read,
        bonus=tuple(bonus),
        penalty=tuple(penalty),
        ties=ties or schemes.Ties(chain=(), rule="competition"),
        grades=tuple(
            schemes.Grade(code=code, title=code, at_least=Fraction(at_least))
            for code, at_least in (grades or {}).items()
        ),
        cap=None if cap is None else Fraction(cap),
    )


def _area(code: str, items: tuple[schemes.Item, ...]) -> schemes.Area:
    maximum = sum((each.maximum for each in items), Fraction(0))
    criterion = schemes.Criterion(code=f"{code}.0", title="", maximum=maximum, items=items)
    return schemes.Area(code=code, title="", maximum=maximum, criteria=(criterion,))


def agency(code: str, claims: Mapping[str, str], *, ranked: bool = True) -> AgencyState:
    """An agency that has claimed points for manual items; a declaration's fact is its item's."""
    return AgencyState(
        code=code,
        ranked=ranked,
        declarations={
            item_code: Declaration(inputs={"points": points}, fact=f"{code}/{item_code}")
            for item_code, points in claims.items()
        },
    )
