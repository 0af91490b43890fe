"""A cycle as each service records it when people speak to it over HTTP, with every fact of it."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import httpx

from demo.papers import paper
from shared.adapters.memory import MemoryScanner
from shared.events.codec import Stored
from shared.ports import EventStore
from tests.support import council_room, submission_desk, survey_office
from tests.support.sample_files import infected_paper
from tests.support.small_appraisal import LOCKED, M1, M2, REOPENED, SUBMISSION, declared
from tests.support.small_submission import AGENCY, DEADLINE, OTHER, SCHEME, SCORING, TIER
from tests.support.submission_desk import (
    CYCLE_BODY,
    CYCLE_PATH,
    ITEMS,
    REASON,
    SHEET,
    sha256_of,
)

FACTS_MAX = 1_000
CONTENT = paper("ke hoach")
INFECTED = infected_paper()
PAST = [
    {name: text.replace("202", "201") for name, text in phase.items()}
    for phase in CYCLE_BODY["calendar"]
]
PUBLISHED = {
    "source": "Quyết định số 1/QĐ-UBND",
    "scores": [{"agency": AGENCY, "item": "1.1", "points": "3.5"}],
}


async def told_by(store: EventStore) -> Sequence[Stored]:
    """Everything in a service's own log, in its order."""
    return [entry.fact for entry in await store.log(after=0, limit=FACTS_MAX)]


async def submission_story() -> Sequence[Stored]:
    """A sheet is declared, proved, mended, locked, opened again and locked; the cycle changes.

    A scanner looks at what proves it, and an auditor reads it.
    """
    async with submission_desk.open_desk(scanner=MemoryScanner()) as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        await _change_cycles(desk.as_(submission_desk.ADMINISTRATOR))
        await desk.store(CONTENT)
        await desk.store(INFECTED)
        _done(
            await desk.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "3"}}),
            await desk.put(f"{ITEMS}/1.1/score", {"inputs": {"points": "2"}}, If_Match='"1"'),
            await desk.attach("1.1", "ke-hoach", CONTENT),
            await desk.attach("1.1", "cong-van", CONTENT),
            await desk.delete(f"{ITEMS}/1.1/evidence/cong-van", If_Match='"5"'),
            await desk.put(f"{ITEMS}/1.2/score", {"inputs": {"option": "yes"}}),
            await desk.delete(f"{ITEMS}/1.2/score", If_Match='"7"'),
            await desk.attach("1.2", "bao-cao", INFECTED),
            await desk.put(f"{ITEMS}/1.3/explanation", {"text": "Không phát sinh."}),
            await desk.post(f"{SHEET}/lock"),
        )
        await desk.step("scan")
        await desk.as_("auditor").justify()
        _done(await desk.as_("auditor").get(f"{SHEET}/files/{sha256_of(CONTENT)}"))
        until = {"until": (DEADLINE + timedelta(days=9)).isoformat(), "reason": "Bổ sung."}
        _done(
            await desk.as_(submission_desk.ADMINISTRATOR).post(
                f"{SHEET}/reopening", until, key="k-2"
            )
        )
        desk.clock.set(DEADLINE + timedelta(days=9))
        await desk.step("lock-overdue")
        return await told_by(desk.outside.store)


async def _change_cycles(desk: submission_desk.Desk) -> None:
    newcomer = {**REASON, "name": "Sở mới", "tier": TIER, "ranked": True}
    later = {**REASON, "phase": "self-scoring", "agency": OTHER, "until": "2021-12-15T00:00:00Z"}
    amended = {**REASON, "scheme": {**SCHEME, "title": "Bộ tiêu chí MẪU sửa đổi"}}
    _done(
        await desk.put("/cycles/2011", {**CYCLE_BODY, "year": 2011, "calendar": PAST}),
        await desk.post("/cycles/2011/imports", PUBLISHED),
        await desk.put("/cycles/2019", CYCLE_BODY),
        await desk.post("/cycles/2019/withdrawal", REASON),
        await desk.put(f"{CYCLE_PATH}/schemes/{TIER}", amended),
        await desk.put(f"{CYCLE_PATH}/agencies/so-moi", newcomer),
        await desk.post(f"{CYCLE_PATH}/agencies/so-moi/withdrawal", REASON, key="k-2"),
        await desk.post(f"{CYCLE_PATH}/deadlines", later, key="k-3"),
    )


async def appraisal_story() -> Sequence[Stored]:
    """A sheet is decided on and approved, given back by two members, and due again."""
    async with council_room.open_room() as room:
        item = f"{council_room.SHEET}/items/1.1.1"
        actions = f"{council_room.SHEET}/actions"
        _done(await room.post(f"{item}/explanation-requests", council_room.QUESTION))
        await room.decide("1.1.1", council_room.REJECT)
        version = (await room.get(item)).headers["ETag"].strip('"')
        _done(
            await room.put(f"{item}/decision", council_room.RECOGNISE, based_on=int(version)),
        )
        await _decide_the_rest(room)
        _done(
            await room.post(f"{council_room.SHEET}/approval", council_room.APPROVAL, key="k-2"),
            await room.post(actions, council_room.REOPENING, key="k-3"),
        )
        proposal = (await room.get(council_room.SHEET)).json()["proposals"][-1]["action"]
        _done(await room.as_(M2).post(f"{actions}/{proposal}/second", key="k-4"))
        await room.hear(SUBMISSION, REOPENED, declared("1.1.1", "1"))
        await room.hear(SUBMISSION, LOCKED)
        return await told_by(room.outside.store)


async def _decide_the_rest(room: council_room.Room) -> None:
    recognise = {"decision": "recognise"}
    await room.decide("1.1.2", {**recognise, "declaration": f"{SUBMISSION}@3"}, by=M1)
    await room.decide("1.3", {**recognise, "declaration": f"{SUBMISSION}@4"}, by=M2)
    await room.decide("B1", {**recognise, "declaration": ""}, by=M1)


async def survey_story() -> Sequence[Stored]:
    """Citizens answer in two batches, leaders never; some answers are taken out again."""
    async with survey_office.open_office(scanner=MemoryScanner()) as office:
        citizens = survey_office.CITIZENS
        certified = {"counts": {"q1": {"5": 3}}, "source": "Bưu điện tỉnh", "document": "12/BC"}
        await office.ask(citizens, survey_office.ASKED_OF_CITIZENS)
        await office.ask(survey_office.LEADERS, survey_office.ASKED_OF_LEADERS)
        await _grant_rights(office)
        await office.answer_all("54321" * 4)
        await office.step("count")
        [token] = await office.invite(1, key="later")
        await office.answer(token)
        _done(
            await office.certify(f"{citizens}/results/{survey_office.AGENCY}", certified),
            *await _hand_in(office, f"{citizens}/results/{survey_office.AGENCY}", certified),
            await office.post(f"{citizens}/closing", key="close"),
        )
        await _exclude(office)
        await _type_in_paper(office)
        await _hear_words(office)
        return await told_by(office.outside.store)


async def _hand_in(
    office: survey_office.Office, path: str, certified: Mapping[str, object]
) -> Sequence[httpx.Response]:
    """Two documents certify other results; a scanner condemns one of them."""
    answers = []
    for content, source in ((CONTENT, "Sở Nội vụ"), (INFECTED, "Viện")):
        document = {"source": source, "document": f"1/{source}", "sha256": sha256_of(content)}
        stored = {**certified, **document, "beside": True}
        answers.append(await office.hand_in(content))
        answers.append(await office.put(path, stored))
    await office.step("scan")
    return answers


async def _grant_rights(office: survey_office.Office) -> None:
    about = {"agency": survey_office.AGENCY}
    plan = {"margin": "0.05", "strata": [{**about, "population": 100}]}
    link = {**about, "answers_max": 100, "answers_per_day_max": 10}
    path = f"{survey_office.CITIZENS}/links/portal"
    _done(
        await office.put(f"{survey_office.CITIZENS}/plan", plan),
        await office.post(f"{survey_office.CITIZENS}/ballot-keys", key="keys"),
        await office.put(path, link),
        await office.post(f"{path}/closing", {"reason": "Bị lạm dụng."}, key="link"),
    )


async def _exclude(office: survey_office.Office) -> None:
    """Two people take answers out, and one proposal comes to nothing."""
    path, by = f"{survey_office.CITIZENS}/exclusions", {"batch": 1, "reason": "Phiếu trùng."}
    _done(
        await office.post(path, {**by, "positions": [0, 3]}, key="exclude"),
        await office.second(key="agree"),
        await office.post(path, {**by, "positions": [1]}, key="another"),
    )
    *_, last = (await office.get(path)).json()
    _done(await office.post(f"{path}/{last['exclusion']}/dropping", {"reason": "Nhầm."}, key="no"))


async def _type_in_paper(office: survey_office.Office) -> None:
    """Two people type in a pile alike, and one of them gives another up."""
    piles = f"{survey_office.LEADERS}/paper/piles"
    forms = {"forms": [{"agency": survey_office.AGENCY, "answers": {"q1": "a"}}]}
    _done(
        await office.put(f"{piles}/first", forms),
        await office.as_("survey-officer/2").put(f"{piles}/first", forms),
        await office.put(f"{piles}/second", forms),
        await office.post(f"{piles}/second/giving-up", {"reason": "Bị ướt."}, key="wet"),
    )


async def _hear_words(office: survey_office.Office) -> None:
    """Somebody writes more than was asked, and it is read before anybody else does."""
    path = f"{survey_office.LISTED}/wide"
    words = {"code": "words", "text": "Ý kiến khác?", "kind": "free-text", "required": False}
    asked = survey_office.ASKED_OF_CITIZENS
    await office.ask(path, {**asked, "questions": [*asked["questions"], words]})
    [token] = await office.invite(1, path=path, key="wide")
    answer = survey_office.answer_body(token, {"q1": "5"}, comments={"words": "Rất tốt."})
    _done(
        await office.client.post(f"{path}/responses", json=answer),
        await office.post(f"{path}/closing", key="close"),
    )
    [comment] = (await office.get(f"{path}/comments")).json()["items"]
    _done(await office.post(f"{path}/comments/{comment['comment']}/release", {}, key="release"))


def _done(*answers: httpx.Response) -> None:
    for answer in answers:
        assert answer.is_success, answer.text
