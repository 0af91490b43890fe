"""What is asked: adopted, adopted anew, and copied from an earlier cycle."""

from collections.abc import Sequence
from datetime import datetime

from services.survey.domain import validity
from services.survey.domain.cycle import Cycle
from services.survey.domain.questionnaire.checks import require_running
from services.survey.domain.questionnaire.commands import AdoptQuestionnaire
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.events.revise import revised
from shared.kernel.errors import Refused, Stale
from shared.kernel.scheme import Scheme
from shared.kernel.scheme import Survey as SurveyRule


def adopt_questionnaire(command: AdoptQuestionnaire, state: Questionnaire) -> Sequence[events.Fact]:
    """The next edition; what the last one said is no news, whatever was read before."""
    edition = 0 if state.adopted is None else state.adopted.edition
    questionnaire = _scaled(command.questionnaire, command.cycle)
    if state.adopted and _scaled(state.adopted, command.cycle) == revised(
        questionnaire, edition=edition
    ):
        return ()
    if state.opened:
        raise Refused("survey-already-open", questionnaire=questionnaire.questionnaire)
    require_running(command.cycle)
    _require_read(edition, command.based_on)
    flaws = tuple(validity.of_questionnaire(questionnaire, command.cycle))
    if flaws:
        raise Refused("questionnaire-invalid", flaws=flaws)
    return (revised(questionnaire, edition=edition + 1),)


def _require_read(edition: int, based_on: int | None) -> None:
    """Nobody replaces what they have not read; of none, the edition is 0."""
    if (based_on or 0) == edition:
        return
    if based_on is None:
        raise Stale("version-required", current=str(edition))
    if not edition:
        raise Stale("version-of-nothing")
    raise Stale("version-stale", current=str(edition))


def copied(
    source: events.QuestionnaireAdopted, into: tuple[str, str], opens: datetime, closes: datetime
) -> events.QuestionnaireAdopted:
    """The questionnaire of an earlier cycle, to be asked `into` another (cycle, name)."""
    cycle, name = into
    return revised(
        source,
        cycle=cycle,
        questionnaire=name,
        edition=0,
        copied_from=f"{source.cycle}/{source.questionnaire}",
        opens=opens,
        closes=closes,
    )


def _scaled(
    questionnaire: events.QuestionnaireAdopted, cycle: Cycle
) -> events.QuestionnaireAdopted:
    """Which options of scored questions say "no opinion", the scheme knows."""
    scheme = cycle.schemes.get(questionnaire.tier)
    if scheme is None:
        return questionnaire
    questions = tuple(_scaled_question(question, scheme) for question in questionnaire.questions)
    return revised(questionnaire, questions=questions)


def _scaled_question(question: events.Question, scheme: Scheme) -> events.Question:
    item = scheme.items.get(question.item or "")
    if item is None or not isinstance(item.rule, SurveyRule):
        return question
    shares = item.rule.shares
    options = tuple(
        revised(option, no_opinion=shares[option.code] is None) if option.code in shares else option
        for option in question.options
    )
    return revised(question, options=options)
