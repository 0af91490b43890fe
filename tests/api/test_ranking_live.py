"""Following a ledger over HTTP: every entry once, in order, with the root that it comes to."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from services.ranking.application import exported
from services.ranking.application import following as application
from shared.adapters.web.events import DEFAULT_PATIENCE, RETRY_MS
from shared.adapters.web.rooms import TRANSFER_S_MAX
from shared.events import codec
from shared.ledger import line
from shared.ledger.merkle import Tree
from tests.support.followed import Event, Served, following, served, until
from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

LIVE = f"/cycles/{CYCLE}/facts/live"
TOLD = whole_cycle()
HALF = len(TOLD) // 2
AUDITOR = {"Authorization": "Bearer auditor"}


class Office:
    """A ranking service that is served, and has heard the first half of what is told."""

    def __init__(self, service: Ranking, served: Served) -> None:
        self.service = service
        self.served = served

    @asynccontextmanager
    async def following(self, query: str = "", **headers: str) -> AsyncIterator["Reader"]:
        """An auditor who follows."""
        async with following(self.served, LIVE + query, **AUDITOR, **headers) as events:
            yield Reader(events)


class Reader:
    """Whoever follows, and keeps what it hears."""

    def __init__(self, events: AsyncIterator[Event]) -> None:
        self._events = events
        self.heard: list[Event] = []

    async def hear(self) -> Event:
        """The next event that is not about the line itself."""
        while True:
            event = await anext(self._events)
            if event.name:
                self.heard.append(event)
                return event

    async def hear_all(self, size: int) -> Event:
        """Everything up to the head of a ledger that has so many entries."""
        while (event := await self.hear()).name != "head" or json.loads(event.data)["size"] < size:
            pass
        return event

    async def hear_silence(self) -> Event:
        """The next of all events."""
        return await anext(self._events)

    @property
    def numbers(self) -> Sequence[int]:
        return [event.number for event in self.heard if event.number is not None]

    @property
    def entries(self) -> Sequence[bytes]:
        return [line.from_line(event.data) for event in self.heard if event.number is not None]


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with ranking() as service, served(service.app) as serving:
        await service.hear(TOLD[:HALF])
        yield Office(service, serving)


async def test_who_follows_hears_every_entry_and_the_root_that_they_come_to(
    office: Office,
) -> None:
    async with office.following() as reader:
        head = await reader.hear_all(HALF)

    assert reader.numbers == list(range(1, HALF + 1))
    assert [event.data for event in reader.heard[:-1]] == [stored.body for stored in TOLD[:HALF]]
    assert {event.name for event in reader.heard[:-1]} == {"fact"}
    assert json.loads(head.data) == {"size": HALF, "root": Tree(reader.entries).root().hex()}


async def test_who_follows_hears_what_comes_page_by_page(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exported, "PAGE_FACTS", 3)

    async with office.following("?after=1") as reader:
        for size in (HALF, len(TOLD) - 2, len(TOLD)):
            await office.service.hear(TOLD[HALF:size])
            head = await reader.hear_all(size)

    assert reader.numbers == list(range(2, len(TOLD) + 1))
    assert reader.entries == [stored.body for stored in TOLD[1:]]
    assert json.loads(head.data)["root"] == Tree(stored.body for stored in TOLD).root().hex()


@pytest.mark.parametrize("cut", [1, HALF - 1])
async def test_after_a_cut_nothing_is_missing_and_nothing_comes_twice(
    office: Office, cut: int
) -> None:
    async with office.following() as before:
        for _ in range(cut):
            await before.hear()
    await office.service.hear(TOLD[HALF:])

    async with office.following(Last_Event_ID=str(before.numbers[-1])) as after:
        head = await after.hear_all(len(TOLD))

    entries = [*before.entries, *after.entries]
    assert [*before.numbers, *after.numbers] == list(range(1, len(TOLD) + 1))
    assert json.loads(head.data)["root"] == Tree(entries).root().hex()


async def test_where_a_reader_was_comes_before_where_it_once_began(office: Office) -> None:
    async with office.following("?after=1", Last_Event_ID="3") as reader:
        assert (await reader.hear()).number == 4


async def test_an_entry_that_is_no_line_has_its_number_like_any_other(office: Office) -> None:
    fact = TOLD[HALF]
    spread = json.dumps(json.loads(fact.body), indent=1).encode()
    assert codec.head(spread).id == fact.id

    await office.service.tell(spread)
    await office.service.hear(TOLD[HALF + 1 :])
    async with office.following() as reader:
        head = await reader.hear_all(len(TOLD))
    lines = (await office.service.get(f"/cycles/{CYCLE}/facts", "auditor")).content

    assert reader.numbers == list(range(1, len(TOLD) + 1))
    assert (reader.heard[HALF].name, reader.entries[HALF]) == ("entry", spread)
    assert json.loads(head.data)["root"] == Tree(reader.entries).root().hex()
    assert lines.splitlines() == [event.data for event in reader.heard[:-1]]


async def test_of_other_cycles_nothing_is_heard(office: Office) -> None:
    async with office.following(f"?after={HALF}") as reader:
        await reader.hear_all(HALF)
        other = TOLD[0].body.replace(b"cycle/2021@1", b"cycle/2022@1")
        await office.service.tell(other)
        await office.service.hear(TOLD[HALF : HALF + 1])

        assert (await reader.hear()).number == HALF + 1


async def test_silence_is_told_too_and_how_soon_to_come_back(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "SILENCE_S_MAX", 0.1)

    async with office.following(f"?after={HALF}") as reader:
        first = await reader.hear_silence()
        head = await reader.hear_silence()
        silence = [await reader.hear_silence() for _ in range(2)]

    assert (first.retry_ms, head.name) == (RETRY_MS, "head")
    assert silence == [Event(), Event()]


async def test_there_is_room_for_so_many_and_for_others_once_they_have_left(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application, "FOLLOWERS_MAX", 1)
    before = asyncio.all_tasks()

    async with office.following() as reader:
        await reader.hear()
        refused = await office.service.get(LIVE, "auditor")
    await until(lambda: not _left_behind(before))
    async with office.following() as reader:
        await reader.hear()

    assert (refused.status_code, refused.json()["code"]) == (503, "too-many-followers")
    assert int(refused.headers["retry-after"]) > 0


def _left_behind(before: set[asyncio.Task[object]]) -> set[asyncio.Task[object]]:
    return {task for task in asyncio.all_tasks() - before if not task.done()}


async def test_a_number_that_is_not_there_yet_is_refused() -> None:
    async with ranking() as service:
        await service.hear(TOLD[:HALF])
        refused = await service.get(LIVE, "auditor", after=HALF + 1)

    assert (refused.status_code, refused.json()["code"]) == (404, "number-unknown")
    assert refused.json()["details"] == {"number": str(HALF + 1), "size": str(HALF)}


async def test_what_is_no_number_is_refused() -> None:
    async with ranking() as service:
        for number in ("-1", "x", "1.5", str(2**53 + 1)):
            headers = AUDITOR | {"Last-Event-ID": number}
            refused = await service.client.get(LIVE, headers=headers)

            assert (refused.status_code, refused.json()["code"]) == (422, "request-invalid")


def test_an_answer_ends_by_itself_before_it_is_ended() -> None:
    assert DEFAULT_PATIENCE.lasts_s_max + DEFAULT_PATIENCE.taking_s_max < TRANSFER_S_MAX
