"""An administrator of whom nothing is to be left, as far as the log lets go of people."""

import httpx

from tests.support.ranking import ACTORS, Ranking
from tests.support.small_cycle import CYCLE

SHREDDINGS = f"/cycles/{CYCLE}/shreddings"
REASON = "Theo đề nghị của người viết."
PERSON = ACTORS["administrator"].id


async def proposed(service: Ranking, who: str = "administrator") -> httpx.Response:
    """The shredding of what the administrator wrote, as it was proposed."""
    return await service.post(SHREDDINGS, who, {"person": PERSON, "reason": REASON})


async def seconded(service: Ranking, who: str, shredding: str = "shredding-1") -> httpx.Response:
    """The same as somebody agreed to it."""
    answer = await service.post(f"{SHREDDINGS}/{shredding}/seconding", who, None)
    await service.settle()
    return answer


async def forgotten(service: Ranking, who: str = "another-administrator") -> httpx.Response:
    """The administrator is forgotten, and so is what they wrote."""
    await proposed(service)
    await seconded(service, "another-administrator")
    path = f"/cycles/{CYCLE}/people/{PERSON}/forgetting"
    answer = await service.post(path, who, {"reason": REASON})
    await service.settle()
    return answer
