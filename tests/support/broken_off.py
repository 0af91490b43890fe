"""A process of a rebuild that is killed when it is half way."""

import asyncio
from collections.abc import Sequence
from multiprocessing.connection import Connection

from services.cli.rebuild.place import Place
from services.ranking import main as ranking
from tests.support.stopping import die

NAME = "whoever is killed half way"


def work(place: Place, cycles: Sequence[str], manner: ranking.Manner, telling: Connection) -> None:
    """In the place of `services.cli.rebuild.processes.work`: begin, tell that, and be killed."""
    asyncio.run(_begin(place, cycles, manner, telling))


async def _begin(
    place: Place, cycles: Sequence[str], manner: ranking.Manner, telling: Connection
) -> None:
    async with place.open() as stores:
        async for told in ranking.rebuilder(stores, NAME).tell(cycles, manner):
            telling.send(told)
            die()
