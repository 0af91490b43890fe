"""Play the cycle of 2021 against the running system, and recount it from the log alone."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import httpx

from demo import declaring, opening, surveying
from demo.choices import Choices
from demo.client import Api
from demo.show import Show
from demo.system import running
from demo.world import World


def body() -> dict:
    command = [sys.executable, "-m", "services", "cycle", "--year", "2021", "--decision", "2366/QĐ-UBND", "--on", "2021-10-14",
      "--schemes", *map(str, sorted(Path("schemes").glob("*.sample.yaml"))), "--agencies", "schemes/an-giang-2021-agencies.yaml", "--calendar", "schemes/an-giang-2021-calendar.yaml"]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)

async def play(address):
    async with httpx.AsyncClient(base_url=address, timeout=30) as http:
        world = World(Api(http), Choices(2021), Show(quiet=False), body())
        await opening.open_cycle(world)
        await declaring.declare(world)
        await surveying.survey(world)
        await declaring.finish_late(world)
        await surveying.close_survey(world)
        from demo.world import MEMBERS, ADMINISTRATOR
        print((await world.api.get(MEMBERS[0], "/appraisal/cycles/2021/queue"))["items"][:2])
        print((await world.api.get(ADMINISTRATOR, "/appraisal/cycles/2021/progress"))[:2])
        print(world.api.calls)

import shutil
shutil.rmtree("var/demo", ignore_errors=True)
with running(Path("var/demo/data"), Path("var/demo/system.log")) as address:
    asyncio.run(play(address))
