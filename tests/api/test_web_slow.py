"""Whoever is slow keeps nobody from anything, from however many addresses they come."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI, Response
from starlette.types import Message

from shared.adapters import web
from shared.adapters.web.gate import PART_BYTES_MAX
from shared.adapters.web.rooms import CLIENTS_MIN, KEPT_OF
from tests.support import echo
from tests.support.echo import KEY, TOKEN

PLACES = 16
SHARE = PLACES // CLIENTS_MIN
LIMITS = web.Limits(requests_max=1, arriving_max=PLACES)
"""There is one place at work: whoever is slow there would keep everybody else out."""
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
ELSEWHERE = "203.0.113.7"
TURNS = 10
LARGE = bytes(range(256)) * (3 * PART_BYTES_MAX // 256) + b"end"

Slow = Sequence[asyncio.Task[httpx.Response]]


async def _never() -> AsyncIterator[bytes]:
    yield b"{"
    await asyncio.Event().wait()


async def _slow(app: FastAPI, address: str, media_type: str) -> httpx.Response:
    async with echo.caller(app, at=address) as caller:
        headers = {**KEY, "Content-Type": media_type}
        return await caller.post("/said", content=_never(), headers=headers)


@asynccontextmanager
async def besieged(
    app: FastAPI, addresses: Sequence[str], media_type: str = JSON
) -> AsyncIterator[Slow]:
    """From each address somebody has begun a body, and does not go on."""
    tasks = [asyncio.create_task(_slow(app, each, media_type)) for each in addresses]
    for _ in range(TURNS):
        await asyncio.sleep(0)
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answered(slow: Slow) -> Sequence[tuple[int, str]]:
    """What those were told who are answered already."""
    done = [task.result() for task in slow if task.done()]
    return [(answer.status_code, answer.json()["code"]) for answer in done]


@pytest.mark.parametrize("media_type", [JSON, FORM])
@pytest.mark.parametrize(
    "addresses",
    [
        [f"198.51.100.{1 + place // SHARE}" for place in range(PLACES)],
        [f"198.51.100.{place}" for place in range(1, 3 * PLACES)],
        [f"2001:db8:{place}::1" for place in range(3 * PLACES)],
        ["127.0.0.1"] * 3 * PLACES,
    ],
    ids=["four with their part each", "many", "many networks", "a proxy that tells nobody apart"],
)
async def test_others_are_served_whoever_sends_slowly(
    addresses: Sequence[str], media_type: str
) -> None:
    app = echo.app(limits=LIMITS)
    async with (
        besieged(app, addresses, media_type) as slow,
        echo.caller(app, at=ELSEWHERE) as caller,
    ):
        read = await caller.get("/call", headers=TOKEN)
        written = await caller.post("/said", json={}, headers={**TOKEN, **KEY})
        given = await caller.post("/answers", json={})

        assert [each.status_code for each in (read, written, given)] == [200] * 3
        assert {*answered(slow)} <= {(503, "too-busy")}


async def test_who_has_been_slow_longest_makes_room_and_is_told_so() -> None:
    app = echo.app(limits=LIMITS)
    strangers_max = PLACES - PLACES // KEPT_OF
    addresses = [f"198.51.100.{place}" for place in range(1, 1 + strangers_max)]
    async with besieged(app, addresses) as slow, echo.caller(app, at=ELSEWHERE) as caller:
        assert not answered(slow)

        await caller.post("/answers", json={})
        await slow[0]

        assert answered(slow) == [(503, "too-busy")]


async def test_a_site_has_its_part_whichever_of_its_networks_it_uses_and_evicts_its_own() -> None:
    app = echo.app(limits=LIMITS)
    strangers_max = PLACES - PLACES // KEPT_OF
    others = [f"198.51.100.{place}" for place in range(1, 1 + strangers_max - SHARE)]
    site = [f"2001:db8:7:{place}::1" for place in range(10 * SHARE)]
    async with besieged(app, [*others, *site]) as slow:
        assert answered(slow[: len(others)]) == []
        assert answered(slow[len(others) :]) == [(429, "too-many-at-once")] * 9 * SHARE


async def test_whoever_is_at_the_same_site_as_slow_clients_is_served() -> None:
    app = echo.app(limits=LIMITS)
    site = [f"2001:db8:7:{place}::1" for place in range(2 * SHARE)]
    async with besieged(app, site), echo.caller(app, at="2001:db8:7:99::1") as caller:
        read = await caller.get("/call", headers=TOKEN)
        written = await caller.post("/said", json={}, headers={**TOKEN, **KEY})
        given = await caller.post("/answers", json={})

        assert [each.status_code for each in (read, written, given)] == [200] * 3


# --- Large answers, which are in memory until they are taken


def generous() -> FastAPI:
    """A service with a large answer for everybody."""
    app = echo.app(limits=web.Limits(taken_max=PLACES))

    async def large() -> Response:
        return Response(LARGE)

    app.add_api_route("/large", large)
    return app


class Taker:
    """Somebody at an address who asks for it, and takes no more than its head and one part."""

    def __init__(self, app: FastAPI, address: str) -> None:
        self.taken = 0
        self._scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": "/large",
            "raw_path": b"/large",
            "query_string": b"",
            "headers": [],
            "client": (address, 1),
            "server": ("echo", 80),
        }
        self.asking = asyncio.ensure_future(app(self._scope, self._receive, self._send))

    async def _receive(self) -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def _send(self, message: Message) -> None:
        if self.taken:
            await asyncio.Event().wait()
        self.taken += len(message.get("body", b""))


@asynccontextmanager
async def taking_nothing(app: FastAPI, addresses: Sequence[str]) -> AsyncIterator[Sequence[Taker]]:
    takers = []
    for address in addresses:
        takers.append(Taker(app, address))
        for _ in range(TURNS):
            await asyncio.sleep(0)
    try:
        yield takers
    finally:
        for taker in takers:
            taker.asking.cancel()
        await asyncio.gather(*(taker.asking for taker in takers), return_exceptions=True)


@pytest.mark.parametrize(
    ("addresses", "held"),
    [
        ([f"2001:db8:7:{place}::1" for place in range(3 * SHARE)], SHARE),
        ([f"198.51.100.{place}" for place in range(1, 3 * PLACES)], PLACES - PLACES // KEPT_OF),
        (["127.0.0.1"] * 2 * PLACES, PLACES - PLACES // KEPT_OF),
    ],
    ids=["a site", "many", "a proxy that tells nobody apart"],
)
async def test_so_many_large_answers_are_held_for_who_takes_nothing_and_others_get_theirs(
    addresses: Sequence[str], held: int
) -> None:
    app = generous()
    async with taking_nothing(app, addresses) as takers, echo.caller(app, at=ELSEWHERE) as caller:
        for _ in range(PLACES * TURNS):
            await asyncio.sleep(0)
        kept = [taker for taker in takers if not taker.asking.done()]
        answer = await caller.get("/large")

    assert kept == list(takers[-held:])
    assert {taker.taken for taker in kept} == {PART_BYTES_MAX}
    assert answer.content == LARGE
