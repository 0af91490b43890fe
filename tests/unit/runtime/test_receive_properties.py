"""Hearing the topic, whatever it does: an inbox holds the streams as they were told, whole."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.ports import Delivery
from shared.runtime.parked import Parked, ParkedStream
from shared.runtime.receive import Inbox
from tests.support.failing import FailingEventStore, Fate, everything

AT = datetime(2021, 10, 15, tzinfo=UTC)
FIRST, SECOND, THIRD = "cycle/2021", "submission/2021/a", "submission/2021/b"
STREAMS = (FIRST, SECOND, THIRD)
VERSIONS_MAX = 5
STEPS_MAX = 100

Place = tuple[str, int]

PLACES = [(stream, version) for stream in STREAMS for version in range(1, VERSIONS_MAX + 1)]
VARIANTS = st.sampled_from(("", "", "", "altered"))
FATES: st.SearchStrategy[Fate] = st.sampled_from(
    ("works", "works", "fails", "works, and the answer is lost")
)


def body(place: Place, variant: str) -> bytes:
    stream, version = place
    return f'{{"id":"{stream}@{version}","type":"a.Fact.v1","x":"{variant}"}}'.encode()


@st.composite
def arrivals(draw: st.DrawFn, places: Sequence[Place]) -> list[tuple[Place, bytes]]:
    """Those places in any order, some of them several times, some of these with other bytes."""
    again = draw(st.lists(st.sampled_from(places), max_size=10)) if places else []
    order = draw(st.permutations([*places, *again]))
    return [(place, body(place, draw(VARIANTS))) for place in order]


@st.composite
def disturbed(draw: st.DrawFn) -> tuple[list[tuple[Place, bytes]], list[tuple[Place, bytes]]]:
    """What came while some facts were missing, and what came later with the missing ones."""
    missing = draw(st.sets(st.sampled_from(PLACES)))
    before = [place for place in PLACES if place not in missing]
    return draw(arrivals(before)), draw(arrivals(sorted(missing)))


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[int, bool, Fate]]:
    """How the topic is read: so many at once, by a new process or not, with that outcome."""
    batch = st.tuples(st.integers(1, 12), st.booleans(), FATES)
    return draw(st.lists(batch, max_size=12))


class Reading:
    """A topic, and a service that reads it in batches, fails, and begins again."""

    def __init__(self, batches: Sequence[tuple[int, bool, Fate]]) -> None:
        self.store = FailingEventStore()
        self.inbox = self._begin()
        self._topic: list[Delivery] = []
        self._batches = list(batches)

    def _begin(self) -> Inbox:
        return Inbox(self.store, STREAMS.__contains__)

    async def read(self, told: Sequence[tuple[Place, bytes]]) -> None:
        """Read all of it that is new."""
        for _, each in told:
            self._topic.append(Delivery(0, len(self._topic) + 1, AT, "2021", each))
        steps = 0
        while (position := await self.store.tracked("topic/0")) < len(self._topic):
            steps += 1
            assert steps <= STEPS_MAX, "it stands still"
            count, restart, fate = self._batches.pop() if self._batches else (100, False, "works")
            self.inbox = self._begin() if restart else self.inbox
            self.store.fates = [fate]
            with suppress(Unavailable):
                await self.inbox.receive(self._topic[position : position + count])


def first_told(told: Sequence[tuple[Place, bytes]]) -> dict[Place, bytes]:
    return dict(reversed(told))


def whole(known: dict[Place, bytes]) -> dict[str, list[Stored]]:
    """Each stream up to its first gap."""
    streams: dict[str, list[Stored]] = {}
    for stream in STREAMS:
        facts = streams.setdefault(stream, [])
        while (stream, len(facts) + 1) in known:
            version = len(facts) + 1
            facts.append(Stored(stream, version, "a.Fact.v1", known[stream, version]))
    return streams


async def parked(store: FailingEventStore) -> Sequence[ParkedStream]:
    return (await Parked(store, store).waiting()).parked


async def kept(store: FailingEventStore) -> dict[str, list[Stored]]:
    """Each stream in the order in which it was recorded."""
    log = await everything(store)
    return {stream: [fact for fact in log if fact.stream == stream] for stream in STREAMS}


@given(disturbed(), batches())
async def test_once_all_has_come_the_inbox_holds_every_stream_whole_and_in_order(
    told: tuple[list[tuple[Place, bytes]], list[tuple[Place, bytes]]],
    batches: list[tuple[int, bool, Fate]],
) -> None:
    before, later = told
    reading = Reading(batches)

    await reading.read(before)
    await reading.read(later)

    assert await kept(reading.store) == whole(first_told([*before, *later]))
    assert await parked(reading.store) == ()


@given(disturbed(), batches())
async def test_while_facts_are_missing_each_stream_ends_before_its_first_gap(
    told: tuple[list[tuple[Place, bytes]], list[tuple[Place, bytes]]],
    batches: list[tuple[int, bool, Fate]],
) -> None:
    before, _ = told
    reading = Reading(batches)

    await reading.read(before)

    assert await kept(reading.store) == whole(first_told(before))


@given(disturbed(), batches())
async def test_each_stream_behind_a_gap_is_listed_with_what_it_waits_for(
    told: tuple[list[tuple[Place, bytes]], list[tuple[Place, bytes]]],
    batches: list[tuple[int, bool, Fate]],
) -> None:
    before, _ = told
    known = first_told(before)
    reading = Reading(batches)

    await reading.read(before)

    expected = []
    for stream, facts in whole(known).items():
        waiting = [version for each, version in known if each == stream and version > len(facts)]
        if waiting:
            missing, count = f"{stream}@{len(facts) + 1}", len(waiting)
            expected.append(ParkedStream(stream, missing, count, min(waiting), max(waiting)))
    assert await parked(reading.store) == tuple(expected)
