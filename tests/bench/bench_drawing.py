"""How fast batches leave the urn, by how many wait there, and by how many comments do."""

import os
import time
from pathlib import Path

import pytest

from shared.adapters.chance import SecretChance
from shared.ports import Box, Slip, Urn
from tests.bench.bench_stirring import ANSWER, QUESTIONNAIRE, WAITING, agency, fill, in_sqlite, slip
from tests.bench.report import Figure, Report
from tests.support import postgres

BATCH = 250
BATCHES = 16
FEW = 5_000
SMALL = 20
"""So many answers leave a box in a batch while a survey is open."""

AT_ONCE = 1_000
COMMENTS = int(os.environ.get("CCHC_BENCH_COMMENTS", "20000"))


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


async def drawn_while_open_per_s(urn: Urn, batches: range) -> float:
    """Answers that leave in a second, where each batch came just before, some with comments."""
    drawing_s = 0.0
    for batch in batches:
        slips = [(agency(2), slip()) for _ in range(SMALL)]
        await urn.drop(QUESTIONNAIRE, f"open {batch}", slips, digest="d")
        began_s = time.perf_counter()
        assert await urn.draw(
            QUESTIONNAIRE, [Box(agency(2), "paper")], batch=batch, least=SMALL, most=SMALL
        )
        await urn.discard(QUESTIONNAIRE, batch)
        drawing_s += time.perf_counter() - began_s
    return len(batches) * SMALL / drawing_s


async def measure_with_comments(report: Report, urn: Urn) -> None:
    """Draw what has just come, where few comments wait and where many do."""
    few = await drawn_while_open_per_s(urn, range(1, BATCHES + 1))
    said = ({"question": "remark", "text": "Cán bộ tận tình, nhưng đợi hơi lâu. " * 5},)
    for first in range(0, COMMENTS, AT_ONCE):
        slips = [(agency(3), Slip(ANSWER, SecretChance().token(), said)) for _ in range(AT_ONCE)]
        await urn.drop("2021/leaders", str(first), slips, digest="d")
    await urn.stir()
    await count_all_of_others(urn)
    await urn.stir()
    many = await drawn_while_open_per_s(urn, range(BATCHES + 1, 2 * BATCHES + 1))
    report.add(Figure(f"{SMALL} just came, few comments wait: drawn", few, "answers/s"))
    report.add(Figure(f"{COMMENTS} comments wait", many, "answers/s"))
    report.add(Figure("    ratio", many / few, ""))


async def count_all_of_others(urn: Urn) -> None:
    """Let the answers leave that the comments came with."""
    batch, boxes = 1, [Box(agency(3), "paper")]
    while await urn.draw("2021/leaders", boxes, batch=batch, least=1, most=1_000):
        await urn.discard("2021/leaders", batch)
        batch += 1


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


@pytest.mark.real
@pytest.mark.xdist_group("real")
async def test_drawing_beside_comments_on_postgres(report: Report, fresh_postgres: str) -> None:
    report.begin("Batches that leave an urn on PostgreSQL as they come")
    async with postgres.urn(fresh_postgres, SecretChance()) as urn:
        await measure_with_comments(report, urn)
