"""Chapter four: the council decides in two rounds, asks, is answered, and closes each agency."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Any

from demo.client import Person
from demo.declaring import correct, is_open
from demo.world import CHAIR, CYCLE, MEMBERS, Json, World, officer

REJECTED_PERCENT = 9
ZERO_PERCENT = 1
ASKED_PERCENT = 4
REVISED_PERCENT = 45
CONVINCED_PERCENT = 70
PAGE = 200
REOPENED = "so-giao-thong-van-tai"
LEGAL_BASIS = "Quyết định số 2366/QĐ-UBND ngày 14/10/2021, Phụ lục"

Entry = Mapping[str, Any]
Judge = Callable[[World, str, Entry], Json | None]


async def first_round(world: World) -> None:
    """December: every item of every agency is recognised, rejected, or asked about."""
    await world.api.set_clock("2021-12-14T08:00:00+07:00")
    world.show.chapter("14/12/2021", "Hội đồng thẩm định vòng 1", "the council's first round")
    await world.until("the locks and what the council makes of them", lambda: _opened(world))
    for member in MEMBERS:
        await _work_through(world, member, await _queue(world, member), "vòng 1", _first_word)
    await _second_zeroes(world)


async def explain(world: World) -> None:
    """The days between the years: agencies answer what was asked, and add what they found."""
    await world.api.set_clock("2021-12-27T08:00:00+07:00")
    world.show.chapter("27/12/2021", "Các cơ quan giải trình", "agencies explain")
    tasks = [partial(_explain, world, agency) for agency in world.agencies]
    await world.each("giải trình, bổ sung tài liệu · explanations", tasks, at_once=4)


async def second_round(world: World) -> None:
    """January: what was asked is decided, some rejections are revised, agencies are closed."""
    await world.api.set_clock("2022-01-06T08:00:00+07:00")
    world.show.chapter("06/01/2022", "Hội đồng thẩm định vòng 2", "the council's second round")
    for member in MEMBERS:
        await _work_through(world, member, await _queue(world, member), "vòng 2", _last_word)
        rejected = await _queue(world, member, "rejected")
        await _work_through(world, member, rejected, "xem lại · revised", _second_thought)
    codes = [agency["code"] for agency in world.agencies]
    await _approve(world, codes, "first")
    await _reopen(world)
    await _approve(world, [REOPENED], "again")


async def _opened(world: World) -> bool:
    progress = await world.api.get(CHAIR, f"/appraisal/cycles/{CYCLE}/progress")
    return all(agency["status"] == "open" for agency in progress)


async def _queue(world: World, member: Person, status: str = "pending") -> Sequence[Entry]:
    """Everything in a member's queue, page after page."""
    path = f"/appraisal/cycles/{CYCLE}/queue?status={status}&limit={PAGE}"
    page = await world.api.get(member, path)
    found: list[Entry] = list(page["items"])
    while page["next"]:
        page = await world.api.get(member, f"{path}&cursor={page['next']}")
        found += page["items"]
    return found


async def _work_through(
    world: World, member: Person, entries: Sequence[Entry], title: str, judge: Judge
) -> None:
    """A member goes through a queue, agency by agency; what stays undecided is asked about."""
    by_agency: dict[str, list[Entry]] = {}
    for entry in entries:
        by_agency.setdefault(entry["agency"], []).append(entry)
    tasks = [
        partial(_decide, world, member, agency, own, judge) for agency, own in by_agency.items()
    ]
    if tasks:
        await world.each(f"{title} · {member.subject}", tasks, at_once=4)


async def _decide(
    world: World, member: Person, agency: str, entries: Sequence[Entry], judge: Judge
) -> None:
    verdicts = [verdict for entry in entries if (verdict := judge(world, agency, entry))]
    if verdicts:
        path = f"/appraisal/cycles/{CYCLE}/agencies/{agency}/decisions"
        await world.api.put(member, path, {"decisions": verdicts})
    decided = {verdict["item"] for verdict in verdicts}
    for entry in entries:
        if entry["item"] not in decided and judge is _first_word:
            await _ask(world, member, agency, entry["item"])


def _first_word(world: World, agency: str, entry: Entry) -> Json | None:
    """None where the council asks first."""
    place = (agency, entry["item"])
    points = Fraction(entry["self"])
    if entry["request"] or world.choices.happens(ASKED_PERCENT, "asked", *place):
        return None
    if not points:
        return _recognised(entry)
    if world.choices.happens(ZERO_PERCENT, "zero", *place):
        return _rejected(entry, Decimal(0))
    if world.choices.happens(REJECTED_PERCENT, "rejected", *place):
        return _lowered(world, agency, entry)
    return _recognised(entry)


def _last_word(world: World, agency: str, entry: Entry) -> Json | None:
    """Most explanations convince."""
    convinced = world.choices.happens(CONVINCED_PERCENT, "convinced", agency, entry["item"])
    if convinced or not Fraction(entry["self"]):
        return _recognised(entry)
    return _lowered(world, agency, entry)


def _second_thought(world: World, agency: str, entry: Entry) -> Json | None:
    """Some rejections of the first round are revised after all."""
    if not world.choices.happens(REVISED_PERCENT, "revised", agency, entry["item"]):
        return None
    return {**_recognised(entry), "version": entry["version"]}


def _lowered(world: World, agency: str, entry: Entry) -> Json:
    claimed = Fraction(entry["self"])
    kept = world.choices.awarded(agency, entry["item"], claimed, Decimal(entry["maximum"]))
    return _rejected(entry, kept) if kept else _recognised(entry)


def _recognised(entry: Entry) -> Json:
    return {
        "item": entry["item"],
        "decision": "recognise",
        "declaration": entry["declaration"],
        "evidence": entry["evidence"],
    }


def _rejected(entry: Entry, awarded: Decimal) -> Json:
    return {
        **_recognised(entry),
        "decision": "reject",
        "awarded": str(awarded),
        "reason": "Tài liệu kiểm chứng chưa chứng minh đủ số điểm tự chấm.",
        "legal_basis": LEGAL_BASIS,
    }


async def _ask(world: World, member: Person, agency: str, item: str) -> None:
    body = {
        "question": "Đề nghị cung cấp văn bản có số, ngày ký chứng minh kết quả đã khai.",
        "until": "2022-01-05T17:00:00+07:00",
    }
    path = f"/appraisal/cycles/{CYCLE}/agencies/{agency}/items/{item}/explanation-requests"
    await world.api.post(member, path, f"ask-{member.subject}-{agency}-{item}", body)


async def _second_zeroes(world: World) -> None:
    """To give nothing at all takes two."""
    seconded = 0
    for agency in world.agencies:
        sheet = await world.api.get(CHAIR, _appraisal(agency["code"]))
        for proposal in sheet["proposals"]:
            path = f"{_appraisal(agency['code'])}/actions/{proposal['action']}/second"
            key = f"second-{agency['code']}-{proposal['action']}"
            await world.api.post(CHAIR, path, key)
            seconded += 1
    world.show.say(f"  {seconded} mục bị từ chối với 0 điểm, hai người cùng ký · seconded")


async def _explain(world: World, agency: Json) -> None:
    """What was asked and what was rejected is explained."""
    code = agency["code"]
    sheet = await world.api.get(officer(agency), _appraisal(code))
    for item in sheet["items"]:
        if item["awaits_explanation"] or item["status"] == "rejected":
            path = f"/submission/cycles/{CYCLE}/agencies/{code}/items/{item['item']}/explanation"
            text = "Đơn vị bổ sung thuyết minh và số liệu theo yêu cầu của Hội đồng."
            await world.api.put(officer(agency), path, {"text": text})


async def _approve(world: World, agencies: Sequence[str], time: str) -> None:
    body = {"number": "05/BB-HĐTĐ", "on": "2022-01-06"}
    tasks = [
        partial(
            world.api.post, CHAIR, f"{_appraisal(code)}/approval", f"approve-{code}-{time}", body
        )
        for code in agencies
    ]
    await world.each("thông qua kết quả thẩm định · approve", tasks, at_once=4)


async def _reopen(world: World) -> None:
    """After all is approved, two members give an agency its sheet back to correct an item."""
    agency = next(agency for agency in world.agencies if agency["code"] == REOPENED)
    body = {
        "kind": "reopen-submission",
        "reason": "Số liệu hồ sơ trực tuyến được Sở TT&TT đính chính sau khi đã chốt.",
        "until": "2022-01-10T00:00:00+07:00",
    }
    appraisal = _appraisal(REOPENED)
    await world.api.post(CHAIR, f"{appraisal}/actions", "reopen-propose", body)
    [proposal] = (await world.api.get(CHAIR, appraisal))["proposals"]
    second = f"{appraisal}/actions/{proposal['action']}/second"
    await world.api.post(MEMBERS[0], second, "reopen-second")
    await world.until("the reopening of the sheet", lambda: is_open(world, agency))
    item = await correct(world, agency, "reopen")
    await world.until("the corrected item", lambda: _is_due(world, item))
    for member in MEMBERS:
        due = [entry for entry in await _queue(world, member) if entry["agency"] == REOPENED]
        await _work_through(world, member, due, "thẩm định lại · again", _recognise_all)


def _recognise_all(_: World, __: str, entry: Entry) -> Json | None:
    return _recognised(entry)


async def _is_due(world: World, item: str) -> bool:
    sheet = await world.api.get(CHAIR, _appraisal(REOPENED))
    changed = next(each for each in sheet["items"] if each["item"] == item)
    return bool(changed["status"] == "pending" and sheet["locked"])


def _appraisal(agency: str) -> str:
    return f"/appraisal/cycles/{CYCLE}/agencies/{agency}"
