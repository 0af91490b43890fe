"""Submission over HTTP: files, evidence and explanations."""

from collections.abc import AsyncIterator

import pytest

from demo.papers import paper
from services.submission.domain.submission import FILE_BYTES_MAX
from shared.events import appraisal as appraisal_events
from shared.events import codec
from shared.events import submission as events
from shared.events.appraisal import Member
from shared.events.envelope import Context, Sealed
from shared.kernel.calendar import VIETNAM
from shared.ports import REMOVED, Message
from tests.support.small_submission import AGENCY, DEADLINE, SCORING, at
from tests.support.submission_desk import CYCLE_PATH, ITEMS, SHEET, Desk, open_desk, sha256_of

CONTENT = paper("ke hoach")
FILE = f"{SHEET}/files/{sha256_of(CONTENT)}"


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def test_storing_a_file_that_the_sheet_has_is_no_news(desk: Desk) -> None:
    first = await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)

    second = await desk.store(CONTENT)

    assert (first.status_code, second.status_code) == (201, 200)


async def test_nobody_learns_that_another_agency_has_stored_the_same(desk: Desk) -> None:
    other = desk.as_("agency@so-noi-vu")
    await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)
    path = f"{CYCLE_PATH}/agencies/so-noi-vu/files"
    headers = {"Authorization": f"Bearer {other.who}"}

    answers = [
        await desk.client.put(f"{path}/{sha256_of(each)}", content=each, headers=headers)
        for each in (CONTENT, paper("nobody has this"))
    ]

    assert [answer.status_code for answer in answers] == [201, 201]


async def test_after_the_lock_no_file_is_taken_unless_the_council_asks(desk: Desk) -> None:
    await desk.post(f"{SHEET}/lock")
    refused = await desk.store(CONTENT)
    kept = await desk.inside(sha256_of(CONTENT))
    asked = appraisal_events.ExplanationRequested(
        cycle="2021", agency=AGENCY, item="1.1", question=Sealed("key", "?"), until=at(12, 20)
    )
    stored = codec.encode(f"appraisal/2021/{AGENCY}", 1, Context(SCORING), asked)
    await desk.outside.topic.publish([Message("2021", stored.body)])
    await desk.step("receive")

    taken = await desk.store(CONTENT)

    assert (refused.status_code, refused.json()["code"]) == (409, "submission-locked")
    assert not kept
    assert taken.status_code == 201, taken.text


async def test_after_the_deadline_no_file_is_taken(desk: Desk) -> None:
    desk.clock.set(DEADLINE)

    answer = await desk.store(CONTENT)

    assert (answer.status_code, answer.json()["code"]) == (409, "self-scoring-closed")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("council@so-noi-vu", 200),
        ("administrator", 200),
        ("auditor", 200),
        ("survey-officer", 404),
        (f"agency@{AGENCY}", 404),
    ],
)
async def test_who_judges_or_audits_reads_evidence_that_was_replaced_or_withdrawn(
    desk: Desk, who: str, status: int
) -> None:
    await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)
    await desk.attach("1.2", "ke-hoach", CONTENT)
    newer = paper("ke hoach moi")
    await desk.store(newer)
    await desk.attach("1.1", "ke-hoach", newer)
    await desk.delete(f"{ITEMS}/1.2/evidence/ke-hoach", If_Match='"2"')

    if status == 200:
        await desk.as_(who).justify()

    answer = await desk.as_(who).get(FILE)

    assert answer.status_code == status
    assert (answer.content == CONTENT) == (status == 200)


async def test_a_file_under_a_wrong_hash_is_not_kept(desk: Desk) -> None:
    wrong = sha256_of(b"something else")

    answer = await desk.store(CONTENT, name=wrong)

    assert (answer.status_code, answer.json()["code"]) == (409, "file-hash-differs")
    assert not await desk.inside(wrong)


async def test_a_file_that_is_too_large_is_not_kept(desk: Desk) -> None:
    content = bytes(FILE_BYTES_MAX + 1)

    answer = await desk.store(content)

    assert (answer.status_code, answer.json()["code"]) == (413, "file-too-large")
    assert not await desk.inside(sha256_of(content))


async def test_a_file_of_another_agency_is_not_taken(desk: Desk) -> None:
    answer = await desk.as_("agency@so-noi-vu").store(CONTENT)

    assert (answer.status_code, answer.json()["code"]) == (403, "agency-not-yours")


async def test_evidence_names_its_file_by_hash_and_size(desk: Desk) -> None:
    await desk.store(CONTENT)

    await desk.attach("1.1", "ke-hoach", CONTENT)

    [fact] = await desk.facts(f"submission/2021/{AGENCY}")
    assert fact.file == events.StoredFile(
        sha256=sha256_of(CONTENT), size_bytes=len(CONTENT), media_type="application/pdf"
    )


async def test_attaching_the_same_twice_is_no_news(desk: Desk) -> None:
    await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)

    again = await desk.attach("1.1", "ke-hoach", CONTENT)

    assert again.json() == {"facts": [], "version": 1}


async def test_evidence_is_withdrawn_by_its_version_as_the_sheet_says(desk: Desk) -> None:
    path, newer = f"{ITEMS}/1.1/evidence/ke-hoach", paper("ke hoach moi")
    await desk.store(CONTENT)
    await desk.store(newer)
    read = await desk.attach("1.1", "ke-hoach", CONTENT)
    replaced = await desk.attach("1.1", "ke-hoach", newer)
    [item, *_] = (await desk.get(SHEET)).json()["items"]

    unread = await desk.delete(path)
    stale = await desk.delete(path, If_Match=read.headers["ETag"])
    gone = await desk.delete(path, If_Match=replaced.headers["ETag"])
    again = await desk.delete(path)

    assert [each["version"] for each in item["evidence"]] == [2]
    assert replaced.headers["ETag"] == '"2"'
    assert (unread.status_code, unread.json()["code"]) == (428, "version-required")
    assert (stale.status_code, stale.json()["code"]) == (412, "version-stale")
    assert gone.status_code == again.status_code == 200
    assert again.json()["facts"] == []


@pytest.mark.parametrize(
    ("item", "content", "media_type", "code"),
    [
        ("1.1", CONTENT, "application/x-msdownload", "file-type-forbidden"),
        ("1.1", CONTENT, "text/html", "file-type-forbidden"),
        ("1.1", b"never stored", "application/pdf", "file-not-stored"),
        ("7.7", CONTENT, "application/pdf", "item-unknown"),
        ("9.1", CONTENT, "application/pdf", "item-is-surveyed"),
    ],
)
async def test_evidence_that_cannot_be_taken_changes_nothing(
    desk: Desk, item: str, content: bytes, media_type: str, code: str
) -> None:
    await desk.store(CONTENT)

    answer = await desk.attach(item, "ke-hoach", content, media_type)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert await desk.version() == 0


async def test_the_council_reads_attached_files_as_downloads(desk: Desk) -> None:
    await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)
    await desk.assign(Member(id="council-1", agency="so-noi-vu"))

    answer = await desk.as_("council@so-noi-vu").get(FILE)

    assert answer.content == CONTENT
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")


async def test_a_file_that_is_not_attached_to_the_sheet_is_not_found(desk: Desk) -> None:
    await desk.store(CONTENT)
    await desk.attach("1.1", "ke-hoach", CONTENT)
    elsewhere = f"{CYCLE_PATH}/agencies/so-noi-vu/files/{sha256_of(CONTENT)}"
    await desk.delete(f"{ITEMS}/1.1/evidence/ke-hoach", If_Match='"1"')

    detached = await desk.get(FILE)
    of_another = await desk.as_("agency@so-noi-vu").get(elsewhere)

    assert (detached.status_code, detached.json()["code"]) == (404, "file-unknown")
    assert (of_another.status_code, of_another.json()["code"]) == (404, "file-unknown")


async def test_another_agency_reads_nothing_of_the_sheet(desk: Desk) -> None:
    other = desk.as_("agency@so-noi-vu")

    answers = [
        await other.get(path)
        for path in (SHEET, FILE, f"{SHEET}/missing", f"{SHEET}/history", f"{ITEMS}/1.1/score")
    ]

    assert {answer.json()["code"] for answer in answers} == {"agency-not-yours"}


async def test_an_explanation_is_sealed_in_the_log_and_read_in_clear(desk: Desk) -> None:
    text = "Không phát sinh văn bản, đã báo cáo Sở Nội vụ."
    await desk.put(f"{ITEMS}/1.1/explanation", {"text": text})

    sheet = (await desk.as_("council@so-noi-vu").get(SHEET)).json()

    [stored] = await desk.outside.store.stream(f"submission/2021/{AGENCY}", limit=9)
    assert text.encode() not in stored.body
    assert sheet["items"][0]["explanation"]["text"] == text


async def test_a_shredded_explanation_reads_as_removed(desk: Desk) -> None:
    await desk.put(f"{ITEMS}/1.1/explanation", {"text": "Họ tên, số điện thoại"})
    [fact] = await desk.facts(f"submission/2021/{AGENCY}")

    await desk.outside.seals.shred(fact.text.key)

    sheet = (await desk.get(SHEET)).json()
    assert sheet["items"][0]["explanation"] == {
        "fact": f"submission/2021/{AGENCY}@1",
        "text": REMOVED,
    }


async def test_missing_says_what_is_to_be_proved_and_what_is_undeclared(desk: Desk) -> None:
    await desk.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}})

    missing = (await desk.get(f"{SHEET}/missing")).json()
    locked = await desk.post(f"{SHEET}/lock")

    assert [item["item"] for item in missing["proof"]] == ["1.1"]
    assert [item["item"] for item in missing["undeclared"]] == ["1.2", "1.3", "1.4", "B1"]
    assert (locked.status_code, locked.json()["code"]) == (409, "submission-incomplete")
    assert [error["pointer"] for error in locked.json()["errors"]] == ["/items/1.1"]


async def test_the_history_says_who_changed_what_and_when(desk: Desk) -> None:
    await desk.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}})
    await desk.put(f"{ITEMS}/1.2/score", {"inputs": {"option": "yes"}})
    await desk.put(f"{ITEMS}/1.1/explanation", {"text": "Vì sao"})

    first = (await desk.get(f"{SHEET}/history?limit=2")).json()
    rest = (await desk.get(f"{SHEET}/history?limit=2&cursor={first['next']}")).json()
    of_item = (await desk.get(f"{SHEET}/history?item=1.1")).json()

    assert [entry["what"] for entry in first["items"]] == ["ScoreSubmitted", "ScoreSubmitted"]
    assert rest["items"] == [
        {
            "fact": f"submission/2021/{AGENCY}@3",
            "what": "ExplanationGiven",
            "at": SCORING.astimezone(VIETNAM).isoformat(),
            "by": "agency:agency-1",
            "item": "1.1",
            "text": "Vì sao",
        }
    ]
    assert rest["next"] is None
    assert [entry["what"] for entry in of_item["items"]] == ["ScoreSubmitted", "ExplanationGiven"]
