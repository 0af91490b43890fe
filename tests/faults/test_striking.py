"""A fault strikes in the midst of its play, and somebody who lives; or else the play has failed."""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same seed asks for the same faults
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from real.processes import Name, Process
from tests.faults.judged.client import World
from tests.faults.judged.diary import Diary
from tests.faults.kill.cycle import CYCLE
from tests.faults.real.fault import Stage
from tests.faults.real.telling import strike
from tests.support.deployed import Deployed

ENDED_S_MAX = 5
TRIES = 16
WAITS = "import time; time.sleep(60)"


@pytest.fixture
def workers(tmp_path: Path) -> Iterator[Sequence[Process]]:
    """Two workers of ranking that live, and between them one that does not."""
    found = [Process(Name("ranking", "worker", number), tmp_path, {}) for number in (1, 2, 3)]
    for each in found:
        each.command = (sys.executable, "-c", WAITS)
    try:
        found[0].begin()
        found[2].begin()
        yield found
    finally:
        for each in found:
            each.kill()


def _stage(processes: Sequence[Process], folder: Path, seed: int = 0) -> Stage:
    deployed = SimpleNamespace(system=SimpleNamespace(processes=processes))
    return Stage(cast("Deployed", deployed), Random(seed), folder, CYCLE)


def test_who_is_chosen_beside_another_is_one_that_lives(
    workers: Sequence[Process], tmp_path: Path
) -> None:
    relay, _, other = workers

    stages = [_stage(workers, tmp_path, seed) for seed in range(TRIES)]
    chosen = {each.any("worker", "ranking", but=relay).name for each in stages}

    assert chosen == {other.name}


@pytest.mark.parametrize("written", [0, 1])
async def test_a_fault_that_has_not_struck_when_the_play_is_over_fails_it(
    written: int, tmp_path: Path
) -> None:
    struck: list[Stage] = []
    strikes = [(1, struck.append), (2, struck.append)]

    async with httpx.AsyncClient() as http, asyncio.timeout(ENDED_S_MAX):
        world: World[Any] = World(None, http, Diary(written=written), Random(0), over=True)
        with pytest.raises(AssertionError, match="the fault never struck"):
            await strike(_stage([], tmp_path), world, strikes)

    assert len(struck) == written
