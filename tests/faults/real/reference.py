"""What the story comes to: it is told once to the embedded system, to which nothing happens."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from shared.count.canonical import canonical, digest
from shared.count.replay import Replay
from tests.faults.judged.judge import findings
from tests.faults.kill.lives import Lives
from tests.faults.kill.remains import remains_of
from tests.faults.real import story
from tests.faults.real.play import callers_of, play

YEAR = 2021
SEED = 0


@dataclass(frozen=True, slots=True)
class Reference:
    """The facts of the embedded system, and how many requests they took."""

    facts: bytes
    written: int

    def digest(self, cycle: str) -> str:
        """The digest of the same table, under the name of another cycle."""
        replay = Replay(str(YEAR))
        for fact in self.facts.splitlines():
            replay.take(fact)
        return digest(canonical(cycle, replay.count().tables))


def told_embedded(folder: Path) -> Reference:
    """Tell the story to the embedded system, and check what it makes of it."""
    return asyncio.run(_told(folder))


async def _told(folder: Path) -> Reference:
    lives, cycle = Lives(folder / "data"), story.cycle(YEAR)
    try:
        await lives.start()
        async with callers_of(lives, SEED) as world:
            await play(world, cycle)
            remains = await remains_of(world, cycle)
    finally:
        await lives.clean_up()
    assert findings(world.diary, remains) == []
    reference = Reference(remains.told.facts, world.diary.written)
    assert reference.digest(cycle.code) == remains.told.digest == remains.verified["digest"]
    return reference
