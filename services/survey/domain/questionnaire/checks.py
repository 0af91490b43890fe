"""What has to hold before something can be done with a questionnaire."""

from datetime import datetime

from services.survey.domain import validity
from services.survey.domain.cycle import Cycle
from services.survey.domain.filled import Filled
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.kernel.errors import Missing, Refused


def check_answers(state: Questionnaire, filled: Filled) -> None:
    """Whether one person's answers fit the questionnaire; raises `Refused` with every flaw."""
    flaws = tuple(validity.of_answers(adopted_in(state), filled))
    if flaws:
        raise Refused("answers-invalid", flaws=flaws)


def require_taking(state: Questionnaire, cycle: Cycle, at: datetime) -> None:
    """Refuse unless the questionnaire takes answers; the urn has the last word on closing."""
    adopted = adopted_in(state)
    require_running(cycle)
    closes = cycle.closes(adopted.closes)
    if at >= closes:
        raise Refused("survey-closed", closes=closes.isoformat())
    if state.closed:
        # Before its time, so that the day in the plan says nothing.
        raise Refused("survey-closed")
    if not state.opened and at < adopted.opens:
        opens = adopted.opens.isoformat()
        raise Refused("survey-not-open", questionnaire=adopted.questionnaire, opens=opens)
    if not state.opened:
        raise Refused("survey-not-open", questionnaire=adopted.questionnaire)


def asked_about(adopted: events.QuestionnaireAdopted, cycle: Cycle) -> frozenset[str]:
    """The agencies that a questionnaire asks about."""
    of_tier = cycle.agencies_of(adopted.tier)
    return of_tier.intersection(adopted.agencies) if adopted.agencies else of_tier


def require_agency(adopted: events.QuestionnaireAdopted, agency: str, cycle: Cycle) -> None:
    """Refuse an agency that the questionnaire does not ask about."""
    if agency not in asked_about(adopted, cycle):
        raise Missing("agency-unknown", agency=agency)


def adopted_in(state: Questionnaire) -> events.QuestionnaireAdopted:
    """The questionnaire as adopted; `Missing` where there is none."""
    if state.adopted is None:
        raise Missing("questionnaire-unknown")
    return state.adopted


def require_running(cycle: Cycle) -> None:
    """Refuse in a cycle that is not there, or not any more."""
    if cycle.withdrawn:
        raise Refused("cycle-withdrawn", cycle=cycle.name)
    if not cycle.running:
        raise Missing("cycle-unknown")


def require_not_closed(state: Questionnaire) -> None:
    """Refuse once it is over."""
    if state.closed:
        raise Refused("survey-closed")
