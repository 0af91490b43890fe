"""A process that has imported everything, and of which systems are born, one after the other.

    python -m tests.faults.kill.nursery

Each line of the standard input is a JSON list: a plant, a moment, how often the moment may come by
("-" and 0 where there is none), and the arguments of `python -m services`. What is born is a
process of its own, which runs that very command; only its outside world is wrapped, by a fuse and
perhaps a planted fault. It saves what takes most of a start, the imports, which touch no file of
the system. The standard output says `born PID` and `ended STATUS`, and in between what the system
says itself.
"""

import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from services.cli import main
from services.cli.up import COMMAND as UP
from shared.adapters import process
from shared.events.submission import Mode
from shared.ports import Clock, Stream
from shared.runtime.service import Outside
from tests.faults.kill.fuse import Fuse, Fused, fused
from tests.faults.kill.plants import PLANTS


def keep() -> None:
    """Give birth to whatever is asked for, until nothing is."""
    child = 0
    for line in sys.stdin:
        if child:
            os.waitpid(child, 0)
        plant, moment, count, *command = json.loads(line)
        assert command[0] == UP.name, "it is what was imported"
        child = os.fork()
        if child == 0:
            _wrap(plant, Fuse(moment, count))
            os._exit(_live(command))
        _say(f"born {child}")
        _say(f"ended {_status_at_end(child)}")


def _status_at_end(child: int) -> int:
    """Wait for its end. It keeps its number, so that a late signal for it meets nobody else."""
    ended = os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert ended is not None, "it was waited for"
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _live(command: list[str]) -> int:
    try:
        return main(command, {})
    finally:
        sys.stdout.flush()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _wrap(plant: str, fuse: Fuse) -> None:
    open_topic, open_outside = process.open_topic, process.open_outside

    @asynccontextmanager
    async def fused_topic(data_dir: Path, clock: Clock) -> AsyncIterator[Stream]:
        async with open_topic(data_dir, clock) as topic:
            port: Any = Fused("topic", topic, fuse)
            yield port

    @asynccontextmanager
    async def fused_outside(
        data_dir: Path, service: str, *, topic: Stream, clock: Clock, mode: Mode
    ) -> AsyncIterator[Outside]:
        async with open_outside(data_dir, service, topic=topic, clock=clock, mode=mode) as outside:
            yield fused(PLANTS[plant](outside) if plant in PLANTS else outside, fuse)

    process.open_topic, process.open_outside = fused_topic, fused_outside


if __name__ == "__main__":
    keep()
