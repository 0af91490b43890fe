"""What can be read of the appraisal over HTTP, and by whom."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.support.council_room import (
    ADMINISTRATOR,
    AUDITOR,
    CYCLE,
    OWNER,
    RECOGNISE,
    REJECT,
    SHEET,
    Room,
    code_of,
    open_room,
)
from tests.support.small_appraisal import (
    AFTERWARDS,
    AGENCY,
    M1,
    M2,
    ROUND_2,
    STREAM,
    SUBMISSION,
    explained,
)


@pytest.fixture
async def room() -> AsyncIterator[Room]:
    """The council in its first round."""
    async with open_room() as room:
        yield room


async def test_a_rejection_is_read_by_both_sides_with_its_reason(room: Room) -> None:
    await room.decide("1.1.1", REJECT)

    for reader in (OWNER, M1, AUDITOR):
        item = (await room.as_(reader).get(f"{SHEET}/items/1.1.1")).json()
        assert (item["reason"], item["gap"]) == ("Kế hoạch ban hành muộn.", "0.5")


async def test_no_text_stands_open_in_the_log(room: Room) -> None:
    await room.decide("1.1.1", REJECT)

    stored = await room.outside.store.stream(STREAM, limit=10)
    assert all("muộn".encode() not in fact.body for fact in stored)


async def test_the_queue_shows_what_is_assigned_by_status(room: Room) -> None:
    await room.decide("1.1.1", RECOGNISE)

    pending = (await room.get(f"{CYCLE}/queue")).json()["items"]
    recognised = (await room.get(f"{CYCLE}/queue?status=recognised")).json()["items"]
    others = (await room.as_(M2).get(f"{CYCLE}/queue?status=all")).json()["items"]

    assert [item["item"] for item in pending] == ["1.1.2", "B1"]
    assert [item["item"] for item in recognised] == ["1.1.1"]
    assert [item["item"] for item in others] == ["1.1.1", "1.1.2", "1.3"]
    assert (pending[0]["agency"], pending[0]["locked"]) == (AGENCY, True)


async def test_the_queue_is_read_page_by_page(room: Room) -> None:
    first = (await room.get(f"{CYCLE}/queue?limit=2")).json()
    second = (await room.get(f"{CYCLE}/queue?limit=2&cursor={first['next']}")).json()

    assert [item["item"] for item in first["items"]] == ["1.1.1", "1.1.2"]
    assert [item["item"] for item in second["items"]] == ["B1"]
    assert second["next"] is None


async def test_the_queue_holds_nothing_of_the_own_agency(room: Room) -> None:
    own = (await room.as_(replace(M1, agency=AGENCY)).get(f"{CYCLE}/queue")).json()

    assert own["items"] == []


async def test_who_acted_for_an_agency_finds_nothing_of_it_in_the_queue(room: Room) -> None:
    await room.hear(SUBMISSION, explained(), by=f"agency:{M1.id}")

    queue = (await room.get(f"{CYCLE}/queue?status=all")).json()
    item = (await room.get(f"{SHEET}/items/1.1.1")).json()
    decided = await room.put(f"{SHEET}/items/1.1.1/decision", RECOGNISE)

    assert queue == {"items": [], "next": None}
    assert set(item["actions"].values()) == {"agency-is-your-own"}
    assert code_of(decided) == (403, "agency-is-your-own")
    others = (await room.as_(M2).get(f"{CYCLE}/queue?status=all")).json()
    assert [each["item"] for each in others["items"]] == ["1.1.1", "1.1.2", "1.3"]


async def test_progress_names_every_agency_of_the_cycle(room: Room) -> None:
    await room.decide("1.1.1", REJECT)

    progress = (await room.as_(AUDITOR).get(f"{CYCLE}/progress")).json()

    shown = [
        (each["agency"], each["status"], each["decided"], each["pending"], each["gap"])
        for each in progress
    ]
    assert shown == [("so-noi-vu", "not-opened", 0, 0, "0"), (AGENCY, "open", 1, 3, "0.5")]


async def test_the_history_says_who_did_what(room: Room) -> None:
    await room.decide("1.1.1", REJECT)

    first = (await room.as_(OWNER).get(f"{SHEET}/history?limit=1")).json()
    second = (await room.as_(OWNER).get(f"{SHEET}/history?cursor={first['next']}")).json()

    assert [entry["what"] for entry in first["items"]] == ["AppraisalOpened"]
    [entry] = second["items"]
    assert (entry["what"], entry["by"], entry["at"]) == (
        "ScoreRejected",
        "council:m1",
        "2021-12-15T01:00:00+00:00",
    )
    assert (entry["reason"], second["next"]) == ("Kế hoạch ban hành muộn.", None)


async def test_assignments_are_read_with_the_criteria_that_lack_members(room: Room) -> None:
    path = f"{CYCLE}/tiers/department/criteria"
    everything = (await room.as_(ADMINISTRATOR).get(f"{CYCLE}/assignments")).json()
    one = (await room.get(f"{path}/1.3/assignment")).json()

    assert [each["criterion"] for each in everything] == ["1.1", "1.3", "B1", "P1"]
    assert everything[0]["items"] == ["1.1.1", "1.1.2"]
    assert one["members"] == [{"id": "m2", "agency": "so-tu-phap"}]
    assert code_of(await room.get(f"{path}/7.7/assignment")) == (404, "criterion-unknown")


async def test_a_sheet_says_what_its_reader_may_do(room: Room) -> None:
    mine = (await room.get(SHEET)).json()
    theirs = (await room.as_(OWNER).get(SHEET)).json()
    room.clock.set(AFTERWARDS)
    late = (await room.get(SHEET)).json()

    assert mine["actions"] == {"approve-appraisal": "items-pending", "propose-action": None}
    assert [item["actions"]["decide-score"] for item in mine["items"]] == [
        None,
        None,
        "criterion-not-assigned",
        None,
    ]
    assert theirs["items"][0]["actions"] == {
        "decide-score": "role-not-allowed",
        "request-explanation": "role-not-allowed",
    }
    assert late["items"][0]["actions"]["decide-score"] == "appraisal-round-closed"


async def test_the_second_round_is_on_record(room: Room) -> None:
    room.clock.set(ROUND_2)

    await room.decide("1.1.1", REJECT)

    assert (await room.get(f"{SHEET}/items/1.1.1")).json()["round"] == 2
