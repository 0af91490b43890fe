"""From the opening to the closing: what is counted, and released."""

from collections.abc import Sequence

from services.survey.domain.questionnaire.checks import adopted_in, require_running
from services.survey.domain.questionnaire.commands import (
    CloseSurvey,
    CountBatch,
    OpenSurvey,
    ReleaseComment,
)
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.kernel.errors import Refused

RECEIPT_COUNTED = "receipt-counted"
"""The urn was put back to a time before the log's: it gives answers that were counted before."""


def open_survey(command: OpenSurvey, state: Questionnaire) -> Sequence[events.Fact]:
    """Answers are taken."""
    adopted = adopted_in(state)
    if state.closed:
        raise Refused("survey-closed")
    if state.opened:
        return ()
    require_running(command.cycle)
    if command.at < adopted.opens:
        raise Refused("survey-not-yet-open", opens=adopted.opens.isoformat())
    if command.at >= command.cycle.closes(adopted.closes):
        raise Refused("survey-closed")
    return (events.SurveyOpened(cycle=adopted.cycle, questionnaire=adopted.questionnaire),)


def count_batch(command: CountBatch, state: Questionnaire) -> Sequence[events.Fact]:
    """A batch by its number, once, of a survey that was opened.

    The log may have been put back to a time before the opening: then what was drawn waits for it.
    A batch with a receipt that was counted before is refused, and waits: an urn gives none, unless
    it was put back to an earlier time, and then answers would be counted a second time.
    """
    adopted = adopted_in(state)
    if command.batch <= len(state.batches):
        return ()
    if not state.opened:
        raise Refused("survey-not-open", questionnaire=adopted.questionnaire)
    assert command.batch == len(state.batches) + 1, "batches are counted in their order"
    receipts = frozenset(command.receipts)
    assert len(command.receipts) == len(command.responses), "a receipt for each response"
    assert len(receipts) == len(command.receipts), "each of its own"
    if not all(receipts.isdisjoint(counted) for counted in state.receipts):
        raise Refused(RECEIPT_COUNTED, batch=str(command.batch))
    return (
        events.ResponsesCounted(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            batch=command.batch,
            channel=command.channel,
            responses=command.responses,
            receipts=tuple(sorted(command.receipts)),
            hasty=command.hasty,
        ),
    )


def release_comment(command: ReleaseComment, state: Questionnaire) -> Sequence[events.Fact]:
    """A comment, read and released."""
    adopted = adopted_in(state)
    return (
        events.CommentReleased(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            agency=command.agency,
            question=command.question,
            text=command.text,
        ),
    )


def close_survey(command: CloseSurvey, state: Questionnaire) -> Sequence[events.Fact]:
    """It is over, and everything was counted."""
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
