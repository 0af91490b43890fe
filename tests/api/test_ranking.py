"""Ranking over HTTP: from the first count to a published and corrected result."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.events import submission
from tests.support.ranking import Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import DECISION, SEALED, Teller, declare, whole_cycle

AT = f"/cycles/{CYCLE}"
AGENCY = "so-y-te"


@pytest.fixture
async def fresh() -> AsyncIterator[Ranking]:
    async with ranking() as service:
        yield service


@pytest.fixture
async def counted(fresh: Ranking) -> Ranking:
    """Everything is said and counted, and nothing is decided about it."""
    await fresh.hear(whole_cycle())
    return fresh


@pytest.fixture
async def published(counted: Ranking) -> Ranking:
    """The first revision is out."""
    assert (await counted.approve()).status_code == 201
    assert (await counted.publish()).status_code == 200
    return counted


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def ranks(answer: httpx.Response) -> list[tuple[str, int, str]]:
    assert answer.status_code == 200, answer.text
    return [(row["agency"], row["rank"], row["index_shown"]) for row in answer.json()["rows"]]


# --- Readings before a publication


async def test_the_present_table_is_provisional_and_says_how_far_it_counts(
    counted: Ranking,
) -> None:
    table = await counted.get(f"{AT}/table", "council")

    assert ranks(table) == [("so-noi-vu", 1, "87.11"), (AGENCY, 2, "79.61")]
    said = {name: table.json()[name] for name in ("provisional", "incomplete", "sample", "mode")}
    assert said == {"provisional": True, "incomplete": [], "sample": True, "mode": "trial"}
    assert table.json()["counted_to"] == len(whole_cycle())


@pytest.mark.parametrize(
    ("path", "who"),
    [
        (f"{AT}/table", ""),
        (f"{AT}/table", AGENCY),
        (f"{AT}/agencies/so-noi-vu", ""),
        (f"{AT}/agencies/so-noi-vu", AGENCY),
        (f"{AT}/publications", ""),
    ],
)
async def test_what_is_not_published_is_not_there_for_everybody(
    counted: Ranking, path: str, who: str
) -> None:
    assert code(await counted.get(path, who)) == (404, "result-not-published")


async def test_the_public_sees_the_cycles_that_have_a_result(counted: Ranking) -> None:
    before = (await counted.get("/cycles")).json()["items"]
    inside = (await counted.get("/cycles", "auditor")).json()["items"]
    await counted.approve()
    await counted.publish()

    after = (await counted.get("/cycles")).json()["items"]

    assert (before, [each["cycle"] for each in inside]) == ([], [CYCLE])
    assert [(each["cycle"], each["revision"]) for each in after] == [(CYCLE, 1)]


async def test_a_withdrawn_agency_disappears(counted: Ranking) -> None:
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    withdrawn = submission.AgencyWithdrawn(
        cycle=CYCLE, agency=AGENCY, decision=DECISION, because=SEALED
    )

    await counted.hear([teller.tell(f"cycle/{CYCLE}", withdrawn)])

    assert ranks(await counted.get(f"{AT}/table", "council")) == [("so-noi-vu", 1, "87.11")]
    gone = await counted.get(f"{AT}/agencies/{AGENCY}", "council")
    assert code(gone) == (404, "agency-not-in-table")


# --- Approving, publishing, correcting


async def test_a_published_result_is_for_everybody_and_not_provisional(
    published: Ranking,
) -> None:
    table = await published.get(f"{AT}/table")

    assert ranks(table) == [("so-noi-vu", 1, "87.11"), (AGENCY, 2, "79.61")]
    assert (table.json()["revision"], table.json()["provisional"]) == (1, False)


async def test_the_public_sees_the_table_as_it_was_published_until_it_is_corrected(
    published: Ranking,
) -> None:
    await change(published)
    unchanged = await published.get(f"{AT}/table")
    present = await published.get(f"{AT}/table", "council")
    await published.approve()
    await published.publish(2, "Bổ sung kết quả khảo sát")

    corrected = await published.get(f"{AT}/table")
    first = await published.get(f"{AT}/table", revision=1)

    assert ranks(unchanged) == ranks(first) == [("so-noi-vu", 1, "87.11"), (AGENCY, 2, "79.61")]
    assert (
        ranks(corrected)
        == ranks(present)
        == [
            ("so-noi-vu", 1, "87.11"),
            (AGENCY, 2, "83.53"),
        ]
    )
    assert present.json()["provisional"]


async def test_the_history_keeps_every_revision_with_its_reason(published: Ranking) -> None:
    await change(published)
    await published.approve()
    await published.publish(2, "Bổ sung kết quả khảo sát")

    history = (await published.get(f"{AT}/publications")).json()["publications"]

    assert [(each["revision"], each["because"]) for each in history] == [
        (1, None),
        (2, "Bổ sung kết quả khảo sát"),
    ]
    assert history[0]["digest"] != history[1]["digest"]


async def test_saying_it_again_is_no_news(published: Ranking) -> None:
    await change(published)
    await published.approve()
    approved_again = await published.approve()
    await published.publish(2, "Bổ sung kết quả khảo sát")

    again = [
        await published.publish(),
        await published.publish(2, "Bổ sung kết quả khảo sát"),
        approved_again,
    ]

    assert [each.json()["facts"] for each in again] == [[], [], []]


async def test_an_approval_is_for_the_table_that_was_seen(counted: Ranking) -> None:
    seen = (await counted.get(f"{AT}/table", "council")).json()["digest"]
    await change(counted)

    late = await counted.post(f"{AT}/approvals", "council", {"digest": seen})

    assert code(late) == (409, "table-changed")


async def test_a_changed_table_has_to_be_approved_again(counted: Ranking) -> None:
    await counted.approve()
    await change(counted)

    assert code(await counted.publish()) == (409, "approval-outdated")


async def test_the_same_table_by_another_decision_is_a_correction(published: Ranking) -> None:
    body = {"decision": {"number": "6/QĐ-UBND", "on": "2022-02-01"}, "because": "Sai số"}

    alone = await published.put(f"{AT}/publications/2", "administrator", body)
    await published.approve()
    corrected = await published.put(f"{AT}/publications/2", "administrator", body)

    assert code(alone) == (409, "result-not-approved")
    assert corrected.status_code == 200
    table = (await published.get(f"{AT}/table")).json()
    assert (table["revision"], table["decision"]["number"]) == (2, "6/QĐ-UBND")


async def test_the_same_table_again_is_no_correction(published: Ranking) -> None:
    assert code(await published.publish(2, "Vì sao không")) == (409, "table-unchanged")


async def test_a_correction_says_why_and_a_first_publication_does_not(counted: Ranking) -> None:
    await counted.approve()

    assert code(await counted.publish(1, "Lý do")) == (409, "reason-not-taken")
    assert code(await counted.publish(2)) == (409, "reason-required")


async def test_what_hinders_is_named_in_the_refusal(counted: Ranking) -> None:
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    changed = declare(teller, AGENCY, "2")
    await counted.hear([changed])

    refused = await counted.approve()

    assert code(refused) == (409, "result-hindered")
    assert [(each["code"], "1.1" in each["detail"]) for each in refused.json()["errors"]] == [
        ("item-pending", True)
    ]


async def test_nothing_is_published_while_a_stream_is_parked(counted: Ranking) -> None:
    await counted.approve()
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    declare(teller, AGENCY, "2")
    missing, waiting = teller.told[-2:]
    await counted.hear([waiting])

    refused = await counted.publish()

    table = (await counted.get(f"{AT}/table", "council")).json()
    assert code(refused) == (409, "result-hindered")
    assert [each["code"] for each in refused.json()["errors"]] == ["stream-parked"]
    assert (table["incomplete"], table["provisional"]) == ([missing.stream], True)


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), (AGENCY, 403), ("auditor", 403), ("administrator", 403)]
)
async def test_only_the_council_approves(counted: Ranking, who: str, status: int) -> None:
    answer = await counted.post(f"{AT}/approvals", who, {"digest": "0" * 64})

    assert answer.status_code == status


async def test_the_reader_is_told_what_can_be_done(counted: Ranking) -> None:
    body = (await counted.get(f"{AT}/table", "council")).json()["actions"]
    public = (await counted.get(f"{AT}/hindrances", "administrator")).json()["actions"]

    assert (body["approve-result"], body["publish-result"]) == (None, "role-not-allowed")
    assert (public["approve-result"], public["publish-result"]) == (
        "role-not-allowed",
        "result-not-approved",
    )
