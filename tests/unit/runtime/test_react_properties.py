"""Reacting around poison facts, whatever fails and whoever reacts: in order, and once."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run

from hypothesis import given
from hypothesis import strategies as st

from shared.events.codec import Stored
from shared.kernel.errors import Unavailable
from shared.runtime.parked import Parked
from tests.support.claims import stored
from tests.support.echo_service import EchoService, said
from tests.support.failing import FailingEventStore, Fate
from tests.support.outdated import Outdated
from tests.support.woven import woven

STREAMS = ("cycle/2021", "submission/2021/a", "submission/2021/b")
VERSIONS_MAX = 5
WORKERS = 3
ROUNDS = 8
STEPS_MAX = 100
PAUSE_S_MAX = 0.02
RETRY_S = (0.01, 10)
"""Stopped streams are tried again often, or at the start of a process alone."""

IDS = [f"{stream}@{version}" for stream in STREAMS for version in range(1, VERSIONS_MAX + 1)]
POINTS = st.sampled_from(("1", "2", "3", "", "-1"))
"""Most facts lead to a command; some to none, and some to one that is refused."""

Heard = Sequence[tuple[str, int, str]]

FATES: st.SearchStrategy[list[Fate]] = st.lists(
    st.sampled_from(("works", "works", "works", "fails", "works, and the answer is lost")),
    max_size=20,
)


@st.composite
def everything_heard(draw: st.DrawFn) -> Heard:
    """The facts of all streams, each with its points, in an order that keeps that of each."""
    order = draw(st.permutations([stream for stream in STREAMS for _ in range(VERSIONS_MAX)]))
    return [
        (stream, order[: place + 1].count(stream), draw(POINTS))
        for place, stream in enumerate(order)
    ]


@dataclass(slots=True)
class Story:
    """What is heard, and what an old version of the service cannot read of it, or fails at."""

    heard: Heard
    unreadable: set[str]
    failing: set[str]
    retry_s: float
    inbox: FailingEventStore = field(default_factory=FailingEventStore)
    store: FailingEventStore = field(default_factory=FailingEventStore)

    def old(self) -> EchoService:
        """A process of the old version."""
        inbox = Outdated(self.inbox, self.unreadable)
        return EchoService(
            inbox, self.store, dict.fromkeys(self.failing, KeyError()), retry_s=self.retry_s
        )

    def new(self) -> EchoService:
        """A process of the new version."""
        return EchoService(self.inbox, self.store, {}, retry_s=self.retry_s)

    async def hear(self) -> None:
        """All of it comes into the inbox, the half of it a little later."""
        half = len(self.heard) // 2
        for part in (self.heard[:half], self.heard[half:]):
            facts = [stored(version, points, stream) for stream, version, points in part]
            await asyncio.sleep(PAUSE_S_MAX)
            await _until_it_works(self.inbox, facts)

    async def work(self, chance: Random, *, upgraded: bool) -> None:
        """Processes follow one another, of the new version from some round on, or never."""
        service, upgrade = self.old(), chance.randrange(ROUNDS) if upgraded else ROUNDS
        for place in range(ROUNDS):
            if place == upgrade or chance.random() * 4 < 1:
                service = self.new() if place >= upgrade else self.old()
            with suppress(Unavailable):
                await service.reactor.step()
            await asyncio.sleep(chance.random() * PAUSE_S_MAX)

    async def play(
        self, seed: int, fates: tuple[list[Fate], list[Fate]], *, upgraded: bool
    ) -> None:
        """Several workers at once, while facts come and stores fail; then all that is left."""
        self.inbox.fates, self.store.fates = fates
        chance = Random(seed)
        workers = [self.work(chance, upgraded=upgraded) for _ in range(WORKERS)]
        await asyncio.gather(self.hear(), *workers)
        last = self.new() if upgraded else self.old()
        for _ in range(STEPS_MAX):
            try:
                if not await last.reactor.step():
                    return
            except Unavailable:
                pass
        raise AssertionError("it stands still")

    def effects(self, stream: str, *, before: set[str]) -> list[str]:
        """What a stream comes to before the first of some facts: once, and in order."""
        effects = []
        for each, version, points in self.heard:
            fact = f"{each}@{version}"
            if each == stream and fact in before:
                break
            if each == stream and points not in {"", "-1"}:
                effects.append(fact)
        return effects


async def _until_it_works(inbox: FailingEventStore, facts: Sequence[Stored]) -> None:
    while True:
        try:
            await inbox.append(facts)
        except Unavailable:
            if await inbox.last(facts[-1].stream) == facts[-1]:
                return
        else:
            return


POISON = st.sets(st.sampled_from(IDS), max_size=4)
RETRIES = st.sampled_from(RETRY_S)
SEEDS = st.integers(0, 2**32)

STORIES = st.builds(Story, everything_heard(), POISON, POISON, RETRIES)


@given(STORIES, st.tuples(FATES, FATES), SEEDS)
def test_once_it_is_upgraded_each_fact_has_had_its_effect_once_and_in_order(
    story: Story, fates: tuple[list[Fate], list[Fate]], seed: int
) -> None:
    woven(seed, story.play(seed, fates, upgraded=True))

    for stream in STREAMS:
        assert woven(seed, said(story.store, stream)) == story.effects(stream, before=set())
    assert woven(seed, Parked(story.inbox, story.store).waiting()).stopped == ()


@given(STORIES, st.tuples(FATES, FATES), SEEDS)
def test_until_then_each_stream_stands_before_its_first_poison_fact_and_is_listed(
    story: Story, fates: tuple[list[Fate], list[Fate]], seed: int
) -> None:
    woven(seed, story.play(seed, fates, upgraded=False))

    commanded = {f"{stream}@{version}" for stream, version, points in story.heard if points}
    poison = story.unreadable | (story.failing & commanded)
    for stream in STREAMS:
        assert woven(seed, said(story.store, stream)) == story.effects(stream, before=poison)
    stopped = woven(seed, Parked(story.inbox, story.store).waiting()).stopped
    first = [min(found) for s in STREAMS if (found := [p for p in poison if p.startswith(s + "@")])]
    assert [stop.fact for stop in stopped] == first
