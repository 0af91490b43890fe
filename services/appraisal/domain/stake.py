"""What is at stake for an agency: what it claims for an item, and how much a verdict takes away.

A member may take away a part of it alone, up to the share that the scheme says. To take away more
is a rejection in substance, whatever is left.
"""

from fractions import Fraction
from typing import assert_never

from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.state import Examined
from shared.kernel import points, rules
from shared.kernel.errors import Refused

ZERO = Fraction(0)


def takes_two(awarded: Fraction, sitting: Sitting, examined: Examined) -> bool:
    """Whether the points take away more than one member may alone.

    The loss is measured from the claim, and not from what was awarded before: several small steps
    are one large one. Of a penalty, what the agency does not own up to is at stake.
    """
    least, most = _range(sitting, examined)
    section = sitting.cycle.section(sitting.agency, examined.given.item)
    match section:
        case "tree" | "bonus":
            loss, whole = most - awarded, most
        case "penalty":
            loss, whole = awarded - least, maximum_of(sitting, examined) - least
        case _:
            assert_never(section)
    return loss > whole * sitting.cycle.loss_alone_max(sitting.agency)


def _range(sitting: Sitting, examined: Examined) -> tuple[Fraction, Fraction]:
    """The least and the most that the agency may hold its item to be worth.

    Who says that it does not apply loses nothing by it, as with the maximum; and what an amended
    scheme cannot count any more may have been anything.
    """
    maximum = maximum_of(sitting, examined)
    try:
        claimed = claim(sitting, examined)
    except Refused:
        return ZERO, maximum
    return claimed.points, claimed.points if claimed.applicable else maximum


def is_claimed(awarded: Fraction, sitting: Sitting, examined: Examined) -> bool:
    """Whether the agency claims just these points (rather than that the item does not apply)."""
    try:
        claimed = claim(sitting, examined)
    except Refused:
        return False
    return claimed.applicable and awarded == claimed.points


def claim(sitting: Sitting, examined: Examined) -> rules.Evaluation:
    """What the agency claims for an item, by the rule of the present scheme; undeclared is 0.

    Raises what the rule says where an amended scheme does not take the declaration any more: it
    can be rejected for other points, and recognised once the agency has declared it anew.
    """
    item = sitting.cycle.applicable(sitting.agency).get(examined.given.item)
    presented = sitting.sheet.item(examined.given.item)
    if item is None or not presented.declaration:
        return rules.Evaluation(ZERO)
    return rules.evaluate(item, presented.inputs)


def maximum_of(sitting: Sitting, examined: Examined) -> Fraction:
    """By the present scheme; an item that it no longer has keeps the maximum it was locked with."""
    item = sitting.cycle.applicable(sitting.agency).get(examined.given.item)
    return item.maximum if item else points.parse_exact(examined.given.maximum)
