"""Results are counted once for each new fact, however many ask for them."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from services.survey.application import Results, Rights, Shelf
from services.survey.views import VIEWS
from shared.kernel.actor import Actor
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from tests.support.survey_office import (
    ASKED_OF_CITIZENS,
    CITIZENS,
    Office,
    open_office,
)

Counted = TypeVar("Counted")

OFFICER = Actor(id="o-1", role="survey-officer")
AT = ("2021", "citizens")


class _Bench:
    """A workbench that says how often it was used; meanwhile others have their turn."""

    def __init__(self) -> None:
        self.runs = 0

    async def run(self, work: Callable[[], Counted]) -> Counted:
        self.runs += 1
        await asyncio.sleep(0)
        return work()


def _results(office: Office, bench: _Bench) -> Results:
    outside = office.outside
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    rights = Rights(shelf, outside.urn, outside.seals)
    return Results(shelf, Handler(outside.store), rights, bench)


async def test_results_are_counted_once_until_something_new_is_said() -> None:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        bench = _Bench()
        results = _results(office, bench)

        found = await asyncio.gather(*(results.read(OFFICER, AT, ("", "")) for _ in range(5)))
        await results.read(OFFICER, AT, ("", ""))
        first = bench.runs
        await office.answer_all("5")
        await office.post(f"{CITIZENS}/closing", key="close")
        again = await results.read(OFFICER, AT, ("", ""))

        assert (first, bench.runs) == (1, 2)
        assert len({id(each.now) for each in found}) == 1
        assert again.now.version > found[0].now.version
