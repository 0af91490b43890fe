"""Suppositions over HTTP: who may ask, what is answered, and that nothing is kept of it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from tests.support.ranking import Ranking, ranking
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.told import whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY, OTHER = "so-y-te", "so-noi-vu"
TOLD = whole_cycle()
AWARD = {"change": "award", "agency": OTHER, "item": "1.1", "points": "1"}
DOUBLE = {"change": "weigh", "tier": "department", "part": "1.1", "maximum": "8"}


@pytest.fixture
async def counted() -> AsyncIterator[Ranking]:
    """Everything is said and counted, and nothing is decided about it."""
    async with ranking() as service:
        await service.hear(TOLD)
        yield service


async def suppose(service: Ranking, who: str, *changes: object, **query: object) -> httpx.Response:
    headers = {"Authorization": f"Bearer {who}"} if who else {}
    params = {name: str(value) for name, value in query.items()}
    return await service.client.post(
        f"{AT}/what-if", headers=headers, params=params, json={"changes": changes}
    )


async def kept(service: Ranking) -> object:
    """All that the service has in its stores and shows."""
    return (
        await service.outside.store.log(after=0, limit=1_000),
        await service.outside.inbox.log(after=0, limit=1_000),
        await service.documents(),
    )


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_the_table_as_it_would_be_stands_beside_the_one_that_counts(
    counted: Ranking,
) -> None:
    answer = await suppose(counted, "council", AWARD)

    [tier] = answer.json()["tiers"]
    first, second = tier["rows"]
    assert [row["agency"] for row in (first, second)] == [AGENCY, OTHER]
    assert (first["official"]["rank"], first["supposed"]["rank"], first["places_gained"]) == (
        *(2, 1),
        1,
    )
    assert (second["official"]["index"], second["supposed"]["index"]) == ("784/9", "514/9")
    assert (second["index_change"], second["index_change_shown"]) == ("-30", "-30.00")
    assert (second["official"]["grade"], second["supposed"]["grade"]) == ("A", None)
    assert tier["swaps"] == [{"above": AGENCY, "below": OTHER}]


async def test_what_the_table_says_of_itself_is_said_too(counted: Ranking) -> None:
    table = (await counted.get(f"{AT}/table", "council")).json()

    supposed = (await suppose(counted, "council", DOUBLE)).json()

    for name in ("cycle", "mode", "provisional", "incomplete", "counted_to", "digest", "sample"):
        assert supposed[name] == table[name]
    assert supposed["tiers"][0]["maximum"] == "14"
    assert supposed["tiers"][0]["rows"][0]["official"]["maximum"] == "10"


async def test_nothing_supposed_is_the_table_itself(counted: Ranking) -> None:
    table = (await counted.get(f"{AT}/table", "council")).json()

    [tier] = (await suppose(counted, "council")).json()["tiers"]

    assert [row["supposed"] for row in tier["rows"]] == [row["official"] for row in tier["rows"]]
    assert [row["supposed"]["index"] for row in tier["rows"]] == [
        row["index"] for row in table["rows"]
    ]
    assert tier["swaps"] == []


async def test_every_kind_of_change_can_be_asked_for(counted: Ranking) -> None:
    changes = [
        {"change": "recognise", "agency": AGENCY, "item": "1.1"},
        {"change": "leave-undecided", "agency": OTHER, "item": "1.1"},
        {"change": "leave-out", "tier": "department", "part": "9"},
        {"change": "break-ties", "tier": "department", "rule": "dense", "chain": ["area:1"]},
    ]

    [tier] = (await suppose(counted, "auditor", *changes)).json()["tiers"]

    assert (tier["maximum"], tier["tie_rule"], tier["tie_chain"]) == ("6", "dense", ["area:1"])


async def test_a_supposition_of_the_past_is_laid_over_the_past() -> None:
    number = len(TOLD) - 6
    async with ranking() as counted:
        await counted.hear(TOLD, apart=timedelta(minutes=1))
        at = (OPENED_AT + timedelta(minutes=number - 1)).isoformat()

        by_number = (await suppose(counted, "auditor", DOUBLE, at=number)).json()
        by_time = (await suppose(counted, "auditor", DOUBLE, at=at)).json()

        past = (await counted.get(f"{AT}/table", "auditor", at=number)).json()
    assert by_number == by_time
    assert (by_number["counted_to"], by_number["digest"]) == (number, past["digest"])


async def test_nothing_is_written_by_a_supposition_or_a_drawing(counted: Ranking) -> None:
    before = await kept(counted)

    for answer in (
        await suppose(counted, "council", AWARD, DOUBLE),
        await suppose(counted, "council", AWARD, at=len(TOLD)),
        await counted.get(f"{AT}/rank-ranges", "council", rounds=100),
    ):
        assert answer.status_code == 200, answer.text
    await counted.settle()

    assert await kept(counted) == before


async def test_all_that_cannot_be_supposed_is_named_in_one_refusal(counted: Ranking) -> None:
    refused = await suppose(
        counted, "council", {**AWARD, "item": "7"}, DOUBLE, {**DOUBLE, "part": "1"}
    )

    assert code(refused) == (409, "changes-refused")
    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/changes/0/item", "item-unknown"),
        ("/changes/2", "change-repeated"),
    ]


@pytest.mark.parametrize(
    ("change", "pointer", "code"),
    [
        ({**AWARD, "points": "1,5"}, "/changes/0/points", "pattern-differs"),
        ({**AWARD, "points": 1}, "/changes/0/points", "type-wrong"),
        (
            {"change": "award", "agency": OTHER, "item": "1.1"},
            "/changes/0/points",
            "member-missing",
        ),
        ({**AWARD, "tier": "department"}, "/changes/0/tier", "member-unknown"),
        ({"change": "bribe"}, "/changes/0", "value-not-allowed"),
        ("award", "/changes/0", "type-wrong"),
        (
            {"change": "break-ties", "tier": "department", "rule": "dense", "chain": ["a", "?"]},
            "/changes/0/chain/1",
            "pattern-differs",
        ),
    ],
)
async def test_a_change_that_is_none_is_named_by_its_place(
    counted: Ranking, change: object, pointer: str, code: str
) -> None:
    answer = await suppose(counted, "council", change)

    assert answer.status_code == 422
    assert [(each["pointer"], each["code"]) for each in answer.json()["errors"]] == [
        (pointer, code)
    ]


@pytest.mark.parametrize(("who", "status"), [("", 401), (AGENCY, 403)])
async def test_suppositions_are_for_who_may_see_the_present_table(
    counted: Ranking, who: str, status: int
) -> None:
    await counted.approve()
    await counted.publish()

    assert (await suppose(counted, who, DOUBLE)).status_code == status


async def test_a_tier_that_there_is_not_is_unknown(counted: Ranking) -> None:
    assert code(await suppose(counted, "council", tier="commune")) == (404, "table-unknown")
    assert (await suppose(counted, "council", tier="department")).status_code == 200
