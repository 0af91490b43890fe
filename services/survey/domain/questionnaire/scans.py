"""What a scanner says of the documents that certify results, in quarantine and later again."""

from collections.abc import Sequence

from services.survey.domain.questionnaire.commands import TakeScan, TypeResult
from services.survey.domain.questionnaire.state import Questionnaire
from shared.events import survey as events
from shared.kernel.quarantine import against_reading


def quarantine(command: TypeResult, state: Questionnaire) -> Sequence[events.Fact]:
    """Let the document of a result that is typed in wait, unless it does or was cleared.

    Raises `Refused` where it was condemned.
    """
    sha256 = command.result.sha256
    if sha256 is None or not state.scan(sha256).has_to_wait(scans=command.waits):
        return ()
    waiting = events.DocumentQuarantined(
        cycle=command.result.cycle, questionnaire=command.result.questionnaire, sha256=sha256
    )
    return (waiting,)


def require_scanned(command: TypeResult, state: Questionnaire) -> None:
    """Nothing counts by a document that nobody may open yet."""
    sha256 = command.result.sha256
    refusal = against_reading(state.scan(sha256)) if sha256 else None
    if refusal is not None:
        raise refusal


def take_scan(command: TakeScan, state: Questionnaire) -> Sequence[events.Fact]:
    """Clear a document, or condemn it, whether it waits or is looked at once more."""
    if not state.scan(command.sha256).is_news(command.scanner, clean=command.finding is None):
        return ()
    place = {"cycle": command.cycle, "questionnaire": command.questionnaire}
    named = {**place, "sha256": command.sha256, "scanner": command.scanner}
    if command.finding is None:
        return (events.DocumentCleared(**named),)
    return (events.DocumentCondemned(**named, finding=command.finding),)
