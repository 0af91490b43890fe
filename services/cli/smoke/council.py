"""The steps of the council: two members decide, and each agency is closed by a decision."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.smoke.play import PAGE, Play
from services.cli.smoke.scratch import ITEMS, REJECTED, TIER
from shared.kernel.errors import Missing

Json = Mapping[str, Any]


async def assign(play: Play) -> str:
    """Both members get all criteria."""
    people = [play.deployment.people.person(part) for part in ("member", "second-member")]
    body = {"members": [{"id": person.id, "agency": person.agency} for person in people]}
    for item in ITEMS:
        path = play.scratch.appraisal(f"tiers/{TIER}/criteria/{item}/assignment")
        await play.deployment.put("administrator", path, body)
    return ", ".join(ITEMS)


async def decide(play: Play) -> str:
    """One member recognises, and gives nothing for an item, which a second one has to agree to."""
    deployment, scratch = play.deployment, play.scratch
    due = await deployment.until("the council's queue", lambda: _due(play))
    for agency in scratch.agencies:
        verdicts = [
            _verdict(entry, rejects=(entry["agency"], entry["item"]) == (scratch.first, REJECTED))
            for entry in due
            if entry["agency"] == agency
        ]
        path = scratch.appraisal(f"agencies/{agency}/decisions")
        await deployment.put("member", path, {"decisions": verdicts})
    place = scratch.appraisal(f"agencies/{scratch.first}")
    [proposal] = (await deployment.get("member", place))["proposals"]
    second = f"{place}/actions/{proposal['action']}/second"
    await deployment.post("second-member", second, {}, key="second")
    return f"{len(due)} mục / items"


async def approve(play: Play) -> str:
    """The council closes both agencies."""
    for agency in play.scratch.agencies:
        path = play.scratch.appraisal(f"agencies/{agency}/approval")
        await play.deployment.post("member", path, play.scratch.decision, key=f"approve-{agency}")
    return ", ".join(play.scratch.agencies)


async def _due(play: Play) -> Sequence[Json] | None:
    """The member's queue, as soon as all of it is there and no file waits for its scan."""
    path = play.scratch.appraisal("queue")
    try:
        page = await play.deployment.get("member", path, status="pending", limit=PAGE)
    except Missing:
        return None
    due: Sequence[Json] = page["items"]
    return due if len(due) == len(ITEMS) * len(play.scratch.agencies) else None


def _verdict(entry: Json, *, rejects: bool) -> Json:
    verdict = {
        "item": entry["item"],
        "decision": "reject" if rejects else "recognise",
        "declaration": entry["declaration"],
        "evidence": entry["evidence"],
    }
    because = {"awarded": "0", "reason": "Kiểm tra hệ thống.", "legal_basis": "Kiểm tra hệ thống"}
    return {**verdict, **because} if rejects else verdict
