"""The gate before a service's routes: who comes, how often, how many, how long and how large.

Everything that leaves through it is an HTTP answer with the headers that every answer has: what
nobody foresaw is logged here, and told to nobody else.
"""

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.web import json_body
from shared.adapters.web.headers import Fields, guard, limits_told
from shared.adapters.web.problem import Malformed, TooLarge, response_to, unexpected
from shared.adapters.web.rooms import Limits, Rooms
from shared.adapters.web.stay import BODY_BYTES_MAX, INTAKE, Intake, Stay
from shared.adapters.web.turnstile import CALLER, Caller, Identify, Turnstile
from shared.kernel.errors import Problem

HEADERS_BYTES_MAX = 16 * 1024
HEALTH = frozenset({"/livez", "/readyz", "/startupz"})
"""These are asked in no room, and as often as anybody likes: who is refused would take the process
for dead. They have no body, and what they look at has limits of its own."""
PART_BYTES_MAX = 64 * 1024
SAID = "cchc.said"
"""In the scope of a request that has JSON: what it says, normalised."""

_log = logging.getLogger(__name__)


class Gate:
    """ASGI middleware; see the head of this module."""

    def __init__(
        self, app: ASGIApp, *, limits: Limits, turnstile: Turnstile, identify: Identify
    ) -> None:
        self._app = app
        self._rooms = Rooms(limits)
        self._turnstile = turnstile
        self._identify = identify

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(scope, send, self._turnstile)
        try:
            if scope["path"] in HEALTH:
                _check_head(scope, Headers(scope=scope))
                await self._app(scope, receive, answer.send)
            else:
                await self._let_in_for_a_while(scope, receive, answer)
        except ClientDisconnect:
            _log.info("a caller left before the answer to %s", _route(scope))
        except Problem as problem:
            if answer.begun:
                raise
            await response_to(scope, problem)(scope, receive, answer.send)
        except Untaken:
            _log.info("an answer to %s was not taken in time, or made room", _route(scope))
            raise
        except Exception:
            _log.exception("%s failed unexpectedly", _route(scope))
            if answer.begun:
                raise
            await unexpected(scope)(scope, receive, answer.send)

    async def _let_in_for_a_while(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Whatever was begun in a thread goes on to its end; the caller asks again."""
        try:
            async with asyncio.timeout(self._rooms.limits.request_s_max) as timeout:
                stay = answer.stay = Stay(self._rooms, timeout)
                try:
                    await self._meet(scope, stay)
                    await self._let_in(scope, Intake(receive, stay), stay, answer.send)
                finally:
                    answer.stay = None
                    stay.end()
        except TimeoutError as error:
            if not timeout.expired():
                raise
            if answer.begun:
                raise Untaken from error
            raise stay.given_up() from error

    async def _meet(self, scope: Scope, stay: Stay) -> None:
        """See who comes, and whether too often or with too much at once."""
        caller = self._turnstile.met(scope)
        stay.arrive(caller.guest)
        await self._turnstile.know(caller, scope, self._identify)
        stay.arrive(caller.guest)

    async def _let_in(self, scope: Scope, intake: Intake, stay: Stay, send: Send) -> None:
        headers = Headers(scope=scope)
        _check_head(scope, headers)
        scope[INTAKE] = intake
        if _is_json(headers):
            body = await intake.whole()
            if body:
                scope[SAID] = json_body.read(body, _members_max(scope))
            await self._app(scope, _replay(scope, intake.receive), send)
        else:
            stay.begin_work()
            await self._app(scope, intake.receive, send)


class Untaken(TimeoutError):
    """Whoever asked does not take the answer as fast as they have to."""


class _Answer:
    """Remembers whether an answer has begun, after which there is no other one; guards each.

    A large one goes out in parts, of which each waits until the one before was taken; so it is
    known how many there are that are in memory as a whole. The head waits for the first part.
    """

    def __init__(self, scope: Scope, send: Send, turnstile: Turnstile) -> None:
        self._scope = scope
        self._send = send
        self._rates = turnstile.rates
        self._head: Message | None = None
        self.begun = False
        self.stay: Stay | None = None

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if self.stay is not None:
                self.stay.go_out()
            self._head = guard(message, self._scope, self._limits())
            return
        body = message.get("body", b"")
        is_whole = self._head is not None and not message.get("more_body", False)
        if self.stay is not None and is_whole and len(body) > PART_BYTES_MAX:
            self.stay.be_taken()
        if self._head is not None:
            head, self._head, self.begun = self._head, None, True
            await self._send(head)
        last = max(0, len(body) - 1) // PART_BYTES_MAX * PART_BYTES_MAX
        for begin in range(0, last, PART_BYTES_MAX):
            part = body[begin : begin + PART_BYTES_MAX]
            await self._send({**message, "body": part, "more_body": True})
        await self._send({**message, "body": body[last:]})

    def _limits(self) -> Fields:
        caller: Caller | None = self._scope.get(CALLER)
        return limits_told(caller.left, self._rates) if caller is not None else ()


def _check_head(scope: Scope, headers: Headers) -> None:
    size = sum(len(name) + len(value) for name, value in headers.raw)
    size += len(scope.get("raw_path") or b"") + len(scope["query_string"])
    if size > HEADERS_BYTES_MAX:
        raise TooLarge("headers-too-large", maximum=str(HEADERS_BYTES_MAX))
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit()):
        raise Malformed("request-malformed")
    if _is_json(headers) and int(length) > BODY_BYTES_MAX:
        raise TooLarge("body-too-large", maximum=str(BODY_BYTES_MAX))


def _members_max(scope: Scope) -> int:
    caller: Caller = scope[CALLER]
    is_proved = caller.guest.is_proved
    return json_body.ALL_MEMBERS_MAX if is_proved else json_body.ALL_MEMBERS_OF_STRANGERS_MAX


def _is_json(headers: Mapping[str, str]) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _replay(scope: Scope, receive: Receive) -> Receive:
    """What was said, in its canonical form, which is written for whoever asks for bytes."""
    is_read = False

    async def receive_again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        body = json_body.written(scope[SAID]) if SAID in scope else b""
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _route(scope: Mapping[str, Any]) -> str:
    """The route by its template: a path may hold a secret, and a log must not."""
    path = getattr(scope.get("route"), "path", "an unknown path")
    return f"{scope['method']} {scope.get('root_path', '')}{path}"
