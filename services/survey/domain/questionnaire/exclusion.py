"""What takes two people: that answers which were counted do not count."""

from collections.abc import Sequence

from services.survey.domain.questionnaire.checks import adopted_in
from services.survey.domain.questionnaire.commands import (
    DropExclusion,
    ProposeExclusion,
    SecondExclusion,
)
from services.survey.domain.questionnaire.state import Exclusion, Questionnaire
from shared.events import survey as events
from shared.kernel.authority import require_second_person
from shared.kernel.errors import Missing, Refused


def propose_exclusion(command: ProposeExclusion, state: Questionnaire) -> Sequence[events.Fact]:
    """The proposal, of what is not excluded already, and not proposed in just this way.

    Whoever said it before, and for whichever reason: of a second one nothing would be kept.
    """
    adopted = adopted_in(state)
    if not 1 <= command.batch <= len(state.batches):
        raise Missing("batch-unknown", batch=str(command.batch))
    size = len(state.batches[command.batch - 1])
    beyond = [position for position in command.positions if not 0 <= position < size]
    if beyond:
        raise Missing("response-unknown", position=str(beyond[0]), batch=str(command.batch))
    positions = _not_excluded(state, command.batch, command.positions)
    if not positions:
        raise Refused("answers-excluded-already", batch=str(command.batch))
    for name in _open_ones(state, command.batch, positions):
        raise Refused("exclusion-proposed-already", exclusion=name)
    return (
        events.ExclusionProposed(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            exclusion=f"exclusion-{state.version + 1}",
            batch=command.batch,
            positions=positions,
            because=command.because,
        ),
    )


def second_exclusion(command: SecondExclusion, state: Questionnaire) -> Sequence[events.Fact]:
    """The exclusion, by the word of a second person."""
    exclusion = _exclusion(state, command.exclusion)
    if exclusion.status == "excluded" and exclusion.seconded_by == command.by:
        return ()
    if exclusion.status != "open":
        raise Refused("exclusion-closed", exclusion=command.exclusion)
    require_second_person(exclusion.by, command.by, action=command.exclusion)
    proposed = exclusion.proposed
    positions = _not_excluded(state, proposed.batch, proposed.positions)
    if not positions:
        raise Refused("exclusion-closed", exclusion=command.exclusion)
    return (
        events.AnswersExcluded(
            cycle=proposed.cycle,
            questionnaire=proposed.questionnaire,
            exclusion=proposed.exclusion,
            batch=proposed.batch,
            positions=positions,
            because=proposed.because,
        ),
    )


def drop_exclusion(command: DropExclusion, state: Questionnaire) -> Sequence[events.Fact]:
    """The proposal comes to nothing."""
    exclusion = _exclusion(state, command.exclusion)
    if exclusion.status == "dropped":
        return ()
    if exclusion.status != "open":
        raise Refused("exclusion-closed", exclusion=command.exclusion)
    return (
        events.ExclusionDropped(
            cycle=exclusion.proposed.cycle,
            questionnaire=exclusion.proposed.questionnaire,
            exclusion=command.exclusion,
            because=command.because,
        ),
    )


def _exclusion(state: Questionnaire, name: str) -> Exclusion:
    if name not in state.exclusions:
        raise Missing("exclusion-unknown", exclusion=name)
    return state.exclusions[name]


def _not_excluded(state: Questionnaire, batch: int, positions: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(place for place in sorted(set(positions)) if (batch, place) not in state.excluded)


def _open_ones(state: Questionnaire, batch: int, positions: tuple[int, ...]) -> Sequence[str]:
    """The names of what is proposed of the very same answers, and not decided on."""
    return [
        name
        for name, exclusion in state.exclusions.items()
        if exclusion.status == "open"
        and (exclusion.proposed.batch, exclusion.proposed.positions) == (batch, positions)
    ]
