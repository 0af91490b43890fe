"""Every answer guards a browser, whoever made it and whatever it says; no origin is let in."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.types import ASGIApp

from shared.adapters import front, web
from shared.adapters.deployed.application import Stage
from shared.adapters.front import Front
from shared.adapters.identity import Given
from shared.adapters.web.rates import Rate
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem
from shared.runtime.health import Health
from tests.golden.documents import WIRINGS
from tests.support import echo, tally
from tests.support.echo import TOKEN
from tests.support.operations import OPERATIONS, Operation
from tests.support.outside import memory_outside
from tests.support.tally import Record

ADDRESS = "198.51.100.7"
ORIGIN = {"Origin": "https://elsewhere.example"}
PREFLIGHT = {
    **ORIGIN,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "authorization",
}
CLOSED = "default-src 'none'"
TITLE = "Answers that were looked at, by their status"
ADMINISTRATOR = Actor("a1", "administrator")


async def _identify(token: str, *_wait: object) -> Actor:
    del token
    return ADMINISTRATOR


def _app(name: str) -> FastAPI:
    outside = memory_outside()
    door = web.Door(_identify, outside.clock, outside.chance, outside.seals)
    if name in WIRINGS:
        return web.service_app(name, WIRINGS[name](outside).router, door)
    identity = Given(lambda _: ADMINISTRATOR)
    shown = Front("trial", {"submission": outside}, Health(()), identity, None)
    return web.service_app(name, front.routes(shown), door)


APPS = {name: _app(name) for name in (*WIRINGS, "process")}


@asynccontextmanager
async def _caller(app: ASGIApp) -> AsyncIterator[httpx.AsyncClient]:
    way = httpx.ASGITransport(app, client=(ADDRESS, 50_000))
    async with httpx.AsyncClient(transport=way, base_url="http://service") as caller:
        yield caller


def assert_guarded(answer: httpx.Response) -> None:
    """It has all that every answer has, once, and lets nobody in from elsewhere."""
    said = answer.headers
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "no-referrer"
    assert said["cross-origin-resource-policy"] == "same-origin"
    assert CLOSED in said["content-security-policy"]
    assert "no-store" in said["cache-control"] or "immutable" in said["cache-control"]
    names = [name for name, _ in said.multi_items()]
    assert len(names) == len({*names}), names
    assert not [name for name in names if name.startswith("access-control")]
    assert not {"server", "x-powered-by"} & {*names}


def _routes() -> Iterator[tuple[str, str, str]]:
    """Every route there is, with pages and what the framework adds: service, method, template."""
    for name, app in APPS.items():
        for found in iter_route_contexts(app.routes):
            if isinstance(found.original_route, APIRoute):
                for method in sorted(found.methods or ()):
                    yield name, method, found.path or ""


ROUTES = sorted({*_routes()})
FOLLOWS = "/facts/live"
"""Goes on for ever, once it has begun; the others come to an end."""


@pytest.mark.parametrize("service", [*APPS])
async def test_every_route_guards_its_answers(service: str, record_property: Record) -> None:
    counted: dict[str, int] = {}
    async with _caller(APPS[service]) as caller:
        for name, method, template in ROUTES:
            if name != service:
                continue
            path = template.replace("{", "").replace("}", "")
            for headers in ({}, TOKEN, {**TOKEN, "Idempotency-Key": "k"}):
                answer = await caller.request(method, path, headers={**ORIGIN, **headers})
                assert_guarded(answer)
                row = str(answer.status_code)
                counted[row] = counted.get(row, 0) + 1
            preflight = await caller.options(path, headers=PREFLIGHT)
            assert_guarded(preflight)
            assert preflight.status_code == 405, path

    assert counted
    tally.count(record_property, TITLE, {service: counted})


@pytest.mark.parametrize(
    "key", sorted(key for key, each in OPERATIONS.items() if FOLLOWS not in each.path), ids="-".join
)
async def test_every_operation_guards_its_answers(
    key: tuple[str, str], record_property: Record
) -> None:
    operation: Operation = OPERATIONS[key]
    counted: dict[str, int] = {}
    headers = {**TOKEN, **ORIGIN, "Idempotency-Key": "k-1"}
    async with _caller(APPS[operation.service]) as caller:
        for body in (operation.body, ["wrong"]):
            answer = await caller.request(
                operation.method, operation.path, json=body, headers=headers
            )
            assert_guarded(answer)
            row = str(answer.status_code)
            counted[row] = counted.get(row, 0) + 1
    tally.count(record_property, TITLE, {operation.service: counted})


def test_there_is_a_route_for_each_operation_and_for_pages_too() -> None:
    assert len(ROUTES) > len(OPERATIONS)
    assert ("survey", "GET", "/form/{cycle}/{questionnaire}/{token}") in ROUTES
    assert ("process", "GET", "/docs") in ROUTES


KINDS: Mapping[int, tuple[str, str, Mapping[str, object]]] = {
    200: ("GET", "/call", {}),
    400: ("PUT", "/said/so-y-te", {"headers": {"If-Match": "57"}}),
    401: ("GET", "/call", {"headers": {"Authorization": "Bearer forged"}}),
    403: ("GET", "/problems/forbidden", {}),
    404: ("GET", "/nothing/here", {}),
    405: ("DELETE", "/call", {}),
    409: ("GET", "/problems/refused", {}),
    412: ("GET", "/problems/stale", {}),
    413: ("POST", "/said", {"json": {"line": "x" * 2**21}}),
    422: ("GET", "/numbers?limit=0", {}),
    428: ("PUT", "/said/so-y-te", {"json": {}, "headers": {"If-Match": "*"}}),
    431: ("GET", "/call", {"headers": {"X-Long": "x" * 2**15}}),
    500: ("GET", "/broken", {}),
    503: ("GET", "/problems/away", {}),
}


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
@pytest.mark.parametrize("status", [*KINDS])
async def test_answers_of_every_kind_are_guarded(status: int, accept: str) -> None:
    method, path, request = KINDS[status]
    async with _caller(echo.app()) as caller:
        asked = caller.build_request(method, path, **request)  # type: ignore[arg-type]  # what httpx takes
        asked.headers.update({"Accept": accept, **ORIGIN})
        answer = await caller.send(asked)

    assert answer.status_code == status
    assert_guarded(answer)


async def test_who_asks_too_often_or_too_much_is_answered_so_too() -> None:
    rates = {"reading": Rate(1, 60)}
    rated = echo.app(web.Turnstile(rates, secret=b"secret"))  # type: ignore[arg-type]  # one of the policies
    busy = echo.app(limits=web.Limits(requests_max=0))
    async with _caller(rated) as often, _caller(busy) as much:
        answers = [await often.get("/call"), await often.get("/call"), await much.get("/call")]

    assert [answer.status_code for answer in answers] == [200, 429, 503]
    for answer in answers:
        assert_guarded(answer)


@pytest.mark.parametrize(
    ("path", "sources"),
    [
        ("/docs", "script-src 'self' 'sha256-"),
        ("/docs/oauth2-redirect", "script-src 'self' 'sha256-"),
        ("/docs-files/swagger-ui.css", "frame-ancestors 'none'"),
        ("/openapi.json", "frame-ancestors 'none'"),
    ],
)
async def test_the_pages_of_the_document_are_guarded(path: str, sources: str) -> None:
    async with _caller(echo.app()) as caller:
        answer = await caller.get(path, headers=ORIGIN)

    assert answer.status_code == 200
    assert_guarded(answer)
    policy = answer.headers["content-security-policy"]
    assert sources in policy
    assert "script-src 'self' 'unsafe-inline'" not in policy


async def test_browsers_are_told_to_come_by_tls_where_they_came_by_it() -> None:
    way = httpx.ASGITransport(echo.app(), client=(ADDRESS, 50_000))
    async with (
        httpx.AsyncClient(transport=way, base_url="https://service") as safe,
        httpx.AsyncClient(transport=way, base_url="http://service") as clear,
    ):
        by_tls, in_clear = await safe.get("/nothing"), await clear.get("/nothing")

    assert by_tls.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in in_clear.headers


async def test_what_is_answered_before_a_process_is_ready_is_guarded() -> None:
    async with _caller(Stage()) as caller:
        answers = [await caller.get("/livez"), await caller.get("/survey/form/2021/citizens")]

    assert [answer.status_code for answer in answers] == [200, 503]
    for answer in answers:
        assert_guarded(answer)


async def test_a_problem_of_every_code_that_has_a_status_is_guarded() -> None:
    problems: Mapping[str, Problem] = echo.PROBLEMS
    async with _caller(echo.app()) as caller:
        for kind in problems:
            assert_guarded(await caller.get(f"/problems/{kind}"))
