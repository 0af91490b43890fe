"""What people are told who come before a survey opens, or after it closed."""

from datetime import datetime

from services.survey.application import Answering, by_the_clock
from shared.events import survey as events
from shared.kernel.errors import Refused


async def asked(answering: Answering, at: tuple[str, str]) -> events.QuestionnaireAdopted:
    """What is asked; a refusal names the day on which it opens or closed, where that is known."""
    try:
        return await answering.asked(*at)
    except Refused as refusal:
        match refusal.code, refusal.details:
            case "survey-not-open", {"opens": opens}:
                raise Refused("form-not-open", opens=_by_the_clock(opens)) from refusal
            case "survey-closed", {"closes": closes}:
                raise Refused("form-closed", closes=_by_the_clock(closes)) from refusal
            case _:
                raise


def _by_the_clock(told: str) -> str:
    return by_the_clock(datetime.fromisoformat(told))
