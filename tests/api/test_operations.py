"""What a process tells of its health and its operations, and to whom."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from shared.adapters import front, web
from shared.adapters.deployed.application import Stage
from shared.adapters.front import Front
from shared.adapters.identity import Given
from shared.adapters.memory.clock import BEGINNING
from shared.events.codec import Stored
from shared.kernel.actor import PUBLIC, Actor, Role
from shared.kernel.errors import Unavailable
from shared.ports import Delivery
from shared.runtime.health import Health
from shared.runtime.loop import Loop
from shared.runtime.pulse import Progress
from shared.runtime.receive import Inbox
from shared.runtime.service import Outside
from tests.support.claims import stored
from tests.support.operations import silent_routes
from tests.support.outside import memory_outside

ROLES: tuple[Role, ...] = ("agency", "council", "survey-officer", "administrator", "auditor")
OPERATIONS = ("/ops/lag", "/ops/parked")


def delivery(position: int, fact: Stored) -> Delivery:
    """A record of the topic that holds a fact."""
    return Delivery(0, position, BEGINNING, "2021", fact.body)


async def three_wait() -> Progress:
    """A consumer that has come so far."""
    return Progress(4, 7)


async def nothing() -> int:
    """A step that does nothing."""
    return 0


@pytest.fixture
def outside() -> Outside:
    return memory_outside()


@pytest.fixture
def loop() -> Loop:
    return Loop("survey.relay", nothing, progress=three_wait)


@pytest.fixture
async def client(outside: Outside, loop: Loop) -> AsyncIterator[httpx.AsyncClient]:
    identity = Given(lambda token: next(Actor("u1", role) for role in ROLES if role == token))
    door = web.Door(identity.identify, outside.clock, outside.chance, outside.seals)
    shown = Front("trial", {"survey": outside}, Health([loop]), identity)
    transport = httpx.ASGITransport(web.service_app("process", front.routes(shown), door))
    async with httpx.AsyncClient(transport=transport, base_url="http://process") as client:
        yield client


def test_every_route_of_a_process_says_who_may_ask(outside: Outside) -> None:
    shown = Front("trial", {"survey": outside}, Health(), Given(lambda _: PUBLIC))

    assert [*silent_routes(front.routes(shown).routes)] == []


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/startupz"])
async def test_a_process_that_is_well_says_so_to_anybody(
    path: str, client: httpx.AsyncClient
) -> None:
    assert (await client.get(path)).status_code == 200


async def test_a_process_whose_database_is_away_lives_and_is_not_ready(
    outside: Outside, client: httpx.AsyncClient
) -> None:
    await outside.store.close()  # type: ignore[attr-defined] # the memory adapter's way to go away

    answers = {path: await client.get(path) for path in ("/livez", "/readyz")}

    assert {path: answer.status_code for path, answer in answers.items()} == {
        "/livez": 200,
        "/readyz": 503,
    }
    assert answers["/readyz"].json()["code"] == "database-unavailable"


async def test_a_process_that_is_stuck_says_where(loop: Loop, client: httpx.AsyncClient) -> None:
    loop.pulse.begun_s = -1_000_000.0

    answer = await client.get("/livez", headers={"Accept-Language": "en"})

    assert (answer.status_code, answer.json()["code"]) == (503, "process-stuck")
    assert "survey.relay" in answer.json()["detail"]


async def test_lag_is_told_in_facts_and_in_seconds(loop: Loop, client: httpx.AsyncClient) -> None:
    now_s = asyncio.get_running_loop().time()
    loop.pulse.failed(Unavailable("topic-unavailable"), now_s, now_s)

    answer = await client.get("/ops/lag", headers={"Authorization": "Bearer auditor"})

    assert answer.json() == {
        "consumers": [
            {
                "consumer": "survey.relay",
                "lag_facts": 3,
                "lag_s": pytest.approx(0, abs=1),
                "failure": "topic-unavailable",
                "failing_s": pytest.approx(0, abs=1),
                "stands_by": False,
            }
        ]
    }


async def test_a_stream_that_waits_is_shown_until_what_is_missing_has_come(
    outside: Outside, client: httpx.AsyncClient
) -> None:
    inbox = Inbox(outside.inbox, lambda _: True)
    auditor = {"Authorization": "Bearer auditor"}
    first, second = (stored(version, str(version), "cycle/2021") for version in (1, 2))

    await inbox.receive([delivery(1, second)])
    waiting = (await client.get("/ops/parked", headers=auditor)).json()
    await inbox.receive([delivery(2, first)])
    repaired = (await client.get("/ops/parked", headers=auditor)).json()

    nothing: dict[str, object] = {
        "parked": [],
        "stopped": [],
        "altered": [],
        "unreadable": [],
        "more": False,
    }
    assert waiting == {
        "survey": {
            **nothing,
            "parked": [
                {
                    "stream": "cycle/2021",
                    "missing": "cycle/2021@1",
                    "waiting": 1,
                    "lowest": 2,
                    "highest": 2,
                    "since": None,
                }
            ],
        }
    }
    assert repaired == {"survey": nothing}


@pytest.mark.parametrize("path", OPERATIONS)
async def test_operations_are_for_administrators_and_auditors(
    path: str, client: httpx.AsyncClient
) -> None:
    answers = {
        role: (await client.get(path, headers={"Authorization": f"Bearer {role}"})).status_code
        for role in ROLES
    }

    assert {role for role, status in answers.items() if status == 200} == {
        "administrator",
        "auditor",
    }
    assert set(answers.values()) == {200, 403}
    assert (await client.get(path)).status_code == 401


async def test_a_process_that_is_starting_lives_and_is_not_ready_for_anything() -> None:
    stage = Stage()
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(stage), base_url="http://process"
    ) as client:
        answers = {
            path: await client.get(path) for path in ("/livez", "/readyz", "/startupz", "/survey/x")
        }

    codes = {path: answer.status_code for path, answer in answers.items()}
    assert codes == {"/livez": 200, "/readyz": 503, "/startupz": 503, "/survey/x": 503}
    assert answers["/startupz"].json()["code"] == "process-starting"
    assert answers["/startupz"].headers["retry-after"] == "5"


async def test_a_stage_that_is_open_lets_the_application_answer(
    outside: Outside,
) -> None:
    stage = Stage()
    identity = Given(lambda _: PUBLIC)
    shown = Front("trial", {"survey": outside}, Health(), identity)
    door = web.Door(identity.identify, outside.clock, outside.chance, outside.seals)
    stage.open(web.service_app("process", front.routes(shown), door))

    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(stage), base_url="http://process"
    ) as staged:
        assert (await staged.get("/startupz")).json() == {"status": "started"}
