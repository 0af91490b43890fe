"""What changed between two places of a ledger, over HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from services.ranking.application import differences
from tests.support.ranking import Ranking, change, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

DIFF = f"/cycles/{CYCLE}/diff"
TOLD = whole_cycle()
END = len(TOLD)
HOUR = timedelta(hours=1)


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """One fact came each hour."""
    async with ranking() as service:
        await service.hear(TOLD, apart=HOUR)
        yield service


def of(body: Any, agency: str) -> Any:  # noqa: ANN401 - JSON
    [found] = [each for each in body["agencies"] if each["agency"] == agency]
    return found


async def test_every_change_names_its_fact_with_who_when_and_what(counted: Ranking) -> None:
    body = (await counted.get(DIFF, "auditor", **{"from": 0})).json()

    agency = of(body, "so-y-te")
    declared = next(
        each for each in agency["changes"] if each["type"] == "submission.ScoreSubmitted.v1"
    )
    assert (body["from"], body["to"]) == (0, END)
    assert declared["fact"] == "submission/2021/so-y-te@1"
    assert TOLD[declared["number"] - 1].id == declared["fact"]
    assert declared["said"]["item"] == "1.1"
    assert declared["at"].startswith("2021-")
    assert (declared["own"], declared["by"]) == (True, ["so-y-te"])
    assert sum(Fraction(each["points"]) for each in agency["changes"]) == Fraction(agency["points"])


async def test_what_it_comes_to_is_what_the_tables_say(counted: Ranking) -> None:
    table = (await counted.get(f"/cycles/{CYCLE}/table", "auditor", at=8)).json()

    body = (await counted.get(DIFF, "auditor", **{"from": 8})).json()

    for row in table["rows"]:
        before = of(body, row["agency"])["before"]
        assert {name: row[name] for name in ("index", "rank", "grade", "points")} == {
            name: before[name] for name in ("index", "rank", "grade", "points")
        }


async def test_times_and_numbers_name_the_same_places(counted: Ranking) -> None:
    first, last = ((OPENED_AT + (number - 1) * HOUR).isoformat() for number in (8, 12))

    by_time = await counted.get(DIFF, "auditor", **{"from": first, "to": last})

    assert by_time.json() == (await counted.get(DIFF, "auditor", **{"from": 8, "to": 12})).json()


async def test_an_agency_sees_what_it_changed_itself_and_no_ranks(counted: Ranking) -> None:
    await change(counted)

    own = (await counted.get(DIFF, "so-y-te", agency="so-y-te", **{"from": 0})).json()
    refused = [
        await counted.get(DIFF, "so-y-te", **{"from": 0}),
        await counted.get(DIFF, "so-y-te", agency="so-noi-vu", **{"from": 0}),
        await counted.get(DIFF, "", **{"from": 0}),
    ]

    [agency] = own["agencies"]
    assert {each["own"] for each in agency["changes"]} == {True}
    assert {tuple(each["by"]) for each in agency["changes"]} == {("so-y-te",)}
    assert agency["after"]["rank"] is None
    assert agency["after"]["index"] is not None
    assert [answer.status_code for answer in refused] == [403, 403, 401]


async def test_an_agency_that_never_was_there_is_missing(counted: Ranking) -> None:
    answer = await counted.get(DIFF, "auditor", **{"from": 0, "agency": "nobody"})

    assert (answer.status_code, answer.json()["code"]) == (404, "agency-not-in-table")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"from": 5, "to": 4}, 409, "difference-backwards"),
        ({"from": 5, "to": END + 1}, 404, "number-unknown"),
        ({"from": END + 1}, 404, "number-unknown"),
        ({"from": -1}, 422, "request-invalid"),
        ({"from": "yesterday"}, 422, "request-invalid"),
    ],
)
async def test_places_that_are_none_are_refused(
    counted: Ranking, query: dict[str, Any], status: int, code: str
) -> None:
    answer = await counted.get(DIFF, "auditor", **query)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_too_many_facts_are_not_compared(
    counted: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "DIFFERENCE_FACTS_MAX", 5)

    enough = await counted.get(DIFF, "auditor", **{"from": END - 5})
    too_many = await counted.get(DIFF, "auditor", **{"from": END - 6})

    assert (enough.status_code, too_many.json()["code"]) == (200, "difference-too-long")
