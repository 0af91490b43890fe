"""Submission over HTTP: cycles are opened, changed by decision, copied, imported and read."""

from collections.abc import AsyncIterator

import pytest

from shared.events import codec
from shared.events import submission as events
from shared.events.envelope import Context, Sealed
from tests.support.small_submission import AGENCIES, AGENCY, CYCLE, OTHER, SCHEME, SCORING, TIER
from tests.support.submission_desk import (
    CYCLE_BODY,
    CYCLE_PATH,
    ITEMS,
    REASON,
    SHEET,
    Desk,
    open_desk,
)

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


async def test_a_cycle_is_opened_once(desk: Desk) -> None:
    again = await desk.open_cycle()

    assert again.json() == {"facts": [], "version": 2}


async def test_another_cycle_of_the_same_name_is_refused(desk: Desk) -> None:
    answer = await desk.put(CYCLE_PATH, {**CYCLE_BODY, "year": 2022})

    assert (answer.status_code, answer.json()["code"]) == (409, "cycle-exists")
    assert await version(desk) == 2


async def test_only_an_administrator_opens_cycles(desk: Desk) -> None:
    answers = [
        await desk.as_(who).put("/cycles/2022", CYCLE_BODY)
        for who in (f"agency@{AGENCY}", "council@so-noi-vu", "survey-officer", "auditor")
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_a_scheme_with_flaws_is_refused_with_their_places(desk: Desk) -> None:
    scheme = {**SCHEME, "maximum": "21", "title": 7}

    answer = await desk.put("/cycles/2022", {**CYCLE_BODY, "schemes": {TIER: scheme}})

    assert (answer.status_code, answer.json()["code"]) == (409, "cycle-invalid")
    assert {(e["pointer"], e["code"]) for e in answer.json()["errors"]} == {
        (f"/schemes/{TIER}/maximum", "children-below-maximum"),
        (f"/schemes/{TIER}/title", "text-expected"),
    }


async def test_a_cycle_is_opened_by_copying_an_earlier_one(desk: Desk) -> None:
    body = {k: CYCLE_BODY[k] for k in ("decision", "calendar")} | {
        "year": 2022,
        "copy_from": CYCLE,
    }

    opened = await desk.put("/cycles/2022", body)
    await desk.post(f"{CYCLE_PATH}/agencies/{OTHER}/withdrawal", REASON)
    again = await desk.put("/cycles/2022", body)

    assert opened.status_code == 200, opened.text
    assert again.json() == {"facts": [], "version": 2}
    copy = (await desk.get("/cycles/2022")).json()
    assert [agency["code"] for agency in copy["agencies"]] == [a.code for a in AGENCIES]
    assert copy["copied_from"] == CYCLE
    assert (await desk.get(f"/cycles/2022/schemes/{TIER}")).json() == SCHEME


async def test_there_is_nothing_to_copy_from_a_cycle_that_nobody_opened(desk: Desk) -> None:
    answer = await desk.put("/cycles/2022", {**CYCLE_BODY, "copy_from": "1999", "agencies": None})

    assert (answer.status_code, answer.json()["code"]) == (404, "cycle-unknown")


async def test_a_cycle_shows_its_calendar_in_force_and_what_may_be_done(desk: Desk) -> None:
    body = {**REASON, "phase": "self-scoring", "agency": OTHER, "until": "2021-12-15T00:00:00Z"}
    await desk.post(f"{CYCLE_PATH}/deadlines", body)

    cycle = (await desk.get(CYCLE_PATH)).json()
    seen_by_agency = (await desk.as_(f"agency@{AGENCY}").get(CYCLE_PATH)).json()

    assert cycle["calendar"][0]["extensions"] == {OTHER: "2021-12-15T07:00:00+07:00"}
    assert cycle["schemes"][TIER]["sample"] is True
    assert cycle["actions"] == {
        "amend-scheme": None,
        "withdraw-cycle": None,
        "extend-deadline": None,
        "change-agencies": None,
        "import-results": "import-into-running-cycle",
    }
    assert set(seen_by_agency["actions"].values()) == {"role-not-allowed"}


async def test_cycles_are_listed_page_by_page(desk: Desk) -> None:
    await desk.put("/cycles/2020", CYCLE_BODY)

    first = (await desk.get("/cycles?limit=1")).json()
    second = (await desk.get(f"/cycles?limit=1&cursor={first['next']}")).json()

    assert [cycle["cycle"] for cycle in (*first["items"], *second["items"])] == ["2020", CYCLE]
    assert second["next"] is None


@pytest.mark.parametrize("path", ["/cycles", CYCLE_PATH, f"{CYCLE_PATH}/progress"])
async def test_the_public_reads_no_cycles_here(desk: Desk, path: str) -> None:
    answer = await desk.client.get(path)

    assert (answer.status_code, answer.json()["code"]) == (401, "sign-in-needed")
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_scheme_is_amended_with_a_reason(desk: Desk) -> None:
    amended = {**SCHEME, "title": "Bộ tiêu chí MẪU sửa đổi"}
    path = f"{CYCLE_PATH}/schemes/{TIER}"

    answer = await desk.put(path, {**REASON, "scheme": amended})
    again = await desk.put(path, {**REASON, "scheme": amended})

    assert answer.json()["version"] == 3
    assert again.json()["facts"] == []
    assert (await desk.get(path)).json()["title"] == amended["title"]


async def test_a_scheme_that_cannot_be_read_any_more_stops_no_reading(desk: Desk) -> None:
    unreadable = events.SchemeAmended(
        cycle=CYCLE,
        tier=TIER,
        scheme={**SCHEME, "maximum": "19"},
        decision=events.LegalAct(number="1/QĐ", on=SCORING.date()),
        because=Sealed("key", "?"),
    )
    await desk.outside.store.append([codec.encode(STREAM, 3, Context(SCORING), unreadable)])

    readings = [await desk.get(path) for path in (CYCLE_PATH, f"{CYCLE_PATH}/progress")]
    sheet = await desk.get(SHEET)
    locking = await desk.step("lock-overdue")

    assert [answer.status_code for answer in readings] == [200, 200]
    assert (sheet.status_code, sheet.json()["code"]) == (409, "scheme-unreadable")
    assert locking == 0


async def test_a_deadline_is_not_moved_back(desk: Desk) -> None:
    body = {**REASON, "phase": "self-scoring", "until": "2021-12-01T00:00:00Z"}

    answer = await desk.post(f"{CYCLE_PATH}/deadlines", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "deadline-not-later")
    assert await version(desk) == 2


async def test_the_same_key_for_another_command_is_refused(desk: Desk) -> None:
    body = {**REASON, "phase": "self-scoring", "until": "2021-12-15T00:00:00Z"}
    await desk.post(f"{CYCLE_PATH}/deadlines", body, key="k")

    other = await desk.post(
        f"{CYCLE_PATH}/deadlines", {**body, "until": "2021-12-16T00:00:00Z"}, key="k"
    )

    assert (other.status_code, other.json()["code"]) == (409, "idempotency-key-reused")
    assert await version(desk) == 3


async def test_an_agency_joins_and_leaves(desk: Desk) -> None:
    path = f"{CYCLE_PATH}/agencies/so-moi"
    body = {**REASON, "name": "Sở mới", "tier": TIER, "ranked": True}
    newcomer = desk.as_("agency@so-moi")

    joined = await desk.put(path, body)
    scored = await newcomer.put(f"{path}/items/1.1/score", {"inputs": {"points": "3"}})
    left = await desk.post(f"{path}/withdrawal", REASON)
    late = await newcomer.put(f"{path}/items/1.2/score", {"inputs": {"option": "yes"}})

    assert [a.status_code for a in (joined, scored, left)] == [200, 200, 200]
    assert (late.status_code, late.json()["code"]) == (409, "agency-withdrawn")
    assert await desk.version("so-moi") == 1


async def test_a_withdrawn_cycle_takes_nothing_more(desk: Desk) -> None:
    await desk.post(f"{CYCLE_PATH}/withdrawal", REASON)

    answer = await desk.as_(f"agency@{AGENCY}").put(
        f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}}
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "cycle-withdrawn")
    assert (await desk.get("/cycles")).json()["items"][0]["status"] == "withdrawn"


async def test_progress_says_who_has_not_begun(desk: Desk) -> None:
    agency = desk.as_(f"agency@{AGENCY}")
    await agency.put(f"{ITEMS}/1.2/score", {"inputs": {"option": "yes"}})
    await desk.as_(f"agency@{OTHER}").post(f"{CYCLE_PATH}/agencies/{OTHER}/lock")

    progress = (await desk.get(f"{CYCLE_PATH}/progress")).json()
    own = (await agency.get(f"{CYCLE_PATH}/progress")).json()

    assert progress["not_begun"] == ["thanh-tra"]
    assert progress["locked"] == [OTHER]
    assert [(row["declared"], row["items"], row["percent"]) for row in progress["agencies"]] == [
        (1, 5, "20.00"),
        (0, 4, "0.00"),
        (0, 5, "0.00"),
    ]
    assert [row["agency"] for row in own["agencies"]] == [AGENCY]


async def test_what_is_taken_back_is_not_progress(desk: Desk) -> None:
    agency = desk.as_(f"agency@{AGENCY}")
    await agency.put(f"{ITEMS}/1.2/score", {"inputs": {"option": "yes"}})
    await agency.delete(f"{ITEMS}/1.2/score", If_Match='"1"')

    progress = (await agency.get(f"{CYCLE_PATH}/progress")).json()

    [row] = progress["agencies"]
    assert (row["declared"], row["status"]) == (0, "draft")


async def test_a_sheet_that_nobody_has_is_not_found(desk: Desk) -> None:
    answer = await desk.get(f"{CYCLE_PATH}/agencies/so-la")

    assert (answer.status_code, answer.json()["code"]) == (404, "agency-not-in-cycle")


async def test_a_sheet_shows_what_each_item_wants(desk: Desk) -> None:
    sheet = (await desk.as_(f"agency@{OTHER}").get(SHEET.replace(AGENCY, OTHER))).json()

    items = {item["item"]: item for item in sheet["items"]}
    assert list(items) == ["1.1", "1.2", "1.3", "1.4", "B1"]
    assert items["1.2"]["inputs_wanted"] == [
        {
            "name": "option",
            "kind": "code",
            "choices": ["yes", "no"],
            "minimum": None,
            "maximum": None,
        }
    ]
    assert items["1.4"]["status"] == "not-applicable"
    assert items["B1"]["part"] == "bonus"
    assert sheet["scheme"]["title"] == SCHEME["title"]
