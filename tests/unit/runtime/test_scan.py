"""Scanning: whatever is wrong with one file, those behind it are scanned soon."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from hashlib import sha256 as sha256_of

import pytest

from shared.adapters.memory import MemoryClock, MemoryDocuments, MemoryFiles
from shared.adapters.memory.scanner import EICAR, FINDING
from shared.kernel.errors import Refused, Unavailable
from shared.kernel.view import Body
from shared.ports import Content, Document, Documents, Scan
from shared.runtime.scan import (
    PLACES_MAX,
    ROUND_AGAIN,
    ROUND_EVERY,
    SHOWN_MAX,
    SHOWN_S_MAX,
    Quarantine,
    Scanning,
)
from tests.support import quick_time
from tests.support.evidence import chunks

PLACES = "places"
KEPT = "kept"


class Office:
    """Files that wait at places, and what was said; `faults` are what scanning one raises.

    A scan `takes_s`.
    """

    def __init__(self, places: Mapping[str, Sequence[bytes]]) -> None:
        self.documents = MemoryDocuments()
        self.clock = MemoryClock()
        self.files = MemoryFiles()
        self.places = {place: [name(each) for each in files] for place, files in places.items()}
        self.contents = [each for files in places.values() for each in files]
        self.faults: dict[bytes, Exception] = {}
        self.takes_s = 0.0
        self.said: list[tuple[str, str | None]] = []
        self.position = 0

    async def begin(self) -> None:
        for content in self.contents:
            await self.files.put(chunks(content), sha256=name(content), bytes_max=len(content))
        for place, files in self.places.items():
            await self._show(place)
            kept = Document(place, 1, {"place": place, "kept": [*files]})
            await self.documents.put(KEPT, [kept])

    async def scan(self, content: Content) -> Scan:
        whole = b"".join([chunk async for chunk in content])
        await asyncio.sleep(self.takes_s)
        if whole in self.faults:
            raise self.faults[whole]
        return Scan("test", FINDING if EICAR in whole else None)

    async def fresh(self) -> Documents:
        return self.documents

    async def take(self, body: Body, sha256: str, said: Scan) -> None:
        place = body["place"]
        self.said.append((sha256, said.finding))
        self.places[place] = [each for each in self.places[place] if each != sha256]
        await self._show(place)

    def scanning(self) -> Scanning:
        quarantine = Quarantine(PLACES, KEPT, self.fresh, self.take)
        return Scanning(quarantine, self.files, self, self.clock)

    async def _show(self, place: str) -> None:
        self.position += 1
        left = self.places[place]
        body = {"place": place, "waiting": left} if left else None
        await self.documents.put(PLACES, [Document(place, self.position, body)])


def name(content: bytes) -> str:
    return sha256_of(content).hexdigest()


async def office(places: Mapping[str, Sequence[bytes]]) -> Office:
    made = Office(places)
    await made.begin()
    return made


async def until_none(turn: Callable[[], Awaitable[int]]) -> Sequence[int]:
    """What each turn came to, up to the first that did nothing."""
    turns = [await turn()]
    while turns[-1]:
        turns.append(await turn())
    return turns


async def test_all_that_waits_is_scanned_in_one_turn() -> None:
    here = await office({"a": [b"1", EICAR], "b": [b"2"]})

    turns = [await (scanning := here.scanning()).scan_waiting(), await scanning.scan_waiting()]

    assert turns == [3, 0]
    assert here.said == [(name(b"1"), None), (name(EICAR), FINDING), (name(b"2"), None)]


@pytest.mark.parametrize(
    "fault", [Refused("scanner-refused", reason="?"), Unavailable("file-spoilt", sha256="1")]
)
async def test_a_file_of_which_nothing_can_be_said_holds_up_none_in_its_turn(
    fault: Exception,
) -> None:
    here = await office({"a": [b"1", b"2"], "b": [b"3"]})
    here.faults[b"1"] = fault
    scanning = here.scanning()

    turns = [await scanning.scan_waiting() for _ in range(3)]

    assert turns == [2, 0, 0]
    here.faults.clear()
    assert await scanning.scan_waiting() == 1


async def test_a_file_that_is_lost_holds_up_none() -> None:
    here = await office({"a": [b"1", b"2"]})
    here.places["a"].insert(0, name(b"lost"))
    await here.begin()

    assert await here.scanning().scan_waiting() == 2


@pytest.mark.parametrize(
    "fault", [Unavailable("scanner-unavailable"), ValueError("a fault of ours")]
)
async def test_a_file_that_ends_every_turn_is_met_once_in_a_round(fault: Exception) -> None:
    here = await office({"a": [b"1", b"2", b"3"], "b": [b"4"]})
    here.faults[b"2"] = fault
    scanning = here.scanning()

    for _ in range(2):
        try:
            await scanning.scan_waiting()
        except type(fault):
            continue

    assert {each for each, _ in here.said} == {name(each) for each in (b"1", b"3", b"4")}


async def test_a_turn_shows_so_many_and_the_next_goes_on_behind_them() -> None:
    many = [b"%d" % number for number in range(2 * SHOWN_MAX + 1)]
    here = await office({"a": many[:3], "b": many[3:]})
    scanning = here.scanning()

    turns = await until_none(scanning.scan_waiting)

    assert turns == [SHOWN_MAX, SHOWN_MAX, 1, 0]
    assert [each for each, _ in here.said] == [name(each) for each in many]


@pytest.mark.parametrize(
    ("takes_s", "turns"), [(SHOWN_S_MAX / 4, [4, 4, 1, 0]), (2 * SHOWN_S_MAX, [1] * 9 + [0])]
)
def test_a_slow_scanner_has_as_many_in_a_turn_as_it_gets_done(
    takes_s: float, turns: list[int]
) -> None:
    async def main() -> tuple[Sequence[int], Sequence[int]]:
        here = await office({"a": [b"%d" % number for number in range(9)]})
        here.takes_s = takes_s
        scanning = here.scanning()
        return await until_none(scanning.scan_waiting), await until_none(scanning.rescan_some)

    assert quick_time.run(main()) == (turns, turns)


async def test_a_turn_goes_on_behind_the_places_of_the_one_before() -> None:
    many = {f"{place:04}": [b"%d" % place] for place in range(PLACES_MAX + 1)}
    here = await office(many)
    scanning = here.scanning()

    await until_none(scanning.scan_waiting)

    assert len(here.said) == len(many)


async def test_all_files_are_shown_again_in_each_round_whether_they_wait_or_not() -> None:
    here = await office({"a": [b"1", b"2"], "b": [b"%d" % n for n in range(3, SHOWN_MAX + 2)]})
    scanning = here.scanning()
    await until_none(scanning.scan_waiting)

    turns = [await scanning.rescan_some() for _ in range(3)]
    said = len(here.said)
    here.clock.advance(ROUND_EVERY)
    await scanning.rescan_some()

    assert turns == [SHOWN_MAX, 1, 0]
    assert said == 2 * len(here.contents)
    assert here.said[said][0] == name(b"1")


@pytest.mark.parametrize(
    "fault", [Unavailable("scanner-unavailable"), Unavailable("file-spoilt", sha256="1")]
)
async def test_a_file_that_cannot_be_shown_again_holds_up_none_in_its_round(
    fault: Exception,
) -> None:
    here = await office({"a": [b"1", b"2"], "b": [b"3"]})
    here.faults[b"1"] = fault
    scanning = here.scanning()

    for _ in range(2):
        try:
            await scanning.rescan_some()
        except Unavailable:
            continue

    assert [each for each, _ in here.said] == [name(b"2"), name(b"3")]


async def test_the_next_round_is_a_day_later_and_sooner_where_the_scanner_was_away() -> None:
    here = await office({"a": [b"1", b"2"]})
    scanning = here.scanning()
    here.faults[b"1"] = Unavailable("scanner-unavailable")
    with pytest.raises(Unavailable):
        await scanning.rescan_some()
    here.faults.clear()

    first = [await scanning.rescan_some() for _ in range(3)]
    here.clock.advance(ROUND_AGAIN)
    again = [await scanning.rescan_some() for _ in range(3)]
    here.clock.advance(ROUND_AGAIN)
    waits = await scanning.rescan_some()
    here.clock.advance(ROUND_EVERY)

    assert (first, again, waits) == ([1, 0, 0], [2, 0, 0], 0)
    assert await scanning.rescan_some() == 2
