"""Who calls, when and under which conditions: read from the headers of a request.

All dependencies are `async`, though none of them waits: FastAPI runs any other in a thread of its
own, which made a request seven times as slow.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.adapters.messages import Language
from shared.adapters.web.accept import is_taken, preferred
from shared.adapters.web.language import language_of
from shared.adapters.web.problem import PAGE, Malformed, answer_in
from shared.adapters.web.turnstile import CALLER, Caller, Identify, Turnstile
from shared.events.envelope import Context
from shared.kernel.actor import Actor
from shared.kernel.errors import Stale
from shared.ports import Chance, Clock, Seals

IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,128}")
LANGUAGE_CHARACTERS_MAX = 16
CORRELATION = re.compile(r"[A-Za-z0-9._-]{1,64}")
ANY_VERSION = "*"
"""In `If-Match`: whatever is there may be changed (RFC 9110, 13.1.1), read or not."""
ENTITY_TAG = re.compile(r'"([1-9][0-9]{0,17})"')


async def _meet_nobody(_token: str, _actor: Actor) -> None:
    """For a door that keeps no directory."""


def _described(form: re.Pattern[str]) -> dict[str, str]:
    """What the document says of a header; what has another form is refused by a code of its own."""
    return {"pattern": f"^{form.pattern}$"}


@dataclass(frozen=True, slots=True)
class Door:
    """What every call needs of the outside world.

    `identify` turns a bearer token into an actor, or raises `Unknown`; or `Unavailable`, where
    that cannot be told for now. `meet` writes down who that is before they act, and `id_of` says
    what facts call whom the identity provider calls so. A front end finds at `discovery` how
    people sign in. All doors of a process have one `turnstile`.
    """

    identify: Identify
    clock: Clock
    chance: Chance
    seals: Seals
    discovery: str = ""
    meet: Callable[[str, Actor], Awaitable[None]] = _meet_nobody
    id_of: Callable[[str], str] = str
    turnstile: Turnstile = field(default_factory=Turnstile)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call by a known person, or by `PUBLIC`; `context` goes into the facts.

    `id_of` says what facts call somebody whom the caller names, by that or as the identity
    provider does.
    """

    actor: Actor
    context: Context
    if_match: int | None
    language: Language
    id_of: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class _AnonymousCall:
    """A call of which nothing is kept that leads to a person."""

    at: datetime
    language: Language


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody at a browser, of whom nothing is kept.

    `root` is where the service lies, and `path` where this page does; `cookies` came with it.
    """

    at: datetime
    language: Language
    root: str
    path: str
    cookies: Mapping[str, str]


_READING = frozenset({"GET", "HEAD"})
_BEARER = HTTPBearer(
    bearerFormat="JWT",
    scheme_name="bearer",
    description="An OpenID Connect access token; in a trial: python -m services token",
    auto_error=False,
)


async def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


async def actor_of(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    door: Annotated[Door, Depends(_door)],
) -> Actor:
    """Who calls, as the gate has found out; whoever depends on this asks."""
    caller: Caller = request.scope[CALLER]
    if credentials is not None and request.method not in _READING:
        await door.meet(credentials.credentials, caller.actor)
    return caller.actor


async def _if_match(
    if_match: Annotated[
        str | None,
        Header(
            description='The `ETag` of what is changed: `"57"`. '
            "`*` does not say which version was read, and is refused (428).",
            json_schema_extra=_described(ENTITY_TAG),
        ),
    ] = None,
) -> int | None:
    if if_match is None:
        return None
    if if_match == ANY_VERSION:
        raise Stale("version-unnamed")
    match = ENTITY_TAG.fullmatch(if_match)
    if match is None:
        raise Malformed("if-match-malformed")
    return int(match[1])


async def _correlation(
    door: Annotated[Door, Depends(_door)],
    x_correlation_id: Annotated[
        str | None,
        Header(
            description="The caller's own name for what it is doing",
            json_schema_extra=_described(CORRELATION),
        ),
    ] = None,
) -> str:
    if x_correlation_id is None:
        return door.chance.token()
    if CORRELATION.fullmatch(x_correlation_id) is None:
        raise Malformed("correlation-id-malformed")
    return x_correlation_id


async def _call(
    request: Request,
    door: Annotated[Door, Depends(_door)],
    actor: Annotated[Actor, Depends(actor_of)],
    correlation: Annotated[str, Depends(_correlation)],
    if_match: Annotated[int | None, Depends(_if_match)],
) -> _Call:
    context = Context(at=door.clock.now(), actor=actor.reference, correlation_id=correlation)
    language = language_of(request.headers.get("accept-language"))
    return _Call(actor, context, if_match, language, door.id_of)


async def _recorded_call(
    call: Annotated[_Call, Depends(_call)],
    credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_BEARER)],
    door: Annotated[Door, Depends(_door)],
) -> _Call:
    """A reading that the log keeps is an act of somebody, who is written down before."""
    if credentials is not None:
        await door.meet(credentials.credentials, call.actor)
    return call


async def _keyed_call(
    request: Request,
    door: Annotated[Door, Depends(_door)],
    call: Annotated[_Call, Depends(_call)],
    idempotency_key: Annotated[
        str | None,
        Header(
            description="1 to 128 visible ASCII characters; the same call, the same key",
            json_schema_extra=_described(IDEMPOTENCY_KEY),
        ),
    ] = None,
) -> _Call:
    if idempotency_key is None:
        raise Malformed("idempotency-key-required")
    if IDEMPOTENCY_KEY.fullmatch(idempotency_key) is None:
        raise Malformed("idempotency-key-malformed")
    said = (call.actor.reference, request.method, request.url.path)
    digest = door.seals.digest(
        "request", b"\n".join([*map(str.encode, said), await request.body()])
    )
    context = Context(
        at=call.context.at,
        actor=call.context.actor,
        correlation_id=call.context.correlation_id,
        idempotency_key=idempotency_key,
        request_digest=digest,
    )
    return replace(call, context=context)


async def _anonymous_call(
    request: Request, door: Annotated[Door, Depends(_door)]
) -> _AnonymousCall:
    language = language_of(request.headers.get("accept-language"))
    return _AnonymousCall(door.clock.now(), language)


async def _reader(
    request: Request, call: Annotated[_AnonymousCall, Depends(_anonymous_call)]
) -> _Reader:
    request.scope[PAGE] = True
    root = request.scope.get("root_path", "")
    return _Reader(call.at, call.language, root, request.url.path, request.cookies)


async def _wanted(
    request: Request,
    language: Annotated[str, Query(max_length=LANGUAGE_CHARACTERS_MAX)] = "",
) -> str:
    if language:
        answer_in(request.scope, language)
    return language


async def _accepted(accept: Annotated[str | None, Header(include_in_schema=False)] = None) -> str:
    return accept or "*/*"


Accepted = Annotated[str, Depends(_accepted)]
"""What a caller would like to get, for a route that gives it in several forms."""


def form_for(accepted: str, offered: Sequence[str]) -> str:
    """The form of an answer that is liked best; for a command, before it has done anything.

    Raises `Malformed("not-acceptable")` where the caller takes none of them.
    """
    if not is_taken(accepted, offered):
        raise Malformed("not-acceptable", offered=", ".join(offered))
    return preferred(accepted, offered)


Reader = Annotated[_Reader, Depends(_reader)]
"""Who calls a page; whatever is refused then is a page too."""

Wanted = Annotated[str, Depends(_wanted)]
"""The language in which a page is wanted by its address, empty where that names none."""

Call = Annotated[_Call, Depends(_call)]
RecordedCall = Annotated[_Call, Depends(_recorded_call)]
KeyedCall = Annotated[_Call, Depends(_keyed_call)]
AnonymousCall = Annotated[_AnonymousCall, Depends(_anonymous_call)]
