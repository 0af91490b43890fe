"""What the survey does when another service speaks: a withdrawn cycle takes no more answers."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.events import submission
from shared.events.envelope import Recorded


@dataclass(frozen=True, slots=True)
class CloseCycle:
    """Close every questionnaire of a cycle that is still open."""

    cycle: str


def react(recorded: Recorded) -> Sequence[CloseCycle]:
    """The commands that follow from a fact of another service."""
    match recorded.data:
        case submission.CycleWithdrawn() as fact:
            return (CloseCycle(fact.cycle),)
        case _:
            return ()
