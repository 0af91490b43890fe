"""Rank ranges over HTTP: beside the official rank, the same for everybody."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.support.ranking import Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY, OTHER = "so-y-te", "so-noi-vu"
TOLD = whole_cycle()


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """Everything is said and counted, and nothing is decided about it."""
    async with ranking() as service:
        await service.hear(TOLD)
        yield service


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def ranges(service: Ranking, who: str, **query: object) -> dict[str, Any]:
    answer = await service.get(f"{AT}/rank-ranges", who, **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_ranges_stand_beside_the_official_rank(counted: Ranking) -> None:
    table = (await counted.get(f"{AT}/table", "council")).json()

    found = await ranges(counted, "council")

    for name in ("rank", "index", "index_shown", "grade", "grade_title"):
        assert [row[name] for row in found["rows"]] == [row[name] for row in table["rows"]]
    assert [(row["rank_low"], row["rank_high"]) for row in found["rows"]] == [(1, 2), (1, 2)]
    assert [row["level_with"] for row in found["rows"]] == [[AGENCY], [OTHER]]
    assert found["groups"] == [[OTHER, AGENCY]]
    assert [row["top_three"] for row in found["rows"]] == ["1", "1"]
    assert [(row["responses"], row["certified_answers"]) for row in found["rows"]] == [(7, 0)] * 2
    assert (found["rounds"], found["level"], set(found["method"])) == (2000, "0.95", {"vi", "en"})


async def test_the_seed_is_that_of_the_ledger_unless_one_is_chosen(counted: Ranking) -> None:
    root = (await counted.get(f"{AT}/ledger", "auditor")).json()["root"]
    seed = int(root[:12], base=16)

    anybody, chosen, other = (
        await ranges(counted, "council"),
        await ranges(counted, "council", seed=seed),
        await ranges(counted, "council", seed=1),
    )

    assert anybody["seed"] == seed
    assert anybody == chosen
    assert other["rows"] != anybody["rows"]


async def test_ranges_change_with_the_ledger_and_the_past_has_its_own(counted: Ranking) -> None:
    before = await ranges(counted, "council")

    await change(counted)
    after = await ranges(counted, "council")

    assert [row["responses"] for row in after["rows"]] == [7, 7]
    assert sorted(row["certified_answers"] for row in after["rows"]) == [0, 97]
    past = await ranges(counted, "council", at=len(TOLD))
    assert past == before


async def test_an_agency_with_nothing_to_draw_has_its_grade_for_sure(counted: Ranking) -> None:
    found = await ranges(counted, "council", at=3, rounds=100)

    assert [(row["rank_low"], row["rank_high"], row["responses"]) for row in found["rows"]] == [
        (1, 1, 0),
        (2, 2, 0),
    ]
    assert found["rows"][0]["grades"] == [{"grade": None, "share": "1"}]


async def test_those_of_a_published_result_are_for_everybody(counted: Ranking) -> None:
    await counted.approve()
    inside = await ranges(counted, "council")
    await counted.publish()

    public, agency = await ranges(counted, ""), await ranges(counted, AGENCY, revision=1)

    assert public == agency
    assert (public["provisional"], public["revision"]) == (False, 1)
    assert public["counted_to"] == inside["counted_to"]
    assert public["rows"] == inside["rows"]


@pytest.mark.parametrize(
    ("who", "query", "expected"),
    [
        ("", {}, (404, "result-not-published")),
        (AGENCY, {}, (404, "result-not-published")),
        ("", {"revision": 1}, (404, "result-not-published")),
        ("council", {"revision": 1}, (404, "result-not-published")),
        ("", {"at": 3}, (401, "sign-in-needed")),
        ("", {"seed": 1}, (401, "sign-in-needed")),
        ("", {"rounds": 100, "revision": 1}, (401, "sign-in-needed")),
        (AGENCY, {"rounds": 100}, (403, "agency-not-yours")),
        ("council", {"tier": "commune"}, (404, "table-unknown")),
        ("council", {"rounds": 99}, (422, "request-invalid")),
        ("council", {"rounds": 10_001}, (422, "request-invalid")),
    ],
)
async def test_other_ranges_are_for_few(
    counted: Ranking, who: str, query: dict[str, object], expected: tuple[int, str]
) -> None:
    assert code(await counted.get(f"{AT}/rank-ranges", who, **query)) == expected
