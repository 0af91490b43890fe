"""Evidence over HTTP as others read it: for a reason, and in the log before a byte is sent."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from demo.papers import paper
from shared.adapters import messages
from shared.events import submission as events
from shared.events.appraisal import Member
from tests.support.province import GuardedEventStore
from tests.support.small_submission import AGENCY, SCORING, at
from tests.support.submission_desk import ITEMS, SHEET, Desk, open_desk, sha256_of

CONTENT = paper("ke hoach")
FILE = f"{SHEET}/files/{sha256_of(CONTENT)}"
STREAM = f"access/2021/{AGENCY}"
MEMBER = "council@so-noi-vu"
SEAT = Member(id="council-1", agency="so-noi-vu")
OTHERS = ("administrator", "auditor", "survey-officer", MEMBER, f"council@{AGENCY}")
PERSONS = OTHERS[:-1]
WHY = "Theo đơn của ông A."


@pytest.fixture
def store() -> GuardedEventStore:
    return GuardedEventStore()


@pytest.fixture
async def desk(store: GuardedEventStore) -> AsyncIterator[Desk]:
    """The small cycle while agencies score themselves; one has proved an item by a file."""
    async with open_desk(store) as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        await desk.store(CONTENT)
        await desk.attach("1.1", "ke-hoach", CONTENT)
        await desk.attach("1.2", "ke-hoach", CONTENT)
        yield desk


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, "" if answer.status_code == 200 else answer.json()["code"]


async def read(desk: Desk) -> list[events.EvidenceRead]:
    return [fact for fact in await desk.facts(STREAM) if isinstance(fact, events.EvidenceRead)]


async def test_the_agency_reads_what_is_its_own_without_a_trace(desk: Desk) -> None:
    answer = await desk.get(FILE)

    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert await desk.facts(STREAM) == []


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("language", ["vi", "en"])
async def test_without_a_duty_or_a_reason_nobody_else_does_and_is_told_what_to_do(
    desk: Desk, who: str, language: messages.Language
) -> None:
    answer = await desk.as_(who).get(FILE, Accept_Language=language)

    assert code(answer) == (403, "reading-needs-reason")
    said = messages.sentence("reading-needs-reason", language, {"agency": AGENCY})
    assert answer.json()["detail"] == said
    assert f"/agencies/{AGENCY}/readings" in said
    assert await desk.facts(STREAM) == []


@pytest.mark.parametrize("who", OTHERS)
async def test_who_says_why_is_given_the_file_and_both_are_recorded(desk: Desk, who: str) -> None:
    reader = desk.as_(who)

    justified = await reader.post(f"{SHEET}/readings", {"reason": WHY})
    answer = await reader.get(FILE)

    assert (justified.status_code, justified.json()["facts"]) == (200, [f"{STREAM}@1"])
    assert (answer.status_code, answer.content) == (200, CONTENT)
    given, told = await desk.facts(STREAM)
    assert await desk.outside.seals.open(given.because) == WHY
    assert told == events.EvidenceRead(
        cycle="2021",
        agency=AGENCY,
        sha256=sha256_of(CONTENT),
        items=("1.1", "1.2"),
        ground=f"{STREAM}@1",
    )


async def test_a_reason_stands_sealed_in_the_log(desk: Desk) -> None:
    await desk.as_("auditor").justify(WHY)

    [stored] = await desk.outside.store.stream(STREAM, limit=9)
    assert WHY.encode() not in stored.body


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": " \n"}, {"reason": None}])
async def test_a_reason_says_something(desk: Desk, body: object) -> None:
    answer = await desk.as_("auditor").post(f"{SHEET}/readings", body)

    assert code(answer) == (422, "request-invalid")
    assert await desk.facts(STREAM) == []


async def test_a_member_reads_what_is_assigned_to_them_and_the_assignment_is_the_reason(
    desk: Desk,
) -> None:
    await desk.assign(SEAT)

    answer = await desk.as_(MEMBER).get(FILE)

    assert answer.status_code == 200
    assert [fact.ground for fact in await read(desk)] == ["assignment/2021@1"]


async def test_an_assignment_of_another_criterion_or_to_somebody_else_is_none(desk: Desk) -> None:
    await desk.assign(SEAT, criterion="1.3")
    await desk.assign(Member(id="council-2", agency="so-noi-vu"))

    assert code(await desk.as_(MEMBER).get(FILE)) == (403, "reading-needs-reason")


async def test_reading_on_within_an_hour_is_one_reading_and_then_another(desk: Desk) -> None:
    await desk.assign(SEAT)
    times = [SCORING, at(11, 20, 1), at(11, 20, 2), at(11, 21, 1)]
    counted = []

    for when in times:
        desk.clock.set(when)
        await desk.as_(MEMBER).get(FILE)
        counted.append(len(await read(desk)))

    assert counted == [1, 1, 2, 3]


async def test_a_reason_is_over_after_an_hour(desk: Desk) -> None:
    auditor = desk.as_("auditor")
    await auditor.justify()

    desk.clock.set(at(11, 20, 2))
    late = await auditor.get(FILE)
    again = await auditor.post(f"{SHEET}/readings", {"reason": WHY}, key="why-again")

    assert code(late) == (403, "reading-needs-reason")
    assert again.json()["until"].startswith("2021-11-20T03:00:00")
    assert code(await auditor.get(FILE)) == (200, "")


async def test_said_again_by_its_key_a_reason_is_no_news(desk: Desk) -> None:
    auditor = desk.as_("auditor")
    first = await auditor.post(f"{SHEET}/readings", {"reason": WHY})
    desk.clock.set(at(11, 20, 3))

    again = await auditor.post(f"{SHEET}/readings", {"reason": WHY})

    assert (again.json()["facts"], again.json()["until"]) == (first.json()["facts"], None)
    assert code(await auditor.get(FILE)) == (403, "reading-needs-reason")


async def test_many_at_once_are_each_recorded_once(desk: Desk) -> None:
    readers = [desk.as_(who) for who in PERSONS]
    for reader in readers:
        await reader.justify(key=reader.who)

    answers = await asyncio.gather(*(reader.get(FILE) for reader in readers for _ in range(5)))

    assert {answer.status_code for answer in answers} == {200}
    recorded = await desk.outside.store.stream(STREAM, limit=99)
    assert len(recorded) == 2 * len(PERSONS)
    assert len(await read(desk)) == len(PERSONS)


async def test_what_cannot_be_recorded_is_not_served(desk: Desk, store: GuardedEventStore) -> None:
    await desk.assign(SEAT)
    store.away = True

    refused = await desk.as_(MEMBER).get(FILE)
    store.away = False

    assert refused.status_code == 503
    assert CONTENT not in refused.content
    assert await read(desk) == []
    assert (await desk.as_(MEMBER).get(FILE)).content == CONTENT


async def test_a_reading_is_recorded_before_the_first_byte(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.assign(SEAT)
    recorded = []

    async def watched(_: str) -> AsyncIterator[bytes]:
        recorded.append(len(await read(desk)))
        yield CONTENT

    monkeypatch.setattr(desk.outside.files, "read", watched)
    await desk.as_(MEMBER).get(FILE)

    assert recorded == [1]


async def test_evidence_that_was_withdrawn_is_read_for_a_reason_too(desk: Desk) -> None:
    await desk.delete(f"{ITEMS}/1.1/evidence/ke-hoach", If_Match='"1"')
    await desk.delete(f"{ITEMS}/1.2/evidence/ke-hoach", If_Match='"2"')

    without = code(await desk.as_("auditor").get(FILE))
    await desk.as_("auditor").justify()

    assert without == (403, "reading-needs-reason")
    assert code(await desk.as_("auditor").get(FILE)) == (200, "")
    assert [fact.items for fact in await read(desk)] == [("1.1", "1.2")]


async def test_auditors_see_who_read_what_and_the_agency_in_which_role(desk: Desk) -> None:
    await desk.as_("auditor").justify(WHY)
    await desk.as_("auditor").get(FILE)

    first = (await desk.as_("auditor").get(f"{SHEET}/accesses?limit=1")).json()
    rest = (await desk.as_("auditor").get(f"{SHEET}/accesses?cursor={first['next']}")).json()
    seen = (await desk.get(f"{SHEET}/accesses")).json()

    when = "2021-11-20T08:00:00+07:00"
    [justified], [given] = first["items"], rest["items"]
    assert justified == {
        "fact": f"{STREAM}@1",
        "what": "ReadingJustified",
        "at": when,
        "role": "auditor",
        "by": "auditor:auditor-1",
        "until": "2021-11-20T09:00:00+07:00",
        "reason": WHY,
    }
    assert given == {
        "fact": f"{STREAM}@2",
        "what": "EvidenceRead",
        "at": when,
        "role": "auditor",
        "by": "auditor:auditor-1",
        "file": {"sha256": sha256_of(CONTENT)},
        "items": ["1.1", "1.2"],
        "ground": f"{STREAM}@1",
    }
    hidden = {"by", "reason"}
    assert seen["items"] == [
        {name: part for name, part in each.items() if name not in hidden}
        for each in (justified, given)
    ]


@pytest.mark.parametrize("who", ["agency@so-noi-vu", MEMBER, "survey-officer"])
async def test_nobody_else_sees_the_list(desk: Desk, who: str) -> None:
    assert (await desk.as_(who).get(f"{SHEET}/accesses")).status_code == 403


async def test_there_is_no_list_of_an_agency_that_is_not_there(desk: Desk) -> None:
    other = SHEET.replace(AGENCY, "so-khac")
    auditor = desk.as_("auditor")

    assert code(await auditor.get(f"{other}/accesses")) == (404, "agency-not-in-cycle")
    body = {"reason": WHY}
    assert code(await auditor.post(f"{other}/readings", body)) == (404, "agency-not-in-cycle")
