"""Submission over HTTP: tables of past years are imported, and touch no running cycle."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.support.small_submission import AGENCY, CYCLE, SCORING
from tests.support.submission_desk import CYCLE_PATH, ITEMS, REASON, Desk, open_desk

STREAM = f"cycle/{CYCLE}"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, and an administrator."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk.as_("administrator")


async def version(desk: Desk) -> int:
    return len(await desk.facts(STREAM))


def table(*cells: tuple[str, str, str | None]) -> dict[str, Any]:
    return {
        "source": "Quyết định số 1/QĐ-UBND",
        "scores": [{"agency": a, "item": i, "points": p} for a, i, p in cells],
        "published": [{"agency": AGENCY, "index": "80.5", "rank": 1}],
    }


@pytest.fixture
async def archive() -> AsyncIterator[Desk]:
    """The small cycle, opened years later, and an administrator."""
    async with open_desk() as desk:
        await desk.open_past_cycle()
        yield desk.as_("administrator")


async def test_a_published_table_is_imported(archive: Desk) -> None:
    body = table((AGENCY, "1.1", "3.5"), (AGENCY, "9.1", None))
    body["published"][0] |= {"total": "81.25", "grade": "Tốt"}

    possible = (await archive.get(CYCLE_PATH)).json()["actions"]["import-results"]
    imported = await archive.post(f"{CYCLE_PATH}/imports", body)
    score = await archive.as_(f"agency@{AGENCY}").put(
        f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}}
    )

    assert possible is None
    assert imported.json()["version"] == 3, imported.text
    assert (await archive.get(CYCLE_PATH)).json()["imported_from"] == [body["source"]]
    assert score.json()["code"] == "results-imported"
    [row] = (await archive.facts(STREAM))[-1].published
    assert (row.total, row.grade) == ("81.25", "Tốt")


async def test_a_table_is_not_imported_over_the_work_of_a_running_cycle(desk: Desk) -> None:
    await desk.as_(f"agency@{AGENCY}").post(f"{CYCLE_PATH}/agencies/{AGENCY}/lock")

    answer = await desk.post(f"{CYCLE_PATH}/imports", table((AGENCY, "1.1", "0")))

    assert (answer.status_code, answer.json()["code"]) == (409, "import-into-running-cycle")
    assert await version(desk) == 2


async def test_a_table_is_not_imported_over_a_sheet_in_a_cycle_of_a_past_year(
    archive: Desk,
) -> None:
    agency = archive.as_(f"agency@{AGENCY}")
    more_time = {**REASON, "phase": "self-scoring", "agency": AGENCY}
    await archive.post(f"{CYCLE_PATH}/deadlines", {**more_time, "until": "2023-07-01T00:00:00Z"})
    scored = await agency.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}})

    body = table((AGENCY, "1.1", "0"))
    answer = await archive.post(f"{CYCLE_PATH}/imports", body, key="k-2")

    assert scored.status_code == 200, scored.text
    assert [error["code"] for error in answer.json()["errors"]] == ["agency-scores-itself"]
    assert await version(archive) == 3


async def test_a_table_with_flaws_is_refused_cell_by_cell(archive: Desk) -> None:
    body = table((AGENCY, "1.1", "40"), (AGENCY, "7.7", "1"), ("so-la", "1.1", "1"))

    answer = await archive.post(f"{CYCLE_PATH}/imports", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "table-invalid")
    assert [error["code"] for error in answer.json()["errors"]] == [
        "points-above-maximum",
        "item-unknown",
        "agency-not-in-cycle",
    ]
    assert await version(archive) == 2
