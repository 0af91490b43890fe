"""Chapter one: Sở Nội vụ opens the cycle and the council shares out its work."""

from functools import partial
from http.client import NOT_FOUND

from demo.client import Unexpected
from demo.world import ADMINISTRATOR, CYCLE, MEMBERS, World


async def open_cycle(world: World) -> None:
    """October: the decision of 14/10/2021 becomes a cycle."""
    await world.api.set_clock("2021-10-18T08:00:00+07:00")
    world.show.chapter("18/10/2021", "Sở Nội vụ mở đợt đánh giá", "the cycle is opened")
    await world.api.put(ADMINISTRATOR, f"/submission/cycles/{CYCLE}", world.opening)
    await world.until("the council's copy of the cycle", lambda: _council_knows(world))
    criteria = await world.api.get(ADMINISTRATOR, f"/appraisal/cycles/{CYCLE}/assignments")
    tasks = [
        partial(_assign, world, place, each["tier"], each["criterion"])
        for place, each in enumerate(criteria)
    ]
    await world.each("phân công thẩm định · criteria assigned", tasks, at_once=4)


async def _council_knows(world: World) -> bool:
    try:
        await world.api.get(ADMINISTRATOR, f"/appraisal/cycles/{CYCLE}/assignments")
    except Unexpected as unexpected:
        if unexpected.status != NOT_FOUND:
            raise
        return False
    return True


async def _assign(world: World, place: int, tier: str, criterion: str) -> None:
    """Two members of different agencies, since nobody decides on their own."""
    pair = [MEMBERS[(place + shift) % len(MEMBERS)] for shift in (0, 1)]
    body = {"members": [{"id": member.subject, "agency": member.agency} for member in pair]}
    path = f"/appraisal/cycles/{CYCLE}/tiers/{tier}/criteria/{criterion}/assignment"
    await world.api.put(ADMINISTRATOR, path, body)
