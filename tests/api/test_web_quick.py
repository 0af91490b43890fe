"""A quick route answers as any other one does, whatever it is asked."""

from collections.abc import Mapping, Sequence
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, params
from fastapi.routing import APIRoute
from pydantic import Field
from starlette.types import Receive, Scope, Send

from shared.adapters import web
from shared.adapters.chance import SecretChance
from shared.adapters.memory import MemoryClock, memory_seals
from shared.adapters.web.gate import Gate
from shared.adapters.web.quick import QuickWay
from shared.kernel.errors import Refused
from tests.support.survey_office import identify

JSON = {"Content-Type": "application/json"}
REQUESTS: Sequence[tuple[str, Mapping[str, str], bytes]] = (
    ("/things/a/of/b", JSON, b'{"text":"x","many":["y"]}'),
    ("/things/a/of/b", JSON, b'{"many":[],"text":"x"}'),
    ("/things/a/of/b", {"Content-Type": "application/vnd.x+json"}, b'{"text":"x","many":["y"]}'),
    ("/things/A!/of/b", JSON, b'{"text":"x","many":["y"]}'),
    ("/things/A!/of/B!", JSON, b'{"text":1,"more":2}'),
    ("/things/a/of/b", JSON, b'{"text":"","many":"y"}'),
    ("/things/a/of/b", JSON, b"[]"),
    ("/things/a/of/b", JSON, b"null"),
    ("/things/a/of/b", JSON, b""),
    ("/things/a/of/b", JSON, b"{"),
    ("/things/a/of/b", JSON, b'{"text":"x","text":"y"}'),
    ("/things/a/of/b", {}, b'{"text":"x","many":["y"]}'),
    ("/things/a/of/b", {"Content-Type": "text/plain"}, b'{"text":"x","many":["y"]}'),
    ("/things/a/of/b", JSON, b'{"text":"refused","many":["y"]}'),
)


class Said(web.Body):
    """What is said."""

    text: web.Line
    many: Annotated[web.Many[web.Line], Field(examples=[["y"]])]


async def say(first: web.Code, second: web.Code, body: Said) -> Said:
    """Say it back."""
    if body.text == "refused":
        raise Refused("survey-closed")
    return Said(text=f"{first} {second} {body.text}", many=body.many)


def router_of(route: type[APIRoute]) -> APIRouter:
    router = APIRouter()
    router.add_api_route(
        "/things/{first}/of/{second}",
        say,
        dependencies=[web.FOR_ANYBODY],
        methods=["POST"],
        status_code=201,
        route_class_override=route,
    )
    return router


def client_of(route: type[APIRoute]) -> httpx.AsyncClient:
    door = web.Door(identify, MemoryClock(), SecretChance(), memory_seals())
    transport = httpx.ASGITransport(web.service_app("echo", router_of(route), door))
    return httpx.AsyncClient(transport=transport, base_url="http://echo")


@pytest.mark.parametrize(("path", "headers", "body"), REQUESTS)
async def test_a_quick_route_answers_as_a_slow_one(
    path: str, headers: Mapping[str, str], body: bytes
) -> None:
    async with client_of(web.QuickRoute) as quick, client_of(APIRoute) as slow:
        answer = await quick.post(path, content=body, headers=headers)
        expected = await slow.post(path, content=body, headers=headers)

    assert (answer.status_code, answer.text) == (expected.status_code, expected.text)
    assert answer.headers == expected.headers


async def test_a_request_that_is_right_meets_nothing_of_the_framework_before_its_handler() -> None:
    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        raise AssertionError((scope, receive, send))

    way = QuickWay(behind, router=router_of(web.QuickRoute))
    transport = httpx.ASGITransport(
        Gate(way, limits=web.Limits(), turnstile=web.Turnstile(), identify=identify)
    )
    async with httpx.AsyncClient(transport=transport, base_url="http://echo") as client:
        path, headers, body = REQUESTS[0]
        answer = await client.post(path, content=body, headers=headers)

    assert (answer.status_code, answer.json()) == (201, {"text": "a b x", "many": ["y"]})


async def test_a_quick_route_is_documented_as_a_slow_one() -> None:
    async with client_of(web.QuickRoute) as quick, client_of(APIRoute) as slow:
        described = (await quick.get("/openapi.json")).json()

        assert described == (await slow.get("/openapi.json")).json()
    assert "/things/{first}/of/{second}" in described["paths"]


async def test_a_quick_route_takes_other_methods_as_little_as_a_slow_one() -> None:
    async with client_of(web.QuickRoute) as quick:
        answer = await quick.get("/things/a/of/b")

    assert answer.status_code == 405


def test_a_quick_route_takes_no_parameters_that_it_would_not_read() -> None:
    async def asked(first: web.Code, body: Said, page: int) -> Said:
        raise AssertionError((first, body, page))

    with pytest.raises(AssertionError, match="a path and a body alone"):
        web.QuickRoute("/{first}", asked, dependencies=[web.FOR_ANYBODY], methods=["POST"])


@pytest.mark.parametrize("said", [[], [web.needs("open-cycle")]])
def test_a_quick_route_is_for_anybody_and_says_so(said: Sequence[params.Depends]) -> None:
    with pytest.raises(AssertionError, match="nobody is asked what they may"):
        web.QuickRoute("/{first}/{second}", say, dependencies=said, methods=["POST"])
