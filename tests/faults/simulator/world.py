"""One world: what survives, the processes that live over it, and what their callers were told.

A service is started again some time after its process died, and sometimes before: then two of
them are at work on the same stores for a while.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from random import Random  # noqa: TID251 - seeded: the same seed gives the same run
from typing import Any

from shared.adapters.alone import Alone, Polling
from shared.adapters.blind_signature import RsaBallotKeys
from shared.adapters.memory import (
    MemoryClock,
    MemoryDirectory,
    MemoryDrafts,
    MemoryFiles,
    MemoryKeys,
    MemoryScanner,
    MemoryUploads,
    SeededChance,
)
from shared.kernel.errors import Conflict, Problem, Unavailable
from shared.ports import Documents, EventStore
from shared.runtime.loop import Loop
from shared.runtime.service import Outside
from tests.faults.simulator import services
from tests.faults.simulator.cycle import SCORING_AT, bring
from tests.faults.simulator.faults import Faults
from tests.faults.simulator.life import Life
from tests.faults.simulator.loop import SeededLoop
from tests.faults.simulator.pieces import Pieces
from tests.faults.simulator.ports import FaultyDocuments, FaultyStore, FaultyUrn, News
from tests.faults.simulator.release import Release
from tests.faults.simulator.seals import OpenSeals
from tests.faults.simulator.topic import Tap, Topic
from tests.support.outside import NOTARY

NAMES = ("submission", "appraisal", "survey", "ranking")
RESTART_S_MAX = 0.3
ZOMBIE_S_MAX = 0.4
PAUSE_S_MAX = 0.3
LIVES_AT_ONCE_MAX = 3
LOOK_S = 1.0
UPGRADE_S_MIN, UPGRADE_S_MAX = 0.5, 4.0
"""When the new version comes; each process of the old one is upgraded a while later."""
NEVER = News()
"""What waits for the time, or for an urn, hears of nothing and has to look."""

START: dict[str, Callable[[Outside, Pieces], services.Running]] = {
    "submission": services.submission,
    "appraisal": services.appraisal,
    "survey": services.survey,
    "ranking": services.ranking,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a service keeps when its process dies."""

    store: EventStore
    inbox: EventStore
    documents: Documents
    store_news: News = field(default_factory=News)
    inbox_news: News = field(default_factory=News)


@dataclass(slots=True)
class Told:
    """What the callers were told: facts by the key of their request, and answers given."""

    facts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    answers: Counter[tuple[str, ...]] = field(default_factory=Counter)


class World:
    """Everything that one seed comes to."""

    def __init__(self, seed: int, pieces: Pieces, *, tracing: bool = False) -> None:
        self.seed = seed
        self.pieces = pieces
        self.chance = Random(seed)
        self.loop = SeededLoop(  # type: ignore[abstract]  # it has what is used, and no sockets
            Random(self.chance.random())
        )
        self.faults = Faults(Random(self.chance.random()))
        self.clock = MemoryClock(SCORING_AT)
        self.topic = Topic(SCORING_AT)
        self.urn = pieces.urn(SeededChance(seed))
        self.drafts = MemoryDrafts()
        self.kept = {
            name: Kept(pieces.store(), pieces.store(), pieces.documents()) for name in NAMES
        }
        self.told = Told()
        self.lines: list[str] = []
        self.surprises: list[str] = []
        self._tracing = tracing
        self._files, self._uploads = MemoryFiles(), MemoryUploads()
        self._lives: dict[str, list[tuple[Life, services.Running]]] = {name: [] for name in NAMES}
        self._tasks: list[asyncio.Task[object]] = []
        self._detached: list[asyncio.Task[object]] = []
        self._releases: list[Release] = []
        self._upgraded = False
        self._births = 0
        self._calm = False

    # --- Processes

    def start(self, name: str) -> None:
        """A process of the service begins."""
        self._births += 1
        life = Life(f"{name}#{self._births}", self.faults, self)
        release = Release(self.seed, life, upgraded=self._upgraded)
        self._releases.append(release)
        running = START[name](self._outside(name, life), release.pieces(self.pieces))
        self._lives[name].append((life, running))
        self.trace(life.name, "starts")
        for loop in running.loops:
            self.spawn(self._keep_running(loop, self._news_of(loop)))

    def bury(self, life: Life) -> None:
        """Start another after a while, unless another is at work already."""
        name = life.name.partition("#")[0]
        self._lives[name] = [entry for entry in self._lives[name] if entry[0] is not life]
        if not self._lives[name]:
            pause_s = self.chance.random() * RESTART_S_MAX
            self.loop.call_later(pause_s, self._start_if_none, name)

    def replace(self, life: Life) -> None:
        """Start another at once; the old one goes on until somebody notices."""
        name = life.name.partition("#")[0]
        if len(self._lives[name]) < LIVES_AT_ONCE_MAX:
            self.start(name)
            self.loop.call_later(self.chance.random() * ZOMBIE_S_MAX, self._notice, life)

    def _notice(self, life: Life) -> None:
        if not self._calm:
            life.die()

    def running(self, name: str) -> Any:  # noqa: ANN401 - the caller knows whom it asks for
        """One of the processes of a service; `Unavailable` while it has none."""
        lives = self._lives[name]
        if not lives:
            raise Unavailable("simulated-restart", service=name)
        return lives[int(self.chance.random() * len(lives))][1]

    def _start_if_none(self, name: str) -> None:
        if not self._lives[name]:
            self.start(name)

    def _outside(self, name: str, life: Life) -> Outside:
        kept = self.kept[name]
        return Outside(
            store=FaultyStore(kept.store, kept.store_news, life),
            inbox=FaultyStore(kept.inbox, kept.inbox_news, life),
            topic=Tap(self.topic, life),
            documents=FaultyDocuments(kept.documents, life),
            files=self._files,
            uploads=self._uploads,
            seals=OpenSeals(),
            directory=MemoryDirectory(),
            urn=FaultyUrn(self.urn, life),
            drafts=self.drafts,
            ballots=RsaBallotKeys(MemoryKeys()),
            clock=self.clock,
            chance=SeededChance(self.seed),
            leases=Alone(),
            news=Polling(),
            notary=NOTARY,
            mode="trial",
            scanner=MemoryScanner(),
        )

    async def _keep_running(self, loop: Loop, news: News) -> None:
        """As shared/runtime/loop.py, but that it looks seldom where nothing new can be."""
        while True:
            heard = news.heard
            try:
                done = await loop.step()
            except (Unavailable, Conflict):
                await asyncio.sleep(self.chance.random() * PAUSE_S_MAX)
                continue
            except Exception as error:  # noqa: BLE001 - nobody has foreseen it, so it is told
                self.surprises.append(f"{loop.name}: {error!r}")
                await asyncio.sleep(PAUSE_S_MAX)
                continue
            looks_at_s = self.loop.time() + LOOK_S
            while not done:
                await asyncio.sleep(loop.idle_s)
                is_time = self.loop.time() >= looks_at_s
                done = is_time or news.heard != heard or news is NEVER

    def _news_of(self, loop: Loop) -> News:
        """Where what a loop waits for comes from; what waits for the time looks again each time."""
        name, _, what = loop.name.partition(".")
        match what:
            case "relay" | "project":
                return self.kept[name].store_news
            case "react":
                return self.kept[name].inbox_news
            case "receive" | "number":
                return self.topic.news
            case _:
                return NEVER

    def _upgrade(self) -> None:
        """The new version has come: whoever is started runs it, and the others will in a while."""
        self._upgraded = True
        self.trace("everybody", "is upgraded")
        for release in self._releases:
            self.loop.call_later(self.chance.random() * ZOMBIE_S_MAX, release.upgrade)

    # --- Tasks

    def spawn(self, work: Coroutine[Any, Any, object]) -> "asyncio.Task[object]":
        """Let something run until the world ends."""
        task = self.loop.create_task(work)
        self._tasks.append(task)
        return task

    def detach(self, work: Awaitable[object]) -> None:
        """Let something happen that nobody waits for any more."""

        async def alone() -> None:
            try:
                await work
            except Problem as problem:
                self.trace("late", f"came to nothing: {problem.code}")

        self._detached.append(self.loop.create_task(alone()))

    def trace(self, who: str, what: str) -> None:
        """Write down what happened, if anybody wants to read it."""
        if self._tracing:
            self.lines.append(f"{self.loop.steps:7} {who:16} {what}")

    # --- The end

    async def calm(self) -> None:
        """No more faults: what is under way arrives, and one process of each service is left.

        Some worlds go on with the processes that they have, others start all of them again.
        """
        self._calm = True
        self.faults.stop()
        await asyncio.gather(*self._detached)
        for lives in self._lives.values():
            for life, _ in list(lives) if self.faults.flip() else lives[:-1]:
                life.alive = False
            lives[:] = [entry for entry in lives if entry[0].alive]
        await self.stop()
        for release in self._releases:
            release.upgrade()
        self._upgraded = True
        for name in NAMES:
            self._start_if_none(name)
        await self.stop()

    async def stop(self) -> None:
        """Stop everything that runs by itself."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()

    def prepare(self) -> None:
        """The file that all evidence is made of, and the first processes."""
        self.loop.run_until_complete(bring(self._uploads))
        upgrade_s = UPGRADE_S_MIN + self.chance.random() * (UPGRADE_S_MAX - UPGRADE_S_MIN)
        self.loop.call_later(upgrade_s, self._upgrade)
        for name in NAMES:
            self.start(name)
