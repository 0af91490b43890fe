"""One agency's result over HTTP: where its numbers come from, and when it learns its rank."""

from collections.abc import AsyncIterator

import pytest

from tests.support.ranking import Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY = "so-y-te"


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """Everything is said and counted, and nothing is decided about it."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        yield service


async def test_every_number_of_an_agency_leads_to_its_facts(counted: Ranking) -> None:
    agency = (await counted.get(f"{AT}/agencies/{AGENCY}", AGENCY)).json()

    [item] = agency["areas"][0]["criteria"][0]["items"]
    assert (item["code"], item["status"], item["points"]) == ("1.1", "recognised", "3.25")
    assert item["facts"] == [
        {"id": f"submission/{CYCLE}/{AGENCY}@1", "number": 3},
        {"id": f"submission/{CYCLE}/{AGENCY}@2", "number": 4},
        {"id": f"appraisal/{CYCLE}/{AGENCY}@1", "number": 7},
    ]
    assert agency["counted_to"] == len(whole_cycle())


async def test_the_batches_of_a_survey_item_are_named_by_stream(counted: Ranking) -> None:
    await change(counted)

    agency = (await counted.get(f"{AT}/agencies/{AGENCY}", "council")).json()

    item = agency["areas"][0]["criteria"][1]["items"][0]
    said = {"stream": f"survey/{CYCLE}/leaders", "first": 4, "last": 6, "count": 2}
    assert item["facts"] == [{**said, "numbers": [12, len(whole_cycle()) + 1]}]


async def test_an_agency_sees_its_rank_when_it_is_published_and_not_before(
    counted: Ranking,
) -> None:
    before = (await counted.get(f"{AT}/agencies/{AGENCY}", AGENCY)).json()
    council = (await counted.get(f"{AT}/agencies/{AGENCY}", "council")).json()
    await counted.approve()
    await counted.publish()

    after = (await counted.get(f"{AT}/agencies/{AGENCY}", AGENCY, revision=1)).json()

    assert [each["rank"] for each in (before, council, after)] == [None, 2, 2]
    assert before["index"] == council["index"]
