"""Chapter five: the council approves the result, and it is published."""

from demo.client import Person
from demo.world import ADMINISTRATOR, AUDITOR, CHAIR, CYCLE, Json, World

RANKING = f"/ranking/cycles/{CYCLE}"


async def publish(world: World) -> Json:
    """January: nothing is pending any more; gives the publication."""
    await world.api.set_clock("2022-01-18T08:00:00+07:00")
    world.show.chapter("18/01/2022", "Phê duyệt và công bố", "approved and published")
    await world.until("a result that nothing hinders", lambda: _is_ready(world))
    ready = await world.api.get(CHAIR, f"{RANKING}/hindrances")
    await world.api.post(CHAIR, f"{RANKING}/approvals", "approve", {"digest": ready["digest"]})
    body = {"decision": {"number": "126/QĐ-UBND", "on": "2022-01-18"}}
    await world.api.put(ADMINISTRATOR, f"{RANKING}/publications/1", body)
    await world.until("the publication in the ledger", lambda: _is_numbered(world))
    published: Json = (await world.api.get(None, f"{RANKING}/publications"))["publications"][-1]
    return published


async def table(world: World, tier: str, reader: Person | None = None) -> Json:
    """A tier's table, for the public as it was published."""
    read: Json = await world.api.get(reader, f"{RANKING}/table?tier={tier}")
    return read


async def export(world: World) -> bytes:
    """Every fact of the cycle's ledger, one a line, as an auditor gets them."""
    return (await world.api.call(AUDITOR, "GET", f"{RANKING}/facts")).content


async def _is_ready(world: World) -> bool:
    hindered = await world.api.get(CHAIR, f"{RANKING}/hindrances")
    return not hindered["hindrances"]


async def _is_numbered(world: World) -> bool:
    return b'"type":"ranking.ResultPublished.v1"' in await export(world)
