"""Flags about the council's decisions: taken back, or made on nothing.

Decisions of one agency stand in one stream, so that their order is certain.
"""

from collections.abc import Iterator
from fractions import Fraction

from shared.count.flags.flag import Raised, Subject
from shared.count.flags.known import ItemKnown, Known
from shared.count.flags.told import Told
from shared.events import appraisal
from shared.kernel import points
from shared.kernel.points import exact
from shared.kernel.scheme import Choice, Count, Deduction, Item, Levels, Manual


def reversed_on_news(known: Known, told: Told) -> Iterator[Raised]:
    """The council decided otherwise on the same declaration, having heard or seen something new.

    A second round is there for that; the flag says where it changed something.
    """
    item = known.item(told.data.agency, told.data.item)
    if _is_reversed(item, told) and _has_news(item, told):
        yield _reversal(item, told)


def reversed_without_news(known: Known, told: Told) -> Iterator[Raised]:
    """The same, and neither evidence nor an explanation had come, or gone, in between."""
    item = known.item(told.data.agency, told.data.item)
    if _is_reversed(item, told) and not _has_news(item, told):
        yield _reversal(item, told)


def _is_reversed(item: ItemKnown, told: Told) -> bool:
    """Other points, or the other verdict, on what was declared once."""
    decided = item.decided
    if decided is None or decided.declaration != told.data.declaration:
        return False
    same_points = points.found(decided.awarded) == points.found(told.data.awarded)
    return not same_points or decided.recognised != _recognises(told)


def _has_news(item: ItemKnown, told: Told) -> bool:
    decided, spoken = item.decided, item.spoken
    assert decided is not None, "there was a decision to reverse"
    spoke = spoken is not None and spoken.ref > decided.ref
    return spoke or set(decided.evidence) != set(told.data.evidence)


def _reversal(item: ItemKnown, told: Told) -> Raised:
    decided, spoken = item.decided, item.spoken
    assert decided is not None, "there was a decision to reverse"
    news = (spoken.ref,) if spoken is not None and spoken.ref > decided.ref else ()
    return Raised(
        subject=Subject(agency=told.data.agency, item=told.data.item),
        facts=(decided.ref, *news, told.ref),
        since=told.number,
        details={
            "before": decided.awarded,
            "after": told.data.awarded,
            "by_before": decided.by or "-",
            "by_after": told.by or "-",
        },
    )


def recognised_without_proof(known: Known, told: Told) -> Iterator[Raised]:
    """A claim was recognised of which the scheme wants proof, and there was none.

    Neither evidence that the decision names, nor an explanation that the ledger had by then.
    """
    fact = told.data
    scored, item = known.scored_item(fact.agency, fact.item), known.item(fact.agency, fact.item)
    if scored is None or not scored.evidence or fact.evidence:
        return
    awarded = points.found(fact.awarded)
    leaves = item.no_task and scored.no_task == "not-applicable"
    if not item.explained and (leaves or (awarded is not None and awarded > 0)):
        declared = (item.declaration,) if item.declaration else ()
        yield Raised(
            subject=Subject(agency=fact.agency, item=fact.item, by=told.by),
            facts=(*declared, told.ref),
            since=told.number,
            details={"awarded": fact.awarded, "wanted": scored.evidence},
        )


def awarded_outside_rule(known: Known, told: Told) -> Iterator[Raised]:
    """A rejection awards points that the item's rule gives for no declaration.

    Nothing at all may always be awarded, and where a rule can come to any number, it is silent.
    The rule is that of the scheme in force at the decision's place in the ledger.
    """
    fact = told.data
    scored, awarded = known.scored_item(fact.agency, fact.item), points.found(fact.awarded)
    if scored is None or awarded is None or _gives(scored, awarded):
        return
    yield Raised(
        subject=Subject(agency=fact.agency, item=fact.item, by=told.by),
        facts=(told.ref,),
        since=told.number,
        details={"awarded": fact.awarded, "maximum": exact(scored.maximum)},
    )


def _gives(item: Item, awarded: Fraction) -> bool:
    """Whether the item can come to these points by its rule, as far as can be told.

    Every rule of a scheme comes to the maximum somehow; the reader of schemes sees to that.
    """
    if awarded in {0, item.maximum}:
        return True
    match item.rule:
        case Choice(options):
            return awarded in {option.points for option in options}
        case Count(per_unit):
            return (awarded / per_unit).denominator == 1
        case Levels(bands):
            return awarded in {band.share * item.maximum for band in bands}
        case Deduction(per_breach):
            return ((item.maximum - awarded) / per_breach).denominator == 1
        case Manual(step):
            return (awarded / step).denominator == 1
        case _:
            return True


def _recognises(told: Told) -> bool:
    return isinstance(told.data, appraisal.ScoreRecognised)
