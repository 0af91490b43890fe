"""What is wrong with changes before anything is supposed: all of it at once."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from fractions import Fraction
from typing import assert_never

from shared.count.state import CycleState
from shared.count.whatif.changes import BreakTiesBy, Change, DecideOtherwise, LeaveOut, Weigh
from shared.count.whatif.parts import items_of, parts_of
from shared.kernel.errors import Flaw, Refused
from shared.kernel.points import exact
from shared.kernel.scheme import Item, Scheme, Survey
from shared.kernel.scheme_reader.top import COLUMNS

CHANGES = "/changes"


def check(state: CycleState, changes: Sequence[Change]) -> None:
    """Let changes pass that can be supposed together of this cycle.

    Raises:
        Refused: `changes-refused`, with a flaw for each thing that is wrong; pointers lead into an
            object that holds the changes as `changes`.
    """
    flaws = [
        Flaw(f"{CHANGES}/{place}{flaw.pointer}", flaw.code, flaw.details)
        for place, change in enumerate(changes)
        for flaw in _flaws(state, change)
    ]
    flaws += _repetitions(state, changes)
    if flaws:
        raise Refused("changes-refused", flaws=flaws, count=str(len(flaws)))


def _flaws(state: CycleState, change: Change) -> Iterator[Flaw]:
    match change:
        case DecideOtherwise():
            yield from _of_decision(state, change)
        case Weigh() | LeaveOut():
            yield from _with_scheme(state, change.tier, lambda scheme: _of_part(scheme, change))
        case BreakTiesBy():
            yield from _with_scheme(state, change.tier, lambda scheme: _of_chain(scheme, change))
        case _:
            assert_never(change)


def _of_decision(state: CycleState, change: DecideOtherwise) -> Iterator[Flaw]:
    agency = state.roster.get(change.agency)
    scheme = state.schemes.get(agency.tier) if agency else None
    if agency is None:
        named = {"cycle": state.cycle, "agency": change.agency}
        yield Flaw("/agency", "agency-not-in-cycle", named)
    elif scheme is None:
        yield Flaw("/agency", "tier-unknown", {"tier": agency.tier})
    elif change.item not in scheme.items:
        yield Flaw("/item", "item-unknown", {"item": change.item})
    else:
        yield from _of_item(scheme.items[change.item], change)


def _of_item(item: Item, change: DecideOtherwise) -> Iterator[Flaw]:
    if isinstance(item.rule, Survey):
        yield Flaw("/item", "item-is-surveyed", {"item": item.code})
    elif not item.applies_to(change.agency):
        yield Flaw("/item", "item-not-applicable", {"item": item.code, "agency": change.agency})
    elif isinstance(change.outcome, Fraction):
        points, most = exact(change.outcome), exact(item.maximum)
        if change.outcome < 0:
            yield Flaw("/points", "points-negative", {"item": item.code, "points": points})
        elif change.outcome > item.maximum:
            details = {"item": item.code, "points": points, "maximum": most}
            yield Flaw("/points", "points-above-maximum", details)


def _with_scheme(
    state: CycleState, tier: str, flaws: Callable[[Scheme], Iterator[Flaw]]
) -> Iterator[Flaw]:
    scheme = state.schemes.get(tier)
    if scheme is None:
        yield Flaw("/tier", "tier-unknown", {"tier": tier})
    else:
        yield from flaws(scheme)


def _of_part(scheme: Scheme, change: Weigh | LeaveOut) -> Iterator[Flaw]:
    if change.part not in parts_of(scheme):
        yield Flaw("/part", "part-unknown", {"part": change.part, "tier": change.tier})
    if isinstance(change, Weigh) and change.maximum <= 0:
        yield Flaw("/maximum", "number-not-positive", {"value": exact(change.maximum)})


def _of_chain(scheme: Scheme, change: BreakTiesBy) -> Iterator[Flaw]:
    known = (*COLUMNS, *(f"area:{area.code}" for area in scheme.areas))
    for place, column in enumerate(change.chain):
        first = change.chain.index(column)
        if column not in known:
            details = {"value": column, "known": ", ".join(known)}
            yield Flaw(f"/chain/{place}", "tie-column-unknown", details)
        elif first != place:
            details = {"value": column, "first": f"/chain/{first}"}
            yield Flaw(f"/chain/{place}", "code-duplicate", details)


def _repetitions(state: CycleState, changes: Sequence[Change]) -> Iterator[Flaw]:
    """Changes that speak of what an earlier one speaks of."""
    first: dict[Hashable, int] = {}
    for place, change in enumerate(changes):
        earlier = [first.setdefault(subject, place) for subject in _subjects(state, change)]
        if earlier and min(earlier) != place:
            details = {"first": f"{CHANGES}/{min(earlier)}"}
            yield Flaw(f"{CHANGES}/{place}", "change-repeated", details)


def _subjects(state: CycleState, change: Change) -> Iterator[Hashable]:
    match change:
        case DecideOtherwise(agency=agency, item=item):
            yield "decision", agency, item
        case Weigh(tier=tier) | LeaveOut(tier=tier):
            scheme = state.schemes.get(tier)
            part = parts_of(scheme).get(change.part) if scheme else None
            for each in items_of(part) if part else ():
                yield "weight", tier, each.code
        case BreakTiesBy(tier=tier):
            yield "ties", tier
        case _:
            assert_never(change)
