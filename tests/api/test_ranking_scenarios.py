"""Scenarios are computed beside everything else, one after the other, from one moment."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import pytest

from services.ranking.application import Ledgers, Moment, Scenarios, Shelf, Tools, WantedDrawing
from services.ranking.application import scenarios as scenarios_module
from services.ranking.application.scenarios import ASKING_MAX, REMEMBERED_MAX, Workbench
from services.ranking.views import VIEWS
from shared.adapters import bootstrap
from shared.adapters.threads import Threads
from shared.count.sample import Drawing, Rounds, Sample
from shared.kernel.errors import Forbidden, Refused, Unavailable
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from tests.support.ranking import ACTORS, Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY = "so-y-te"
TOLD = whole_cycle()
PATIENCE_S = 10.0

Result = TypeVar("Result")


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """Everything is said and counted, and nothing is decided about it."""
    async with ranking() as service:
        await service.hear(TOLD)
        yield service


class Bench:
    """A bench on which work waits until it is let go; what lies on it is counted."""

    def __init__(self) -> None:
        self.lying = self.lying_most = self.done = 0
        self.let_go = asyncio.Event()
        self.let_go.set()

    async def run(self, work: Callable[[], Result]) -> Result:
        """The work's result, once it is let go."""
        self.lying += 1
        self.lying_most = max(self.lying, self.lying_most)
        await self.let_go.wait()
        await asyncio.sleep(0)
        self.lying -= 1
        self.done += 1
        return work()


def scenarios_of(service: Ranking, bench: Workbench) -> Scenarios:
    return Scenarios(_shelf(service), Tools(bench, bootstrap.resample))


async def ask(
    scenarios: Scenarios, who: str = "council", wanted: WantedDrawing | None = None
) -> object:
    return await scenarios.rank_ranges(
        ACTORS[who], CYCLE, None, Moment(), wanted or WantedDrawing(rounds=100)
    )


async def test_more_than_can_be_waited_for_are_asked_to_come_back(counted: Ranking) -> None:
    bench = Bench()
    scenarios = scenarios_of(counted, bench)
    bench.let_go.clear()
    asking = [asyncio.create_task(ask(scenarios)) for _ in range(ASKING_MAX)]
    await asyncio.sleep(0)

    with pytest.raises(Unavailable, match="scenarios-busy"):
        await ask(scenarios)
    with pytest.raises(Unavailable, match="scenarios-busy"):
        await scenarios.what_if(ACTORS["council"], CYCLE, None, None, ())

    bench.let_go.set()
    answers = await asyncio.gather(*asking)
    assert (bench.done, len(answers)) == (1, ASKING_MAX)
    assert await ask(scenarios) == answers[0]


async def test_whoever_gives_up_makes_room(counted: Ranking) -> None:
    bench = Bench()
    scenarios = scenarios_of(counted, bench)
    bench.let_go.clear()
    asking = [asyncio.create_task(ask(scenarios)) for _ in range(ASKING_MAX)]
    await asyncio.sleep(0)

    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    bench.let_go.set()

    assert await ask(scenarios)


async def test_who_is_refused_makes_room(counted: Ranking) -> None:
    scenarios = scenarios_of(counted, Bench())

    for _ in range(ASKING_MAX + 1):
        with pytest.raises(Forbidden):
            await ask(scenarios, AGENCY)
        with pytest.raises(Refused, match="rounds-too-many"):
            await ask(scenarios, wanted=WantedDrawing(rounds=10**6))


async def test_who_does_not_say_how_often_has_it_drawn_as_often_as_can_be_waited_for(
    counted: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small cycle has twelve kinds of answers."""
    monkeypatch.setattr(scenarios_module, "DRAWS_MAX", 12 * 150)
    scenarios = scenarios_of(counted, Bench())

    answer = await ask(scenarios, wanted=WantedDrawing(seed=1))

    assert isinstance(answer, dict)
    assert answer["rounds"] == 150
    with pytest.raises(Refused) as refused:
        await ask(scenarios, wanted=WantedDrawing(rounds=151))
    assert refused.value.details == {"rounds": "151", "maximum": "150"}


async def test_no_more_is_remembered_than_may_be(counted: Ranking) -> None:
    bench = Bench()
    scenarios = scenarios_of(counted, bench)

    for seed in (*range(REMEMBERED_MAX + 1), 0, REMEMBERED_MAX):
        await ask(scenarios, wanted=WantedDrawing(seed, rounds=100))

    assert bench.done == REMEMBERED_MAX + 2


async def test_a_publication_that_the_ledger_does_not_give_has_no_ranges(
    counted: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    await counted.approve()
    await counted.publish()
    monkeypatch.setattr("shared.count.replay.digest", lambda _: "0" * 64)
    scenarios = scenarios_of(counted, Bench())

    with pytest.raises(Unavailable, match="publication-not-reproduced"):
        await scenarios.rank_ranges(
            ACTORS["council"], CYCLE, None, Moment(revision=1), WantedDrawing()
        )


async def test_one_is_computed_after_the_other(counted: Ranking) -> None:
    bench = Bench()
    scenarios = scenarios_of(counted, bench)

    await asyncio.gather(
        *(ask(scenarios, wanted=WantedDrawing(seed, rounds=100)) for seed in range(3)),
        scenarios.what_if(ACTORS["council"], CYCLE, None, None, ()),
    )

    assert (bench.done, bench.lying_most) == (4, 1)


async def test_what_is_asked_is_answered_of_one_moment(counted: Ranking) -> None:
    """The ledger grows before anything of it is computed."""
    bench, shelf = Bench(), _shelf(counted)
    first, second, third = (Scenarios(shelf, Tools(bench, bootstrap.resample)) for _ in range(3))

    async def supposed(scenarios: Scenarios) -> object:
        return await scenarios.what_if(ACTORS["council"], CYCLE, None, None, ())

    before = [await ask(first), await supposed(first)]
    bench.let_go.clear()
    asking = asyncio.gather(ask(second), supposed(third))
    await asyncio.sleep(0)
    await change(counted)
    grown = await shelf.ledgers.now(CYCLE)
    bench.let_go.set()

    assert list(await asking) == before
    assert grown.replay.size == len(TOLD) + 1


async def test_whoever_computes_keeps_nobody_waiting(counted: Ranking) -> None:
    begun, over = threading.Event(), threading.Event()

    def resample(sample: Sample, drawing: Drawing) -> Rounds:
        begun.set()
        assert over.wait(PATIENCE_S)
        return bootstrap.resample(sample, drawing)

    bench = Threads("test-scenarios", 1)
    asking = asyncio.create_task(ask(Scenarios(_shelf(counted), Tools(bench, resample))))
    await asyncio.to_thread(begun.wait, PATIENCE_S)

    table = await counted.get(f"{AT}/table", "council")
    over.set()

    assert table.status_code == 200
    assert await asking
    await bench.close()


def _shelf(service: Ranking) -> Shelf:
    outside = service.outside
    projector = Projector(outside.store, outside.documents, VIEWS)
    return Shelf(Handler(outside.store), projector, outside.documents, Ledgers(outside.inbox))
