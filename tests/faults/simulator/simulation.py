"""One seed from beginning to end: a world is played, brought to rest and judged."""

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from shared.kernel import scheme_reader
from shared.kernel.scheme import Scheme
from tests.faults.simulator import cycle as the
from tests.faults.simulator.faults import Kind
from tests.faults.simulator.people import People
from tests.faults.simulator.pieces import CORRECT, RETRY_S, Pieces
from tests.faults.simulator.promises import PROMISES
from tests.faults.simulator.rebuilds import REBUILDS
from tests.faults.simulator.remains import Remains, remains_of
from tests.faults.simulator.world import NAMES, World

ROUNDS_MAX = 40
FLAWS_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a seed came to; `flaws` are promises that were broken, in words.

    `lost` and `doubled` are facts in ranking's ledgers, held against what the services recorded.
    """

    seed: int
    facts: int
    acknowledged: int
    lost: int
    doubled: int
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
    with _silence(), _schemes_read_once():
        world.prepare()
        remains, flaws = world.loop.run_until_complete(_run(world))
    said = Counter(fact.body for fact in remains.facts)
    numbered = Counter([*remains.ledger(the.CYCLE), *remains.ledger(the.OTHER_CYCLE)])
    return Outcome(
        seed=seed,
        facts=len(remains.facts),
        acknowledged=sum(map(len, world.told.facts.values())),
        lost=(said - numbered).total(),
        doubled=(numbered - said).total(),
        faults=world.faults.happened,
        flaws=tuple(flaws),
        digest=sha256(b"".join(record.body for record in remains.records)).hexdigest(),
        lines=tuple(world.lines),
    )


async def _run(world: World) -> tuple[Remains, list[str]]:
    flaws: list[str] = []
    try:
        await People(world).play()
    except* Exception as errors:  # noqa: BLE001 - whatever it is, it is a flaw of this seed
        flaws += [repr(error) for error in errors.exceptions]
    await world.calm()
    flaws += [*world.surprises, *await _settle(world)]
    remains = await remains_of(world)
    try:
        for promise in PROMISES:
            flaws += promise(remains)
        for rebuild in REBUILDS:
            flaws += [flaw async for flaw in rebuild(remains)]
    except Exception as error:  # noqa: BLE001 - remains that cannot be read are a flaw as well
        flaws.append(f"what remains cannot be judged: {error!r}")
    return remains, flaws


async def _settle(world: World) -> list[str]:
    """Step by step, until nobody has anything left to do."""
    for _ in range(ROUNDS_MAX):
        await asyncio.sleep(RETRY_S)  # What stands still is tried again.
        done = 0
        for name in NAMES:
            for loop in world.running(name).loops:
                try:
                    done += await loop.step()
                except Exception as error:  # noqa: BLE001 - who cannot go on never comes to rest
                    world.trace(loop.name, f"cannot go on: {error!r}")
                    done += 1
        if not done:
            return []
    return ["it never comes to rest"]


@contextmanager
def _schemes_read_once() -> Iterator[None]:
    """Each process reads the schemes anew; reading is pure, and would take the time of the rest."""
    read, known = scheme_reader.read, dict[str, Scheme]()

    def read_once(document: Mapping[str, Any]) -> Scheme:
        key = repr(document)
        if key not in known:
            known[key] = read(document)
        return known[key]

    scheme_reader.read = read_once
    try:
        yield
    finally:
        scheme_reader.read = read


@contextmanager
def _silence() -> Iterator[None]:
    """Nobody reads what a thousand dying processes write into their log files."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
