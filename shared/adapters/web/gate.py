"""The gate before a service's routes: how many, how long and how large requests may be.

Everything that leaves through it is an HTTP answer: what nobody foresaw is logged here, and told
to nobody else.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.web import json_body
from shared.adapters.web.problem import Malformed, TooLarge, response_to, unexpected
from shared.kernel.errors import Problem, Unavailable

REQUESTS_MAX = 256
REQUEST_S_MAX = 30.0
UPLOAD_S_MAX = 900.0
BODY_BYTES_MAX = 1024 * 1024
HEADERS_BYTES_MAX = 16 * 1024
INTAKE = "cchc.intake"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a service takes at once, and how long an answer may be in coming.

    `request_s_max` counts until the answer begins, `upload_s_max` for a file on its way in.
    """

    requests_max: int = REQUESTS_MAX
    request_s_max: float = REQUEST_S_MAX
    upload_s_max: float = UPLOAD_S_MAX


class Intake:
    """The body of one request on its way in, up to a limit that a route for files lifts."""

    def __init__(self, receive: Receive, timeout: asyncio.Timeout, upload_s_max: float) -> None:
        self._receive = receive
        self._timeout = timeout
        self._upload_s_max = upload_s_max
        self._taken_bytes = 0
        self._bytes_max: int | None = BODY_BYTES_MAX

    def expect_file(self) -> None:
        """Take a file: as large as who stores it allows, and in the time that takes."""
        self._bytes_max = None
        self._timeout.reschedule(asyncio.get_running_loop().time() + self._upload_s_max)

    async def receive(self) -> Message:
        """The next part of the body; raises `TooLarge` once it is more than the limit."""
        message = await self._receive()
        self._taken_bytes += len(message.get("body", b""))
        if self._bytes_max is not None and self._taken_bytes > self._bytes_max:
            raise TooLarge("body-too-large", maximum=str(self._bytes_max))
        return message

    async def whole(self) -> bytes:
        """All of the body at once."""
        parts = []
        more = True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            more = message.get("more_body", False)
        return b"".join(parts)


class Gate:
    """ASGI middleware; see the head of this module."""

    def __init__(self, app: ASGIApp, *, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._inside = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._let_in_with_others(scope, receive, answer)
        except Problem as problem:
            await response_to(scope, problem)(scope, receive, answer.send)
        except ClientDisconnect:
            _log.info("a caller left before the answer to %s", _route(scope))
        except Exception:
            _log.exception("%s failed unexpectedly", _route(scope))
            if answer.begun:
                raise
            await unexpected(scope)(scope, receive, answer.send)

    async def _let_in_with_others(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if self._inside >= self._limits.requests_max:
            raise Unavailable("too-busy", maximum=str(self._limits.requests_max))
        self._inside += 1
        try:
            await self._let_in_for_a_while(scope, receive, answer)
        finally:
            self._inside -= 1

    async def _let_in_for_a_while(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Whatever was begun in a thread goes on to its end; the caller asks again."""
        limit_s = self._limits.request_s_max
        try:
            async with asyncio.timeout(limit_s) as timeout:
                answer.timeout = timeout
                intake = Intake(receive, timeout, self._limits.upload_s_max)
                try:
                    await self._let_in(scope, receive, intake, answer.send)
                finally:
                    answer.timeout = None
        except TimeoutError as error:
            if not timeout.expired() or answer.begun:
                raise
            raise Unavailable("took-too-long", seconds=f"{limit_s:.0f}") from error

    async def _let_in(self, scope: Scope, receive: Receive, intake: Intake, send: Send) -> None:
        headers = Headers(scope=scope)
        _check_head(scope, headers)
        scope[INTAKE] = intake
        if _is_json(headers):
            body = await intake.whole()
            normal = json_body.canonical(body) if body else body
            await self._app(scope, _replay(normal, receive), send)
        else:
            await self._app(scope, intake.receive, send)


class _Answer:
    """Remembers whether an answer has begun, after which there is no other one, and no hurry."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.timeout: asyncio.Timeout | None = None

    async def send(self, message: Message) -> None:
        if self.timeout is not None and not self.begun:
            self.timeout.reschedule(None)
        self.begun = True
        await self._send(message)


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


def _is_json(headers: Mapping[str, str]) -> bool:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _replay(body: bytes, receive: Receive) -> Receive:
    unread: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return unread.pop() if unread else await receive()

    return receive_again


def _route(scope: Mapping[str, Any]) -> str:
    """The route by its template: a path may hold a secret, and a log must not."""
    path = getattr(scope.get("route"), "path", "an unknown path")
    return f"{scope['method']} {scope.get('root_path', '')}{path}"
