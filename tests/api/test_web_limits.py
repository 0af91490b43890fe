"""Limits at the gate: how many requests at once, and how long an answer may be in coming."""

import asyncio
import logging
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from shared.adapters import web
from shared.adapters.identity import Given
from shared.adapters.web.problem import RETRY_AFTER_S
from shared.adapters.web.rooms import CLIENTS_MIN, KEPT_OF
from shared.kernel.actor import Actor
from tests.support.followed import served, until
from tests.support.outside import memory_outside

LIMITS = web.Limits(requests_max=2, request_s_max=0.2, uploads_max=1, transfer_s_max=0.8)
PATIENCE_S = 30


class Service:
    """A service whose handlers do as they are told; `entered` counts who came in."""

    def __init__(self, limits: web.Limits = LIMITS) -> None:
        self.go_on = asyncio.Event()
        self.entered = 0
        router = APIRouter()

        @router.get("/wait")
        async def wait() -> str:
            self.entered += 1
            await self.go_on.wait()
            return "done"

        @router.put("/file")
        async def store(upload: web.Upload) -> int:
            return sum([len(chunk) async for chunk in upload.chunks])

        @router.get("/export", response_class=StreamingResponse)
        async def export(pause_s: float = 2 * LIMITS.request_s_max) -> StreamingResponse:
            return StreamingResponse(_slowly(pause_s))

        outside = memory_outside()
        identify = Given(lambda subject: Actor(id=subject, role="auditor")).identify
        door = web.Door(identify, outside.clock, outside.chance, outside.seals)
        self.app = web.service_app("test", router, door, limits)


async def _slowly(pause_s: float) -> AsyncIterator[bytes]:
    yield b"first"
    await asyncio.sleep(pause_s)
    yield b"second"


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def client(service: Service) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


def problem(answer: httpx.Response) -> tuple[int, str, str]:
    return answer.status_code, answer.json()["code"], answer.headers["retry-after"]


async def test_more_requests_than_are_taken_at_once_are_asked_to_come_again(
    service: Service, client: httpx.AsyncClient
) -> None:
    waiting = [asyncio.create_task(client.get("/wait")) for _ in range(LIMITS.requests_max)]
    await asyncio.sleep(LIMITS.request_s_max / 4)
    assert service.entered == LIMITS.requests_max

    refused = await client.get("/wait")
    service.go_on.set()
    answers = await asyncio.gather(*waiting)

    assert problem(refused) == (503, "too-busy", str(RETRY_AFTER_S))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert (await client.get("/wait")).status_code == 200


async def test_an_answer_that_does_not_come_is_not_waited_for(client: httpx.AsyncClient) -> None:
    answer = await client.get("/wait")

    assert problem(answer) == (503, "took-too-long", str(RETRY_AFTER_S))


async def test_whoever_took_too_long_makes_room_for_others(
    service: Service, client: httpx.AsyncClient
) -> None:
    await asyncio.gather(*(client.get("/wait") for _ in range(LIMITS.requests_max)))
    service.go_on.set()

    assert (await client.get("/wait")).status_code == 200


async def test_a_file_may_take_longer_to_come_in(client: httpx.AsyncClient) -> None:
    answer = await client.put("/file", content=_slowly(2 * LIMITS.request_s_max))

    assert (answer.status_code, answer.json()) == (200, len(b"firstsecond"))


async def test_a_file_on_its_way_in_leaves_room_for_requests_but_not_for_many_files(
    service: Service, client: httpx.AsyncClient
) -> None:
    slow = _slowly(2 * LIMITS.request_s_max)
    service.go_on.set()
    upload = asyncio.create_task(client.put("/file", content=slow))
    await asyncio.sleep(LIMITS.request_s_max / 4)

    answers = await asyncio.gather(*(client.get("/wait") for _ in range(LIMITS.requests_max)))
    refused = await client.put("/file", content=b"another")

    assert [answer.status_code for answer in answers] == [200, 200]
    assert problem(refused) == (503, "too-busy", str(RETRY_AFTER_S))
    assert (await upload).status_code == 200
    assert (await client.put("/file", content=b"another")).status_code == 200


async def test_a_file_that_never_ends_is_given_up(client: httpx.AsyncClient) -> None:
    answer = await client.put("/file", content=_slowly(2 * LIMITS.transfer_s_max))

    assert answer.status_code == 503


async def test_an_answer_that_is_never_taken_is_given_up(client: httpx.AsyncClient) -> None:
    with pytest.raises(TimeoutError):
        await client.get("/export", params={"pause_s": 2 * LIMITS.transfer_s_max})


async def test_an_answer_that_was_cut_off_is_told_once_and_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    patient = web.Limits(request_s_max=PATIENCE_S, transfer_s_max=LIMITS.transfer_s_max)
    async with (
        served(Service(patient).app) as system,
        httpx.AsyncClient(base_url=system.url, timeout=PATIENCE_S) as client,
    ):
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/export", params={"pause_s": PATIENCE_S})

    told = [each for each in caplog.records if each.name.startswith(("shared", "uvicorn"))]
    assert [each.getMessage() for each in told if "not taken in time" in each.getMessage()]
    assert {each.levelname for each in told} == {"INFO"}


async def test_an_answer_that_fails_for_another_reason_is_an_error_of_the_server(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fails(*_: object) -> None:
        raise TimeoutError

    async with served(fails) as system, httpx.AsyncClient(base_url=system.url) as client:
        answer = await client.get("/")

    assert answer.status_code == 500
    assert "ERROR" in {each.levelname for each in caplog.records}


async def test_an_answer_that_has_begun_is_given_to_the_end(client: httpx.AsyncClient) -> None:
    answer = await client.get("/export")

    assert answer.content == b"firstsecond"


async def test_one_client_has_no_more_than_a_part_of_what_is_under_way() -> None:
    service = Service(web.Limits(requests_max=8))
    share = 8 // CLIENTS_MIN
    here, there = (
        httpx.AsyncClient(
            transport=httpx.ASGITransport(service.app, client=(address, 1)),
            base_url="http://service",
        )
        for address in ("198.51.100.7", "198.51.100.8")
    )
    async with here, there:
        waiting = [asyncio.create_task(here.get("/wait")) for _ in range(share)]
        await until(lambda: service.entered == share)
        refused = await here.get("/wait")
        other = asyncio.create_task(there.get("/wait"))
        await until(lambda: service.entered > share)
        service.go_on.set()

        answers = await asyncio.gather(*waiting, other)
        again = await here.get("/wait")

    assert problem(refused) == (429, "too-many-at-once", str(RETRY_AFTER_S))
    assert refused.json()["details"] == {"maximum": str(share)}
    assert [each.status_code for each in (*answers, again)] == [200] * (share + 2)


async def test_a_part_is_kept_for_those_who_have_proved_who_they_are() -> None:
    service = Service(web.Limits(requests_max=KEPT_OF))
    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        waiting = [asyncio.create_task(client.get("/wait")) for _ in range(KEPT_OF - 1)]
        await until(lambda: service.entered == KEPT_OF - 1)
        refused = await client.get("/wait")
        proved = {"Authorization": "Bearer an"}
        waiting.append(asyncio.create_task(client.get("/wait", headers=proved)))
        await until(lambda: service.entered == KEPT_OF)
        service.go_on.set()

        answers = await asyncio.gather(*waiting)

    assert problem(refused) == (503, "too-busy", str(RETRY_AFTER_S))
    assert [each.status_code for each in answers] == [200] * KEPT_OF
