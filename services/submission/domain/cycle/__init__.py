"""The cycle (đợt đánh giá): who is scored by which rules until when, by whose decision.

One stream, `cycle/{cycle}`. A cycle is opened with everything that counting needs; what changes
later carries a decision and a reason.
"""

from collections.abc import Sequence
from typing import assert_never

from services.submission.domain.cycle import changes, imports, opening
from services.submission.domain.cycle.commands import (
    AddAgency,
    AmendScheme,
    Command,
    ExtendDeadline,
    ImportItemResults,
    OpenCycle,
    WithdrawAgency,
    WithdrawCycle,
)
from services.submission.domain.cycle.imports import against_importing
from services.submission.domain.cycle.opening import copied
from services.submission.domain.cycle.state import Cycle, evolve
from shared.events import submission as events
from shared.events.envelope import Recorded
from shared.kernel.decider import Decider
from shared.kernel.errors import Missing

__all__ = [
    "AddAgency",
    "AmendScheme",
    "Command",
    "Cycle",
    "ExtendDeadline",
    "ImportItemResults",
    "OpenCycle",
    "WithdrawAgency",
    "WithdrawCycle",
    "against_importing",
    "copied",
    "decide",
    "decider",
    "evolve",
    "stream",
]


def decide(  # noqa: C901 - one case for each command, and nothing else
    command: Command, cycle: Cycle
) -> Sequence[events.Fact]:
    """The facts that follow from a command."""
    if cycle.status == "unopened" and not isinstance(command, OpenCycle):
        raise Missing("cycle-unknown")
    match command:
        case OpenCycle():
            return opening.open_cycle(command, cycle)
        case AmendScheme():
            return changes.amend_scheme(command, cycle)
        case WithdrawCycle():
            return changes.withdraw_cycle(command, cycle)
        case ExtendDeadline():
            return changes.extend_deadline(command, cycle)
        case AddAgency():
            return changes.add_agency(command, cycle)
        case WithdrawAgency():
            return changes.withdraw_agency(command, cycle)
        case ImportItemResults():
            return imports.import_item_results(command, cycle)
        case _:
            assert_never(command)


def stream(cycle: str) -> str:
    """The stream of a cycle."""
    return f"cycle/{cycle}"


decider: Decider[Command, Cycle, Recorded] = Decider(Cycle(), decide, evolve)
