"""What is left of a cycle on real servers, read while the system runs on."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from shared.adapters.clock import SystemClock
from shared.adapters.deployed import settings
from shared.adapters.deployed.application import notary_of
from shared.adapters.deployed.outside import open_outside
from shared.kernel.errors import Missing
from shared.ports import Content
from shared.runtime.service import Outside
from tests.faults.judged.client import Client, System, World
from tests.faults.judged.cycle import Cycle
from tests.faults.judged.remains import (
    CRASH,
    VIEWS,
    Kept,
    Remains,
    is_counted,
    is_heard,
    kept_by,
    told_by,
    verified,
)

QUIET_S_MAX = 120
"""How long it may take until everything is told, heard, counted and shown, after the last fault."""

LOOK_EVERY_S = 0.3
FETCH_S_MAX = 30

ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d )", re.MULTILINE)
"""Where an entry of a log begins; the lines of a traceback belong to the one above."""
ENTRY_CHARACTERS_MAX = 4_000
ALARMS = (
    "it is tried again in",  # A step met what it does not know: a server that is away it does know.
    "told again with other bytes",
    "was lost by its store",
    "names no place",
    "cannot be read",
    "cannot show",
    "failed unexpectedly",
    "Exception in ASGI application",
    "was never retrieved",
)


class Standing(System, Protocol):
    """A system on servers, into which one can look."""

    def settings(self, service: str) -> Mapping[str, str]:
        """What the processes of a service are told."""

    def said(self, marks: Any) -> str:  # noqa: ANN401 - by whatever one tells it apart
        """What its processes have logged, behind the marks or in some other part."""


async def remains_of(
    world: World[Any],
    cycle: Cycle,
    folder: Path,
    marks: object,
    quiet_s_max: float = QUIET_S_MAX,
) -> Remains:
    """Wait until everything is told, heard, counted and shown, and look into the servers.

    The world is that of a `Standing` system; of its logs, what was said behind the marks.
    """
    deployed: Standing = world.system
    async with _worlds(deployed) as worlds:
        kept = await _quiet(world, cycle, worlds, quiet_s_max)
        told = await told_by(world, cycle)
        return Remains(
            told=told,
            kept=kept,
            topic=await topic_of(deployed, cycle),
            files=await _files(worlds["submission"], cycle, world.diary.files),
            verified=await asyncio.to_thread(verified, told.facts, folder / cycle.code),
            log=alarms(deployed.said(marks)),
        )


def alarms(said: str) -> str:
    """A line for each entry that tells of what nobody expects, whatever server is away.

    The driver of Kafka calls it an error when a broker is away, and says so a hundred times. A
    process that dies of an error has no entry for that: its traceback follows what it said last.
    """
    lines = (entry.strip().replace("\n", " | ") for entry in ENTRY.split(said))
    found = (line for line in lines if CRASH in line or _is_alarm(line))
    return "".join(f"{line[:ENTRY_CHARACTERS_MAX]}\n" for line in found)


def _is_alarm(line: str) -> bool:
    return " ERROR " in line and any(alarm in line for alarm in ALARMS)


async def topic_of(deployed: Standing, cycle: Cycle) -> Sequence[bytes]:
    """Every record of a cycle in the topic, from its beginning to its end, by the driver itself."""
    told = settings.read("ranking", deployed.settings("ranking"))
    topic = told.kafka_topic
    consumer = AIOKafkaConsumer(bootstrap_servers=told.kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        partitions = [TopicPartition(topic, each) for each in range(told.kafka_partitions)]
        consumer.assign(partitions)
        await consumer.seek_to_beginning(*partitions)
        ends = await consumer.end_offsets(partitions)
        bodies: list[bytes] = []
        async with asyncio.timeout(FETCH_S_MAX):
            while any([await consumer.position(each) < end for each, end in ends.items()]):
                fetched = await consumer.getmany(timeout_ms=500)
                bodies += [
                    record.value
                    for each in partitions
                    for record in fetched.get(each, ())
                    if record.key == cycle.code.encode()
                ]
        return bodies
    finally:
        await consumer.stop()


async def _quiet(
    world: World[Any], cycle: Cycle, worlds: Mapping[str, Outside], quiet_s_max: float
) -> Mapping[str, Kept]:
    """What is kept once nothing is left to do, or as it is when the time is up."""
    auditor = Client(world, "watchman", "auditor")
    clock = asyncio.get_running_loop().time
    deadline = clock() + quiet_s_max
    while True:
        kept = {name: await kept_by(name, worlds[name], cycle) for name in VIEWS}
        said = [fact for each in kept.values() for fact in each.facts]
        shown = all(each.shown == each.rebuilt for each in kept.values())
        heard = is_heard(said, {name: each.heard for name, each in kept.items()})
        quiet = shown and heard and await is_counted(auditor, cycle, len(said))
        if quiet or clock() > deadline:
            return kept
        await asyncio.sleep(LOOK_EVERY_S)


async def _files(kept: Outside, cycle: Cycle, names: set[str]) -> Mapping[str, str]:
    """The digest of what is found under each name: kept, or brought by one of the agencies."""
    found: dict[str, str] = {}
    for agency in cycle.every_agency:
        holder = hashlib.sha256(f"submission/{cycle.code}/{agency}".encode()).hexdigest()
        for name in names & (await kept.uploads.held(holder)).keys():
            found[name] = await _digest(kept.uploads.read(holder, name))
    for name in names:
        with suppress(Missing):
            found[name] = await _digest(kept.files.read(name))
    return found


async def _digest(content: Content) -> str:
    digest = hashlib.sha256()
    async for chunk in content:
        digest.update(chunk)
    return digest.hexdigest()


@asynccontextmanager
async def _worlds(deployed: Standing) -> AsyncIterator[Mapping[str, Outside]]:
    """The outside worlds of all services, as their own processes open them."""
    async with AsyncExitStack() as opened:
        worlds = {}
        for name in VIEWS:
            told = settings.read(name, deployed.settings(name))
            notary = notary_of(told, name, signs=False)
            opening = open_outside(told, name, SystemClock(), notary, {})
            worlds[name] = await opened.enter_async_context(opening)
        yield worlds
