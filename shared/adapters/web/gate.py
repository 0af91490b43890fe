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
UPLOADS_MAX = 64
TRANSFER_S_MAX = 900.0
BODY_BYTES_MAX = 1024 * 1024
HEADERS_BYTES_MAX = 16 * 1024
INTAKE = "cchc.intake"
SAID = "cchc.said"
"""In the scope of a request that has JSON: what it says, normalised."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """How many requests a service takes at once, and how long each may take.

    `request_s_max` counts until the answer begins. Files on their way in, and answers on their way
    out, have `transfer_s_max`, and leave room for other requests meanwhile.
    """

    requests_max: int = REQUESTS_MAX
    request_s_max: float = REQUEST_S_MAX
    uploads_max: int = UPLOADS_MAX
    transfer_s_max: float = TRANSFER_S_MAX


class _Rooms:
    """How many requests are in which room of a service: at work, or on their way in as files."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.working = 0
        self.uploading = 0


class _Stay:
    """One request's stay in these rooms."""

    def __init__(self, rooms: _Rooms) -> None:
        if rooms.working >= rooms.limits.requests_max:
            raise Unavailable("too-busy", maximum=str(rooms.limits.requests_max))
        self._rooms = rooms
        self._is_working = True
        self._is_uploading = False
        rooms.working += 1

    def begin_upload(self) -> None:
        """Make room for others while a file comes in."""
        rooms = self._rooms
        if rooms.uploading >= rooms.limits.uploads_max:
            raise Unavailable("too-busy", maximum=str(rooms.limits.uploads_max))
        self._is_uploading = True
        rooms.uploading += 1
        self.end_work()

    def end_work(self) -> None:
        """Make room for others: what remains is to be sent."""
        self._rooms.working -= self._is_working
        self._is_working = False

    def end(self) -> None:
        """Leave."""
        self.end_work()
        self._rooms.uploading -= self._is_uploading
        self._is_uploading = False


class Intake:
    """The body of one request on its way in, up to a limit that a route for files lifts."""

    def __init__(
        self, receive: Receive, stay: _Stay, timeout: asyncio.Timeout, file_s: float
    ) -> None:
        self._receive = receive
        self._stay = stay
        self._timeout = timeout
        self._file_s = file_s
        self._taken_bytes = 0
        self._bytes_max: int | None = BODY_BYTES_MAX

    def expect_file(self) -> None:
        """Take a file: as large as who stores it allows, and in the time that takes."""
        self._stay.begin_upload()
        self._bytes_max = None
        self._timeout.reschedule(asyncio.get_running_loop().time() + self._file_s)

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
        self._rooms = _Rooms(limits)

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
        stay = _Stay(self._rooms)
        try:
            await self._let_in_for_a_while(scope, receive, answer, stay)
        finally:
            stay.end()

    async def _let_in_for_a_while(
        self, scope: Scope, receive: Receive, answer: "_Answer", stay: _Stay
    ) -> None:
        """Whatever was begun in a thread goes on to its end; the caller asks again."""
        limits = self._rooms.limits
        try:
            async with asyncio.timeout(limits.request_s_max) as timeout:
                intake = Intake(receive, stay, timeout, limits.transfer_s_max)
                answer.going_out = _GoingOut(stay, timeout, limits.transfer_s_max)
                try:
                    await self._let_in(scope, receive, intake, answer.send)
                finally:
                    answer.going_out = None
        except TimeoutError as error:
            if not timeout.expired() or answer.begun:
                raise
            raise Unavailable("took-too-long", seconds=f"{limits.request_s_max:.0f}") from error

    async def _let_in(self, scope: Scope, receive: Receive, intake: Intake, send: Send) -> None:
        headers = Headers(scope=scope)
        _check_head(scope, headers)
        scope[INTAKE] = intake
        if _is_json(headers):
            body = await intake.whole()
            if body:
                scope[SAID] = json_body.read(body)
            await self._app(scope, _replay(scope, receive), send)
        else:
            await self._app(scope, intake.receive, send)


@dataclass(frozen=True, slots=True)
class _GoingOut:
    """What changes when the answer begins: others have room, and there is time to send it."""

    stay: _Stay
    timeout: asyncio.Timeout
    answer_s_max: float

    def begin(self) -> None:
        self.stay.end_work()
        self.timeout.reschedule(asyncio.get_running_loop().time() + self.answer_s_max)


class _Answer:
    """Remembers whether an answer has begun, after which there is no other one."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False
        self.going_out: _GoingOut | None = None

    async def send(self, message: Message) -> None:
        if self.going_out is not None and not self.begun:
            self.going_out.begin()
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
