"""Submission over HTTP: what an agency declares, and what is refused without changing anything."""

import unicodedata
from collections.abc import AsyncIterator

import pytest

from demo.papers import paper
from tests.support.small_submission import AGENCY, DEADLINE, SCORING
from tests.support.submission_desk import CYCLE_PATH, ITEMS, SHEET, Desk, open_desk

CONTENT = paper("ke hoach")
SCORE = f"{ITEMS}/1.1/score"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


def points(text: str) -> dict[str, dict[str, str]]:
    return {"inputs": {"points": text}}


async def test_a_sheet_goes_from_opening_to_lock(desk: Desk) -> None:
    score = await desk.put(SCORE, points("3.5"))
    stored = await desk.store(CONTENT)
    evidence = await desk.attach("1.1", "ke-hoach", CONTENT)
    locked = await desk.post(f"{SHEET}/lock")

    assert score.headers["ETag"] == '"1"', score.text
    assert stored.status_code == 201, stored.text
    assert evidence.status_code == 200, evidence.text
    assert locked.json() == {"facts": [f"submission/2021/{AGENCY}@3"], "version": 3}


# --- If-Match


async def test_a_change_needs_the_version_that_was_read(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))

    unread = await desk.put(SCORE, points("2"))
    stale = await desk.put(SCORE, points("2"), If_Match='"7"')

    assert (unread.status_code, unread.json()["code"]) == (428, "version-required")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert stale.json()["details"]["current"] == "1"
    assert await desk.version() == 1


async def test_a_change_of_what_was_read_is_taken(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))
    read = await desk.get(SCORE)

    changed = await desk.put(SCORE, points("2"), If_Match=read.headers["ETag"])

    assert (changed.status_code, changed.headers["ETag"]) == (200, '"2"')
    assert (await desk.get(SCORE)).json()["points"] == "2"


async def test_saying_the_same_again_is_no_news_without_a_version(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))

    again = await desk.put(SCORE, points("3"))

    assert again.json() == {"facts": [], "version": 1}
    assert again.headers["ETag"] == '"1"'


async def test_two_officers_work_on_different_items_at_once(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))
    read = await desk.get(SCORE)
    await desk.put(f"{ITEMS}/1.2/score", {"inputs": {"option": "yes"}})

    changed = await desk.put(SCORE, points("2"), If_Match=read.headers["ETag"])

    assert changed.status_code == 200


async def test_a_declaration_is_taken_back_with_its_version(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))

    unread = await desk.delete(SCORE)
    gone = await desk.delete(SCORE, If_Match='"1"')

    assert unread.status_code == 428
    assert gone.status_code == 200
    assert (await desk.get(SCORE)).json()["code"] == "score-unknown"


# --- A whole sheet


async def test_a_whole_sheet_is_taken_at_once(desk: Desk) -> None:
    body = {"scores": {"1.1": points("3"), "1.2": {"inputs": {"option": "yes"}}}}

    answer = await desk.put(f"{SHEET}/scores", body)

    assert len(answer.json()["facts"]) == 2
    assert answer.headers["ETag"] == '"2"'


async def test_one_flaw_keeps_back_the_whole_sheet(desk: Desk) -> None:
    body = {"scores": {"1.1": points("4.5"), "1.2": {"inputs": {"option": "yes"}}}}

    answer = await desk.put(f"{SHEET}/scores", body)

    assert (answer.status_code, answer.json()["code"]) == (409, "sheet-invalid")
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/scores/1.1/inputs/points"]
    assert await desk.version() == 0


async def test_a_sheet_is_changed_by_the_version_of_the_sheet(desk: Desk) -> None:
    await desk.put(SCORE, points("3"))
    read = await desk.get(SHEET)
    body = {"scores": {"1.1": points("2"), "1.2": {"inputs": {"option": "yes"}}}}

    unread = await desk.put(f"{SHEET}/scores", body)
    changed = await desk.put(f"{SHEET}/scores", body, If_Match=read.headers["ETag"])

    assert unread.status_code == 428
    assert len(changed.json()["facts"]) == 2


# --- Bad input changes nothing


@pytest.mark.parametrize(
    ("item", "text", "status", "code"),
    [
        ("1.1", "4.25", 409, "points-above-maximum"),
        ("1.1", "3.1", 409, "points-off-step"),
        ("1.1", "-0.25", 409, "points-negative"),
        ("1.1", "NaN", 409, "number-malformed"),
        ("1.1", "Infinity", 409, "number-malformed"),
        ("1.1", "1e9", 409, "number-malformed"),
        ("1.1", "3,5", 409, "number-malformed"),
        ("1.1", "9" * 60, 409, "number-too-large"),
        ("1.1", "9" * 301, 422, "request-invalid"),
        ("1.1", "3\u0000", 422, "request-invalid"),
        ("7.7", "1", 409, "item-unknown"),
        ("9.1", "1", 409, "item-is-surveyed"),
        ("1.1'--", "1", 422, "request-invalid"),
    ],
)
async def test_what_cannot_be_declared_changes_nothing(
    desk: Desk, item: str, text: str, status: int, code: str
) -> None:
    answer = await desk.put(f"{ITEMS}/{item}/score", points(text))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await desk.version() == 0


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"inputs": {"points": NaN}}', 400, "number-not-finite"),
        (b'{"inputs": {"points": 3.5}}', 422, "request-invalid"),
        (b'{"inputs": {"points": "3"}, "agency": "so-noi-vu"}', 422, "request-invalid"),
        (b'{"inputs": ', 400, "json-malformed"),
        (b'{"inputs": {"points": "' + b"9" * 10_000_000 + b'"}}', 413, "body-too-large"),
    ],
    ids=["nan", "float", "extra", "broken", "10-mb"],
)
async def test_a_body_that_is_no_request_changes_nothing(
    desk: Desk, body: bytes, status: int, code: str
) -> None:
    headers = {"Authorization": f"Bearer {desk.who}", "Content-Type": "application/json"}

    answer = await desk.client.put(SCORE, content=body, headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await desk.version() == 0


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("agency@so-noi-vu", 403, "agency-not-yours"),
        ("council@so-noi-vu", 403, "role-not-allowed"),
        ("administrator", 403, "role-not-allowed"),
        ("auditor", 403, "role-not-allowed"),
        ("public", 401, "sign-in-needed"),
        ("nobody", 401, "token-invalid"),
    ],
)
async def test_nobody_else_declares_for_an_agency(
    desk: Desk, who: str, status: int, code: str
) -> None:
    answer = await desk.as_(who).put(SCORE, points("3"))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await desk.version() == 0


async def test_an_agency_of_another_cycle_declares_nothing_here(desk: Desk) -> None:
    stranger = desk.as_("agency@so-la")

    answer = await stranger.put(f"{CYCLE_PATH}/agencies/so-la/items/1.1/score", points("3"))

    assert (answer.status_code, answer.json()["code"]) == (409, "agency-not-in-cycle")
    assert await desk.version("so-la") == 0


async def test_a_cycle_that_nobody_opened_is_not_found(desk: Desk) -> None:
    answer = await desk.put(f"/cycles/1999/agencies/{AGENCY}/items/1.1/score", points("3"))

    assert (answer.status_code, answer.json()["code"]) == (404, "cycle-unknown")


async def test_after_the_lock_nothing_is_declared(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")

    answer = await desk.put(SCORE, points("3"))

    assert (answer.status_code, answer.json()["code"]) == (409, "submission-locked")
    assert await desk.version() == 1


async def test_a_refusal_speaks_vietnamese_and_english(desk: Desk) -> None:
    desk.clock.set(DEADLINE)

    vietnamese = await desk.put(SCORE, points("3"))
    english = await desk.put(SCORE, points("3"), Accept_Language="en")

    assert vietnamese.json()["detail"] == (
        "Đã hết hạn tự đánh giá lúc 08:00 10/12/2021; "
        "hãy đề nghị Sở Nội vụ gia hạn hoặc mở lại phiếu."
    )
    assert english.json()["detail"] == (
        "Self-scoring closed at 08:00 10/12/2021; ask the administrator for more time."
    )


async def test_decomposed_letters_are_the_same_text(desk: Desk) -> None:
    text = "Đã thực hiện đầy đủ"
    path = f"{ITEMS}/1.1/explanation"
    await desk.put(path, {"text": text})

    again = await desk.put(path, {"text": unicodedata.normalize("NFD", text)})

    assert again.json() == {"facts": [], "version": 1}


async def test_a_command_without_a_key_is_malformed(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer {desk.who}"}

    answer = await desk.client.post(f"{SHEET}/lock", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency-key-required")
    assert await desk.version() == 0
