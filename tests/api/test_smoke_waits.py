"""What a smoke test waits for, asked of services that are not ready yet."""

import asyncio
from functools import partial

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from services.cli.smoke import play as steps
from services.cli.smoke.deployment import SERVICES, Addresses, Deployment
from services.cli.smoke.people import Person, SignedIn
from services.cli.smoke.play import Play
from services.cli.smoke.scratch import YEAR, Scratch
from shared.adapters import client
from shared.kernel.errors import Refused
from shared.ledger import note
from tests.support.outside import ORIGIN
from tests.support.ranking import Ranking, loop_of, ranking
from tests.support.signing_office import FACTS
from tests.support.signing_office import Office as Log
from tests.support.small_cycle import AGENCIES, CYCLE, OPENED_AT

PHASE_S = 60.0
PEOPLE = SignedIn({"member": (Person(), "administrator")})


def played(app: Starlette, *, patience_s: float = 10.0) -> Play:
    """A smoke test of services that answer in this process, in the small cycle."""
    connect = partial(client.connect, transport=httpx.ASGITransport(app))
    addresses = Addresses(dict.fromkeys(SERVICES, "http://cchc"))
    deployment = Deployment(addresses, PEOPLE, patience_s, connect=connect)
    return Play(deployment, Scratch(CYCLE, YEAR, OPENED_AT, PHASE_S, AGENCIES[0].code))


def mounted(service: Ranking) -> Starlette:
    return Starlette(routes=[Mount("/ranking", app=service.app)])


async def test_the_first_checkpoint_is_waited_for() -> None:
    async with ranking() as service:
        await Log(service.outside.inbox).number(*FACTS)
        waiting = asyncio.create_task(steps.log_key(played(mounted(service))))
        await asyncio.sleep(0.05)
        assert not waiting.done()

        await loop_of(service, "sign").step()

        assert note.from_verifier_key(await waiting).name == f"{ORIGIN}/{CYCLE}"


async def test_a_checkpoint_that_is_never_signed_is_not_waited_for_without_end() -> None:
    async with ranking() as service:
        with pytest.raises(Refused) as refused:
            await steps.log_key(played(mounted(service), patience_s=0.2))

    assert refused.value.code == "smoke-waited"
    assert refused.value.details["what"] == "the first checkpoint is signed"


async def test_a_table_that_is_not_drawn_yet_is_waited_for() -> None:
    async with ranking() as service:
        assert await steps.drawn_table(played(mounted(service)), "0" * 64) is None
