"""How fast batches leave the urn, by how many wait there."""

import time
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.ports import Box, Urn
from tests.bench.bench_stirring import QUESTIONNAIRE, WAITING, agency, fill, in_sqlite, slip
from tests.bench.report import Figure, Report
from tests.support import postgres

BATCH = 250
BATCHES = 16
FEW = 5_000


async def drawn_per_s(urn: Urn, about: str, batches: range) -> float:
    """Answers about one agency that leave in a second, in full batches one after the other."""
    boxes = [Box(about, "paper")]
    began_s = time.perf_counter()
    for batch in batches:
        drawn = await urn.draw(QUESTIONNAIRE, boxes, batch=batch, least=BATCH, most=BATCH)
        assert drawn is not None
        await urn.discard(QUESTIONNAIRE, batch)
    return len(batches) * BATCH / (time.perf_counter() - began_s)


async def measure(report: Report, urn: Urn, waiting: int) -> None:
    """Draw where that many wait about one agency, and where few wait about another."""
    await fill(urn, waiting, agencies=1)
    slips = [(agency(1), slip()) for _ in range(FEW)]
    await urn.drop(QUESTIONNAIRE, "few", slips, digest="d")
    await urn.stir()
    few = await drawn_per_s(urn, agency(1), range(1, BATCHES + 1))
    many = await drawn_per_s(urn, agency(0), range(BATCHES + 1, 2 * BATCHES + 1))
    report.add(Figure(f"{FEW} wait about an agency: drawn and discarded", few, "answers/s"))
    report.add(Figure(f"{waiting} wait about an agency", many, "answers/s"))
    report.add(Figure("    ratio", many / few, ""))


@pytest.mark.parametrize("waiting", WAITING)
async def test_drawing_on_sqlite(report: Report, tmp_path: Path, waiting: int) -> None:
    report.begin("Batches that leave an urn on SQLite")
    async with in_sqlite(tmp_path) as urn:
        await measure(report, urn, waiting)


@pytest.mark.real
@pytest.mark.xdist_group("real")
@pytest.mark.parametrize("waiting", WAITING)
async def test_drawing_on_postgres(report: Report, fresh_postgres: str, waiting: int) -> None:
    report.begin("Batches that leave an urn on PostgreSQL")
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await measure(report, urn, waiting)
