"""The last hour of a survey on real servers: answers pour in for minutes, while processes die.

python -m tests.bench.last_hour [--minutes 3] [--callers 32]

Everybody asks again until they have an answer. Afterwards what people were told has to be what
stands in the log, answer by answer and receipt by receipt.
"""

import argparse
import asyncio
import os
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx

from demo.client import Addresses
from real import system as real
from real.install import HOME
from real.servers.found import Servers
from shared.adapters.eventstore.postgres import PostgresEventStore
from shared.adapters.migration import FACTS
from shared.events import codec
from shared.events import survey as events
from tests.bench import caller, cycle
from tests.bench.caller import Connection, Failed
from tests.bench.report import percentile
from tests.bench.system import System
from tests.support.opened import opened
from tests.support.servers import open_folder

MINUTES = 3.0
CALLERS = 32
INVITED_AT_ONCE = 5_000
PREPARED_PER_S = 2_500
"""Invitations for more answers than can be given; where they run out, nothing was measured."""
KILLED_AT = (("worker", 0.35), ("api", 0.7))
"""Which process of the survey is killed, and after which part of the time."""
AGAIN_S = 0.2
CLOSED_S_MAX = 300.0
FACTS_AT_ONCE = 50
RECEIPT_BYTES = 16
NAME_BYTES = 4
AWAY = (ConnectionError, asyncio.IncompleteReadError)

Answer = frozenset[tuple[str, str]]


@dataclass(slots=True)
class Told:
    """What those who answered were told, and how long they waited, with all their attempts."""

    answers: Counter[Answer] = field(default_factory=Counter)
    receipts: list[str] = field(default_factory=list)
    latencies_s: list[float] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)

    def add(self, answers: Mapping[str, str], receipt: str, began_s: float) -> None:
        """Somebody was told that their answer is in the urn."""
        self.answers[frozenset(answers.items())] += 1
        self.receipts.append(receipt)
        self.latencies_s.append(time.perf_counter() - began_s)


class Respondent:
    """Somebody with many invitations, who uses one after the other on one connection."""

    def __init__(self, url: str, path: str, told: Told) -> None:
        self._url = url
        self._path = path
        self._told = told
        self._connection: Connection | None = None

    async def answer(self, tokens: Iterator[tuple[int, str]], until_s: float) -> None:
        """Answer until the time is over, each until it is acknowledged."""
        agency = cycle.agencies()[0]
        for place, token in tokens:
            began_s = time.perf_counter()
            if began_s > until_s:
                return
            answers = cycle.answers(agency["tier"], agency["code"], place)
            receipt = secrets.token_urlsafe(RECEIPT_BYTES)
            body = {"token": token, "answers": answers, "receipt": receipt}
            await self._send(caller.request("POST", f"{self._path}/responses", body))
            self._told.add(answers, receipt, began_s)

    async def _send(self, request: bytes) -> None:
        is_uncertain = False
        while True:
            try:
                if self._connection is None:
                    self._connection = await Connection.to(self._url)
                await self._connection.ask(request)
            except AWAY as error:
                self._told.again[type(error).__name__] += 1
                self._connection, is_uncertain = None, True
            except Failed as refusal:
                if '"token-spent"' in str(refusal) and is_uncertain:
                    self._told.again["had been put in"] += 1
                    return
                status = str(refusal).partition(": ")[2][:3]
                if status not in {"429", "503"}:
                    raise
                # Whatever was begun in time may still be put in.
                is_uncertain |= status == "503"
                self._told.again[status] += 1
            else:
                return
            await asyncio.sleep(AGAIN_S)


@contextmanager
def running() -> Iterator[real.System]:
    """The system on servers of its own."""
    with open_folder() as folder:
        servers = Servers(folder / "servers", HOME, os.environ)
        prefix = f"hour_{secrets.token_hex(NAME_BYTES)}"
        plan = real.Plan(folder, apis=1, workers=1, prefix=prefix, told=real.UNLIMITED)
        try:
            with real.running(real.System(plan, servers)) as system:
                yield system
        finally:
            servers.stop()
            servers.forget()


async def pour(deployed: real.System, system: System, seconds: float, callers: int) -> Told:
    """Let them answer for so long, while processes are killed."""
    told, path = Told(), system.open_survey()
    batches = -(-int(seconds * PREPARED_PER_S) // INVITED_AT_ONCE)
    tokens = [
        token
        for batch in range(batches)
        for token in system.invite(path, INVITED_AT_ONCE, key=f"batch-{batch}")
    ]
    waiting = zip(count(), tokens, strict=False)
    url, until_s = system.url("survey"), time.perf_counter() + seconds
    people = [Respondent(url, path, told) for _ in range(callers)]
    async with asyncio.TaskGroup() as group:
        for each in people:
            group.create_task(each.answer(waiting, until_s))
        for role, part in KILLED_AT:
            group.create_task(_kill(deployed, role, part * seconds))
    assert next(waiting, None), "the invitations ran out before the time was over"
    return told


async def _kill(deployed: real.System, role: str, after_s: float) -> None:
    await asyncio.sleep(after_s)
    await asyncio.to_thread(deployed.process("survey", role).kill)


async def counted(deployed: real.System) -> Sequence[events.ResponsesCounted]:
    """The batches in the log."""
    agency = cycle.agencies()[0]
    url = deployed.process("survey", "worker").settings["CCHC_POSTGRES"]
    found, last = [], 0
    async with opened(PostgresEventStore(url, FACTS)) as store:
        stream = f"survey/{cycle.CYCLE}/{agency['tier']}"
        while facts := await store.stream(stream, after=last, limit=FACTS_AT_ONCE):
            last = facts[-1].version
            found += [codec.decode(fact.body).data for fact in facts]
    return [fact for fact in found if isinstance(fact, events.ResponsesCounted)]


def close(system: System) -> None:
    """Close the survey, however long it takes to count what waits."""
    deadline = time.monotonic() + CLOSED_S_MAX
    while True:
        try:
            system.close_survey()
        except httpx.HTTPError:
            assert time.monotonic() < deadline, "it does not close"
            time.sleep(AGAIN_S)
        else:
            return


def compared(told: Told, batches: Sequence[events.ResponsesCounted]) -> Mapping[str, int]:
    """How many answers were told and counted, and where the two differ."""
    answers = Counter(
        frozenset(response.answers.items()) for batch in batches for response in batch.responses
    )
    receipts = Counter(receipt for batch in batches for receipt in batch.receipts)
    held = Counter(told.receipts)
    return {
        "answers acknowledged": told.answers.total(),
        "answers counted": answers.total(),
        "answers lost": (told.answers - answers).total(),
        "answers doubled": (answers - told.answers).total(),
        "receipts lost": (held - receipts).total(),
        "receipts doubled": (receipts - held).total(),
        "batches": len(batches),
        "smallest batch": min((len(batch.responses) for batch in batches), default=0),
    }


def main() -> int:
    """Run it, print what came of it, and fail where anything was lost or doubled."""
    parser = argparse.ArgumentParser(description="The last hour of a survey on real servers")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--callers", type=int, default=CALLERS)
    wanted = parser.parse_args()
    seconds = 60 * wanted.minutes
    with running() as deployed:
        addresses = deployed.addresses
        with closing(System(Addresses(addresses["submission"], addresses))) as system:
            system.open()
            told = asyncio.run(pour(deployed, system, seconds, wanted.callers))
            close(system)
        batches = asyncio.run(counted(deployed))
    found = compared(told, batches)
    _print({**found, **{f"asked again, {why}": n for why, n in told.again.items()}}, "")
    _print({"answers per second": round(len(told.latencies_s) / seconds)}, "/s")
    half, most, longest = (percentile(told.latencies_s, percent) for percent in (50, 99, 100))
    took = {"p50": half, "p99": most, "longest": longest}
    _print({f"answer, {name}": round(1_000 * taken) for name, taken in took.items()}, "ms")
    differs = [n for name, n in found.items() if name.endswith(("lost", "doubled")) and n]
    return 1 if differs else 0


def _print(figures: Mapping[str, int], unit: str) -> None:
    for name, figure in figures.items():
        sys.stdout.write(f"{name:<40} {figure:>9,} {unit}".rstrip() + "\n")


if __name__ == "__main__":
    sys.exit(main())
