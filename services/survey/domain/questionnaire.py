"""A questionnaire (bộ câu hỏi): adopted, opened, answered, counted in batches, and closed.

Answers are judged before they go into the urn, by `check_answers`, and come back from it as
batches that nobody can tell apart. A batch has a number, so that it is counted once, whatever
crashes in between.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import assert_never

from services.survey.domain import validity
from services.survey.domain.cycle import Cycle
from shared.events import survey as events
from shared.events.envelope import Recorded, Sealed
from shared.kernel.decider import Decider
from shared.kernel.errors import Missing, Refused

# ---------------------------------------------------------------------------------- commands


@dataclass(frozen=True, slots=True)
class AdoptQuestionnaire:
    """Say what is asked, of whom, about the agencies of which tier."""

    questionnaire: events.QuestionnaireAdopted
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    """Begin to take answers."""

    at: datetime
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class CountBatch:
    """Count a batch that was drawn from the urn."""

    batch: int
    responses: tuple[events.Response, ...]


@dataclass(frozen=True, slots=True)
class ExcludeAnswers:
    """Take counted responses out again, by their places in a batch, for a reason."""

    batch: int
    positions: tuple[int, ...]
    because: Sealed


@dataclass(frozen=True, slots=True)
class ImportResult:
    """Take over the certified result of a survey that was run elsewhere."""

    result: events.ResultImported
    cycle: Cycle


@dataclass(frozen=True, slots=True)
class CloseSurvey:
    """End it, once the urn was shut and everything in it was counted."""

    closed_by: events.ClosedBy


Command = AdoptQuestionnaire | OpenSurvey | CountBatch | ExcludeAnswers | ImportResult | CloseSurvey

# ------------------------------------------------------------------------------------- state


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is known of one questionnaire; `batches` are the responses as they were counted."""

    adopted: events.QuestionnaireAdopted | None = None
    opened: bool = False
    closed: bool = False
    batches: tuple[tuple[events.Response, ...], ...] = ()
    excluded: frozenset[tuple[int, int]] = frozenset()
    imported: Mapping[tuple[str, str], events.ResultImported] = field(default_factory=dict)

    def responses(self) -> Iterator[events.Response]:
        """The responses that count."""
        for number, batch in enumerate(self.batches, start=1):
            for position, response in enumerate(batch):
                if (number, position) not in self.excluded:
                    yield response


def evolve(state: Questionnaire, recorded: Recorded) -> Questionnaire:
    """The next state."""
    match recorded.data:
        case events.QuestionnaireAdopted() as fact:
            return replace(state, adopted=fact)
        case events.SurveyOpened():
            return replace(state, opened=True)
        case events.ResponsesCounted() as fact:
            return replace(state, batches=(*state.batches, fact.responses))
        case events.AnswersExcluded() as fact:
            places = {(fact.batch, position) for position in fact.positions}
            return replace(state, excluded=state.excluded | places)
        case events.ResultImported() as fact:
            return replace(state, imported={**state.imported, (fact.agency, fact.source): fact})
        case events.SurveyClosed():
            return replace(state, closed=True)
        case _:
            return state


# -------------------------------------------------------------------------------- decisions


def decide(command: Command, state: Questionnaire) -> Sequence[events.Fact]:
    """The facts that follow from a command; raises `Refused` or `Missing`."""
    match command:
        case AdoptQuestionnaire():
            return _adopt_questionnaire(command, state)
        case OpenSurvey():
            return _open_survey(command, state)
        case CountBatch():
            return _count_batch(command, state)
        case ExcludeAnswers():
            return _exclude_answers(command, state)
        case ImportResult():
            return _import_result(command, state)
        case CloseSurvey():
            return _close_survey(command, state)
        case _:
            assert_never(command)


def _adopt_questionnaire(
    command: AdoptQuestionnaire, state: Questionnaire
) -> Sequence[events.Fact]:
    if state.adopted == command.questionnaire:
        return ()
    if state.opened:
        raise Refused("survey-already-open", questionnaire=command.questionnaire.questionnaire)
    _require_running(command.cycle)
    flaws = tuple(validity.of_questionnaire(command.questionnaire, command.cycle))
    if flaws:
        raise Refused("questionnaire-invalid", flaws=flaws)
    return (command.questionnaire,)


def _open_survey(command: OpenSurvey, state: Questionnaire) -> Sequence[events.Fact]:
    adopted = adopted_in(state)
    if state.closed:
        raise Refused("survey-closed")
    if state.opened:
        return ()
    _require_running(command.cycle)
    if command.at < adopted.opens:
        raise Refused("survey-not-yet-open", opens=adopted.opens.isoformat())
    if command.at >= command.cycle.closes(adopted.closes):
        raise Refused("survey-closed")
    return (events.SurveyOpened(cycle=adopted.cycle, questionnaire=adopted.questionnaire),)


def _count_batch(command: CountBatch, state: Questionnaire) -> Sequence[events.Fact]:
    adopted = adopted_in(state)
    if command.batch <= len(state.batches):
        return ()
    assert command.batch == len(state.batches) + 1, "batches are counted in their order"
    return (
        events.ResponsesCounted(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            batch=command.batch,
            responses=command.responses,
        ),
    )


def _exclude_answers(command: ExcludeAnswers, state: Questionnaire) -> Sequence[events.Fact]:
    adopted = adopted_in(state)
    if not 1 <= command.batch <= len(state.batches):
        raise Missing("batch-unknown", batch=str(command.batch))
    size = len(state.batches[command.batch - 1])
    beyond = [position for position in command.positions if not 0 <= position < size]
    if beyond:
        raise Missing("response-unknown", position=str(beyond[0]), batch=str(command.batch))
    new = {place for place in command.positions if (command.batch, place) not in state.excluded}
    if not new:
        return ()
    return (
        events.AnswersExcluded(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            batch=command.batch,
            positions=tuple(sorted(new)),
            because=command.because,
        ),
    )


def _import_result(command: ImportResult, state: Questionnaire) -> Sequence[events.Fact]:
    adopted = adopted_in(state)
    result = command.result
    if state.imported.get((result.agency, result.source)) == result:
        return ()
    _require_running(command.cycle)
    require_agency(adopted, result.agency, command.cycle)
    flaws = tuple(validity.of_counts(adopted, result.counts))
    if flaws:
        raise Refused("result-invalid", flaws=flaws)
    return (result,)


def _close_survey(command: CloseSurvey, state: Questionnaire) -> Sequence[events.Fact]:
    adopted = adopted_in(state)
    if state.closed:
        return ()
    if not state.opened:
        raise Refused("survey-not-open", questionnaire=adopted.questionnaire)
    return (
        events.SurveyClosed(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            closed_by=command.closed_by,
            responses=sum(len(batch) for batch in state.batches),
        ),
    )


# ----------------------------------------------------------------------------------- checks


def check_answers(
    state: Questionnaire, cycle: Cycle, agency: str, answers: Mapping[str, str]
) -> None:
    """Whether one person's answers fit the questionnaire; raises `Refused` with every flaw."""
    adopted = adopted_in(state)
    require_agency(adopted, agency, cycle)
    flaws = tuple(validity.of_answers(adopted, answers))
    if flaws:
        raise Refused("answers-invalid", flaws=flaws)


def require_taking(state: Questionnaire, cycle: Cycle, at: datetime) -> None:
    """Refuse unless the questionnaire takes answers; the urn has the last word on closing."""
    adopted = adopted_in(state)
    _require_running(cycle)
    if state.closed or at >= cycle.closes(adopted.closes):
        raise Refused("survey-closed")
    if not state.opened:
        raise Refused("survey-not-open", questionnaire=adopted.questionnaire)


def require_agency(adopted: events.QuestionnaireAdopted, agency: str, cycle: Cycle) -> None:
    """Refuse an agency that the questionnaire does not ask about."""
    if agency not in cycle.agencies_of(adopted.tier):
        raise Missing("agency-unknown", agency=agency)


def adopted_in(state: Questionnaire) -> events.QuestionnaireAdopted:
    """The questionnaire as adopted; `Missing` where there is none."""
    if state.adopted is None:
        raise Missing("questionnaire-unknown")
    return state.adopted


def _require_running(cycle: Cycle) -> None:
    if cycle.withdrawn:
        raise Refused("cycle-withdrawn", cycle=cycle.name)
    if not cycle.running:
        raise Missing("cycle-unknown")


decider = Decider[Command, Questionnaire, Recorded](
    initial=Questionnaire(), decide=decide, evolve=evolve
)
