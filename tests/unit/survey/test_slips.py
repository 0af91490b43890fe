"""Slips are drawn apart from the loop that serves everybody, and while they go out."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

from fastapi.responses import StreamingResponse

from services.survey.application.about import about
from services.survey.pages import Slips
from services.survey.pages.slips import SLIPS_PER_PAGE
from shared.adapters.threads import Threads
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import cycle

PUBLIC = "https://khaosat.example"
TOKENS = [f"{number:020}" for number in range(10 * SLIPS_PER_PAGE)]
PATIENCE_S = 10.0


def parts_of(draw_qr: Callable[[str], str], threads: Threads) -> AsyncIterator[str]:
    """The slips as they go out."""
    printing = Slips(PUBLIC, draw_qr, threads).printer("text/html")
    assert printing
    printed = printing(about(ADOPTED, cycle(), "so-y-te"), TOKENS, "vi")
    assert isinstance(printed, StreamingResponse)

    async def text() -> AsyncIterator[str]:
        async for part in printed.body_iterator:
            yield str(part)

    return text()


async def test_others_are_served_while_codes_are_drawn() -> None:
    served = threading.Event()
    threads = Threads("slips", 1)

    def draw(_: str) -> str:
        return "SERVED" if served.wait(PATIENCE_S) else "NOBODY"

    async def whole() -> str:
        return "".join([part async for part in parts_of(draw, threads)])

    async def others() -> None:
        served.set()

    text, _ = await asyncio.gather(whole(), others())

    assert text.count("SERVED") == len(TOKENS)
    await threads.close()


async def test_what_nobody_waits_for_any_more_is_not_drawn() -> None:
    drawn: list[str] = []
    threads = Threads("slips", 1)

    def draw(address: str) -> str:
        drawn.append(address)
        return "<svg></svg>"

    async for _ in parts_of(draw, threads):
        break

    await threads.close()
    assert 0 < len(drawn) <= SLIPS_PER_PAGE
