"""Chapter two: the agencies score themselves, prove it, and lock; some are late."""

import hashlib
from collections.abc import Sequence
from functools import partial

from demo.papers import paper
from demo.world import ADMINISTRATOR, CYCLE, Item, Json, World, officer

LATE = ("so-xay-dung", "tri-ton")
LATEST = "chau-phu"
HASTY = "so-y-te"
FILES = 6
EXPLAINED_PERCENT = 6
PDF = "application/pdf"


async def declare(world: World) -> None:
    """November: 29 agencies, 51 items each, six documents each."""
    await world.api.set_clock("2021-11-16T08:00:00+07:00")
    world.show.chapter("16/11/2021", "Các cơ quan tự chấm điểm", "agencies score themselves")
    punctual = [agency for agency in world.agencies if agency["code"] not in (*LATE, LATEST)]
    tasks = [partial(_declare, world, agency) for agency in punctual]
    await world.each("tự chấm điểm, tài liệu, chốt · declare and lock", tasks, at_once=4)
    await _reopen_the_hasty(world)


async def finish_late(world: World) -> None:
    """December: two get a later deadline; one misses even that, and is locked by the system."""
    await world.api.set_clock("2021-12-10T15:00:00+07:00")
    world.show.chapter("10/12/2021", "Gia hạn cho đơn vị chậm", "a deadline is extended")
    for code in (*LATE, LATEST):
        body = {
            "phase": "self-scoring",
            "agency": code,
            "until": "2021-12-13T00:00:00+07:00",
            "decision": {"number": "2790/UBND-TH", "on": "2021-12-10"},
            "reason": "Đơn vị có văn bản xin gia hạn do chuyển đổi trụ sở.",
        }
        path = f"/submission/cycles/{CYCLE}/deadlines"
        await world.api.post(ADMINISTRATOR, path, f"extend-{code}", body)
    await world.api.set_clock("2021-12-12T08:00:00+07:00")
    late = [agency for agency in world.agencies if agency["code"] in LATE]
    tasks = [partial(_declare, world, agency) for agency in late]
    latest = next(agency for agency in world.agencies if agency["code"] == LATEST)
    tasks.append(partial(_declare_half, world, latest))
    await world.each("đơn vị được gia hạn · the late ones", tasks, at_once=3)


async def _declare(world: World, agency: Json) -> None:
    items = world.self_scored(agency)
    await _score(world, agency, items)
    await _prove(world, agency, items)
    await world.api.post(officer(agency), f"{_sheet(agency)}/lock", f"lock-{agency['code']}")


async def _declare_half(world: World, agency: Json) -> None:
    """Not all of it, and never locked by itself."""
    items = world.self_scored(agency)
    half = items[: len(items) // 2]
    await _score(world, agency, half)
    await _prove(world, agency, half)


async def _score(world: World, agency: Json, items: Sequence[Item]) -> None:
    """Departments' systems send one item at a time, districts their whole sheet."""
    inputs = {i.code: dict(world.choices.inputs(agency["code"], i.document)) for i in items}
    if agency["tier"] == "district":
        body = {"scores": {item: {"inputs": of_item} for item, of_item in inputs.items()}}
        await world.api.put(officer(agency), f"{_sheet(agency)}/scores", body)
        return
    for item, of_item in inputs.items():
        path = f"{_sheet(agency)}/items/{item}/score"
        await world.api.put(officer(agency), path, {"inputs": of_item})


async def _prove(world: World, agency: Json, items: Sequence[Item]) -> None:
    files = [await _upload(world, agency, place) for place in range(1, FILES + 1)]
    for place, item in enumerate(items):
        path = f"{_sheet(agency)}/items/{item.code}"
        if world.choices.happens(EXPLAINED_PERCENT, "explained", agency["code"], item.code):
            text = "Nhiệm vụ thực hiện lồng ghép, không ban hành văn bản riêng."
            await world.api.put(officer(agency), f"{path}/explanation", {"text": text})
        else:
            body = _evidence(agency, place % FILES + 1, files[place % FILES], place)
            await world.api.put(officer(agency), f"{path}/evidence/tai-lieu-1", body)


async def _upload(world: World, agency: Json, place: int) -> str:
    content = paper(f"{agency['name']}: tài liệu số {place} năm 2021")
    sha256 = hashlib.sha256(content).hexdigest()
    await world.api.call(
        officer(agency),
        "PUT",
        f"{_sheet(agency)}/files/{sha256}",
        content=content,
        headers={"Content-Type": PDF},
    )
    return sha256


def _evidence(agency: Json, number: int, sha256: str, place: int) -> Json:
    return {
        "document": {
            "number": f"{number * 7}/BC-{agency['code']}",
            "on": f"2021-{number + 4:02d}-15",
            "issuer": agency["name"],
            "section": f"mục {place + 1}",
        },
        "file": {"sha256": sha256, "media_type": PDF},
    }


async def _reopen_the_hasty(world: World) -> None:
    """One locked too early: its superior opens the sheet again, and it corrects an item."""
    agency = next(agency for agency in world.agencies if agency["code"] == HASTY)
    item = world.self_scored(agency)[0]
    score = f"{_sheet(agency)}/items/{item.code}/score"
    other = {"inputs": _corrected(world, agency, item)}
    refused = await world.api.refusal(officer(agency), "PUT", score, json=other)
    world.show.say(f"  {agency['name']}: [dim]{score}[/dim] → {refused.status} {refused.code}")
    body = {"until": "2021-11-20T00:00:00+07:00", "reason": "Đơn vị khai nhầm kỳ báo cáo."}
    await world.api.post(ADMINISTRATOR, f"{_sheet(agency)}/reopening", "reopen-hasty", body)
    await correct(world, agency, "hasty")


async def correct(world: World, agency: Json, why: str) -> str:
    """Declare the first item anew, on the version that was read, and lock; gives the item."""
    item = world.self_scored(agency)[0]
    score = f"{_sheet(agency)}/items/{item.code}/score"
    version = (await world.api.get(officer(agency), score))["version"]
    body = {"inputs": _corrected(world, agency, item)}
    await world.api.put(officer(agency), score, body, {"If-Match": f'"{version}"'})
    await world.api.post(officer(agency), f"{_sheet(agency)}/lock", f"lock-{why}")
    return item.code


async def is_open(world: World, agency: Json) -> bool:
    """Whether the agency can change its sheet now."""
    sheet = await world.api.get(officer(agency), _sheet(agency))
    return bool(sheet["actions"]["submit-score"] is None)


def _corrected(world: World, agency: Json, item: Item) -> Json:
    """Other inputs than those that were declared."""
    declared = world.choices.inputs(agency["code"], item.document)
    others = (world.choices.inputs(f"{HASTY}-{place}", item.document) for place in range(100))
    return next(dict(inputs) for inputs in others if inputs != declared)


def _sheet(agency: Json) -> str:
    return f"/submission/cycles/{CYCLE}/agencies/{agency['code']}"
