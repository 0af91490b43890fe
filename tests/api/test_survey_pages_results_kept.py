"""The page of the results is drawn beside, once for all who read it in a language."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

import httpx

from services.survey import pages
from services.survey.application import Results, Rights, Shelf
from services.survey.views import VIEWS
from shared.adapters import web
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from tests.support.asked_in_full import ASKED
from tests.support.survey_desk import answering_of
from tests.support.survey_office import CITIZENS, Office, identify, open_office
from tests.support.visitor import FORM

Work = TypeVar("Work")
COUNTED = 1


class Bench:
    """A workbench on which others have their turn meanwhile; what was done on it is counted."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, work: Callable[[], Work]) -> Work:
        self.runs += 1
        await asyncio.sleep(0)
        return work()


@asynccontextmanager
async def shown_by(office: Office, bench: Bench) -> AsyncIterator[httpx.AsyncClient]:
    """The pages alone, with results that are counted and drawn on this bench."""
    outside = office.outside
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    rights = Rights(shelf, outside.urn, outside.seals)
    results = Results(shelf, Handler(outside.store), rights, bench)
    router = pages.routes(answering_of(outside, shelf), results, outside.seals, secure=False)
    door = web.Door(identify, office.clock, outside.chance, outside.seals)
    transport = httpx.ASGITransport(web.service_app("survey", router, door))
    async with httpx.AsyncClient(transport=transport, base_url="http://office") as client:
        yield client


async def test_a_page_is_drawn_once_for_all_who_read_it_in_a_language() -> None:
    bench = Bench()
    async with open_office() as office, shown_by(office, bench) as client:
        await office.ask(CITIZENS, ASKED)
        await office.post(f"{CITIZENS}/closing", key="close")

        async def opened(language: str) -> httpx.Response:
            page = await client.get(f"{FORM}/results?language={language}")
            assert page.status_code == 200, page.text
            return page

        together = await asyncio.gather(*(opened("vi") for _ in range(5)))
        later = await opened("vi")
        drawn = bench.runs
        english = await opened("en")
        made_up = [await opened(language) for language in ("km", "xx", "yy")]

    assert len({(page.text, str(page.headers)) for page in (*together, later)}) == 1
    assert drawn == COUNTED + 1
    assert english.headers["Content-Language"] == made_up[0].headers["Content-Language"] == "en"
    assert len({later.text, english.text, *(page.text for page in made_up)}) == 3
    assert bench.runs == COUNTED + 3
