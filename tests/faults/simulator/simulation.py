"""One seed from beginning to end: a world is played, brought to rest and judged."""

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256

from shared.kernel.errors import Problem
from tests.faults.simulator.faults import Kind
from tests.faults.simulator.people import People
from tests.faults.simulator.pieces import CORRECT, Pieces
from tests.faults.simulator.promises import PROMISES
from tests.faults.simulator.rebuilds import REBUILDS
from tests.faults.simulator.remains import Remains, remains_of
from tests.faults.simulator.world import NAMES, World

ROUNDS_MAX = 40
FLAWS_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a seed came to; `flaws` are promises that were broken, in words."""

    seed: int
    facts: int
    faults: Counter[Kind]
    flaws: tuple[str, ...]
    digest: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        told = "\n  ".join(self.flaws[:FLAWS_SHOWN_MAX])
        return (
            f"seed {self.seed} breaks {len(self.flaws)} promises:\n  {told}\n"
            f"replay it: python -m tests.faults.simulator --seed {self.seed} --trace"
        )


def simulate(seed: int, pieces: Pieces = CORRECT, *, tracing: bool = False) -> Outcome:
    """Play one seed; the same seed comes to the same outcome, to the byte."""
    world = World(seed, pieces, tracing=tracing)
    with _silence():
        try:
            world.prepare()
            remains, flaws = world.loop.run_until_complete(_run(world))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a flaw of this seed
            return Outcome(seed, 0, Counter(), (repr(error),), "", tuple(world.lines))
    digest = sha256(b"".join(record.body for record in remains.records)).hexdigest()
    happened, lines = world.faults.happened, tuple(world.lines)
    return Outcome(seed, len(remains.facts), happened, tuple(flaws), digest, lines)


async def _run(world: World) -> tuple[Remains, list[str]]:
    await People(world).play()
    await world.calm()
    flaws = [*world.surprises, *await _settle(world)]
    remains = await remains_of(world)
    for promise in PROMISES:
        flaws += promise(remains)
    for rebuild in REBUILDS:
        flaws += [flaw async for flaw in rebuild(remains)]
    return remains, flaws


async def _settle(world: World) -> list[str]:
    """Step by step, until nobody has anything left to do."""
    for _ in range(ROUNDS_MAX):
        done = 0
        for name in NAMES:
            for loop in world.running(name).loops:
                try:
                    done += await loop.step()
                except Problem as problem:
                    world.trace(loop.name, f"cannot go on: {problem.code}")
                    done += 1
        if not done:
            return []
    return ["it never comes to rest"]


@contextmanager
def _silence() -> Iterator[None]:
    """Nobody reads what a thousand dying processes write into their log files."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
