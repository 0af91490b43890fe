"""A service that says back what came through the HTTP door, and a caller who knocks at it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import APIRouter, FastAPI, Response
from pydantic import Field

from shared.adapters import web
from shared.adapters.memory import MemoryClock, SeededChance, memory_seals
from shared.adapters.web.turnstile import Identify
from shared.kernel import errors
from shared.kernel.actor import Actor
from shared.kernel.errors import Flaw, Problem, Unknown
from shared.ports import Document
from shared.runtime.handle import Outcome

OFFICER = Actor(id="4711", role="agency", agency="so-y-te")
ACTORS = {"so-y-te": OFFICER, "another": Actor(id="4712", role="agency", agency="so-y-te")}
TOKEN = {"Authorization": "Bearer so-y-te"}
ANOTHER = {"Authorization": "Bearer another"}
KEY = {"Idempotency-Key": "a-key"}
ENGLISH = {"Accept-Language": "en"}

PROBLEMS: Mapping[str, Problem] = {
    "refused": errors.Refused("submission-locked", agency="so-y-te"),
    "missing": errors.Missing("file-unknown", sha256="ab12"),
    "conflict": errors.Conflict("version-taken"),
    "forbidden": errors.Forbidden("agency-not-yours", agency="so-y-te"),
    "stale": errors.Stale("version-stale", current="57"),
    "unread": errors.Stale("version-required"),
    "crowded": errors.Crowded("too-many-answers"),
    "away": errors.Unavailable("database-unavailable"),
    "too-large": errors.Refused("file-too-large", maximum="10"),
    "flawed": errors.Refused(
        "scheme-invalid", flaws=[Flaw("/areas/0/criteria", "list-too-long", {"maximum": "9"})]
    ),
}


class Part(web.Body):
    """A part of what is said."""

    code: web.Code


class Said(web.Body):
    """One field of each kind."""

    line: web.Line = "a line"
    text: web.Text = "a text"
    item: web.ItemCode = "1.1"
    count: Annotated[int, Field(ge=1, le=5)] = 1
    at: web.Instant | None = None
    on: web.Day | None = None
    parts: Annotated[web.Many[Part], Field(max_length=2)] = ()
    words: Mapping[str, str] = {}
    short: Annotated[web.Text, Field(min_length=2, max_length=9)] = "short"
    one: Annotated[web.Code, web.no_list("answers-take-one")] = "one"


class Received(web.Body):
    """A member that a service of its own may call as another does, and says nothing else of."""

    receipt: Annotated[web.Line, Field(examples=["r-1"])]
    voucher: Annotated[web.Line, Field(examples=["v-1"]), web.SaidMissing("receipt-missing")]


async def _identify(token: str, *_wait: object) -> Actor:
    if token not in ACTORS:
        raise Unknown("token-invalid")
    return ACTORS[token]


ROUTER = APIRouter()


@ROUTER.get("/call")
async def read(call: web.Call) -> dict[str, Any]:
    return {"actor": call.actor.reference, "language": call.language, **_seen(call.context)}


@ROUTER.put("/said/{code}")
async def put(code: web.Code, said: Said, call: web.Call, response: Response) -> web.Written:
    version = (call.if_match or 0) + said.count
    return web.written(response, Outcome((f"{code}@{version}",), version, None), etag=version)


@ROUTER.post("/received")
async def receive(received: Received, call: web.KeyedCall) -> dict[str, Any]:
    return {"received": received.receipt, "by": call.actor.reference}


@ROUTER.post("/said")
async def post(said: Said, call: web.KeyedCall) -> dict[str, Any]:
    return {"said": said.model_dump(mode="json"), **_seen(call.context)}


@ROUTER.post("/answers")
async def answer(call: web.AnonymousCall) -> list[str]:
    return [name for name in dir(call) if not name.startswith("_")]


@ROUTER.put("/file")
async def take(upload: web.Upload) -> dict[str, Any]:
    size = 0
    async for chunk in upload.chunks:
        size += len(chunk)
    return {"media_type": upload.media_type, "size": size}


@ROUTER.get("/numbers")
async def numbers(paging: web.Paging) -> web.Page:
    documents = [Document(f"n{number}", 1, {"number": number}) for number in range(1, 6)]
    behind = [document for document in documents if document.id > paging.after]
    return web.page(behind[: paging.wanted], paging)


@ROUTER.get("/problems/{kind}")
async def problem(kind: str) -> None:
    raise PROBLEMS[kind]


@ROUTER.get("/broken")
async def broken() -> None:
    raise RuntimeError("the password is swordfish")


def _seen(context: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever the door made of it
    return {
        "at": context.at.isoformat(),
        "correlation": context.correlation_id,
        "key": context.idempotency_key,
        "digest": context.request_digest,
    }


def app(
    turnstile: web.Turnstile | None = None,
    limits: web.Limits | None = None,
    identify: Identify = _identify,
) -> FastAPI:
    """The service, made anew."""
    counted = turnstile or web.Turnstile()
    door = web.Door(identify, MemoryClock(), SeededChance(2021), memory_seals(), turnstile=counted)
    return web.service_app("echo", ROUTER, door, limits or web.Limits())


def transport() -> httpx.ASGITransport:
    """The way to the service, which is made anew."""
    return httpx.ASGITransport(app())


@asynccontextmanager
async def caller(
    served: FastAPI | None = None, *, at: str = "127.0.0.1"
) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody before the door, at an address."""
    way = httpx.ASGITransport(served or app(), client=(at, 50_000))
    async with httpx.AsyncClient(transport=way, base_url="http://echo") as client:
        yield client
