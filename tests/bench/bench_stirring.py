"""What stirring takes where many answers wait, and how long who puts in waits meanwhile."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from itertools import count
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.adapters.sqlite import SqliteUrn
from shared.ports import Right, Slip, Urn
from tests.bench.report import Figure, Report
from tests.support import postgres
from tests.support.opened import opened

WAITING = tuple(int(size) for size in os.environ.get("CCHC_BENCH_WAITING", "20000").split(","))
AGENCIES = (10, 100)
DROPPED_AT_ONCE = 5_000
QUESTIONNAIRE = "2021/sipas"
DAY = date(2021, 11, 15)
TOKENS = 5_000
REST_S = 0.01
MS = 1_000
FEW = 3
"""Into the boxes of so many agencies something new comes, where it does not into all."""

ANSWER = {"answers": {f"q{number}": "5" for number in range(8)}, "choices": {}, "hasty": False}


def agency(number: int) -> str:
    return f"so-{number:03}"


def slip() -> Slip:
    said = ({"question": "remark", "text": "Cán bộ tận tình, nhưng đợi hơi lâu. " * 5},)
    chance = SecretChance()
    return Slip(ANSWER, chance.token(), said if chance.token() < "B" else ())


async def fill(urn: Urn, waiting: int, agencies: int) -> None:
    """So many answers wait, and all were stirred."""
    for first in range(0, waiting, DROPPED_AT_ONCE):
        slips = [(agency(number % agencies), slip()) for number in range(DROPPED_AT_ONCE)]
        await urn.drop(QUESTIONNAIRE, str(first), slips, digest="d")
    await urn.stir()
    await urn.grant(QUESTIONNAIRE, [Right(str(token), agency(0)) for token in range(TOKENS)])


async def waits_until(over: asyncio.Event, urn: Urn, tokens: Iterator[int]) -> list[float]:
    """How long each waits of those who put in one after the other."""
    waits_s: list[float] = []
    while not over.is_set():
        began_s = time.perf_counter()
        await urn.spend(QUESTIONNAIRE, str(next(tokens)), slip(), day=DAY)
        waits_s.append(time.perf_counter() - began_s)
        await asyncio.sleep(REST_S)
    return waits_s


async def measure(report: Report, urn: Urn, waiting: int, agencies: int) -> None:
    await fill(urn, waiting, agencies)
    tokens = count()
    for name, boxes in ((f"{FEW} boxes", FEW), ("all boxes", agencies)):
        slips = [(agency(number), slip()) for number in range(boxes)]
        await urn.drop(QUESTIONNAIRE, name, slips, digest="d")
        over = asyncio.Event()
        spending = asyncio.create_task(waits_until(over, urn, tokens))
        await asyncio.sleep(REST_S)
        began_s = time.perf_counter()
        await urn.stir()
        took_s = time.perf_counter() - began_s
        over.set()
        waits_s = await spending
        said = f"{waiting} wait about {agencies}, news in {name}"
        report.add(Figure(f"{said}: stirred", MS * took_s, "ms"))
        report.add(Figure(f"    longest of {len(waits_s)} puts meanwhile", MS * max(waits_s), "ms"))


@asynccontextmanager
async def in_sqlite(folder: Path) -> AsyncIterator[Urn]:
    async with opened(SqliteUrn(folder / "urn.db", SecretChance())) as urn:
        yield urn


@pytest.mark.parametrize("agencies", AGENCIES)
@pytest.mark.parametrize("waiting", WAITING)
async def test_stirring_on_sqlite(
    report: Report, tmp_path: Path, waiting: int, agencies: int
) -> None:
    report.begin("Stirring on SQLite, one puts in after the other meanwhile")
    async with in_sqlite(tmp_path) as urn:
        await measure(report, urn, waiting, agencies)


@pytest.mark.real
@pytest.mark.xdist_group("real")
@pytest.mark.parametrize("agencies", AGENCIES)
@pytest.mark.parametrize("waiting", WAITING)
async def test_stirring_on_postgres(
    report: Report, fresh_postgres: str, waiting: int, agencies: int
) -> None:
    report.begin("Stirring on PostgreSQL, one puts in after the other meanwhile")
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await measure(report, urn, waiting, agencies)
