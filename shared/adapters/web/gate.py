"""The gate before a service's routes: how large a request may be, and what JSON it may hold.

Everything that leaves through it is an HTTP answer: what nobody foresaw is logged here, and told
to nobody else.
"""

import logging
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.web import json_body
from shared.adapters.web.problem import Malformed, TooLarge, response_to, unexpected
from shared.kernel.errors import Problem

BODY_BYTES_MAX = 1024 * 1024
HEADERS_BYTES_MAX = 16 * 1024
INTAKE = "cchc.intake"

_log = logging.getLogger(__name__)


class Intake:
    """The body of one request on its way in, up to a limit that a route for files lifts."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._taken_bytes = 0
        self.bytes_max: int | None = BODY_BYTES_MAX

    async def receive(self) -> Message:
        """The next part of the body; raises `TooLarge` once it is more than the limit."""
        message = await self._receive()
        self._taken_bytes += len(message.get("body", b""))
        if self.bytes_max is not None and self._taken_bytes > self.bytes_max:
            raise TooLarge("body-too-large", maximum=str(self.bytes_max))
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

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        answer = _Answer(send)
        try:
            await self._let_in(scope, receive, answer.send)
        except Problem as problem:
            await response_to(scope, problem)(scope, receive, answer.send)
        except ClientDisconnect:
            _log.info("a caller left before the answer to %s", _route(scope))
        except Exception:
            _log.exception("%s failed unexpectedly", _route(scope))
            if answer.begun:
                raise
            await unexpected(scope)(scope, receive, answer.send)

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        _check_head(scope, headers)
        intake = Intake(receive)
        scope[INTAKE] = intake
        if _is_json(headers):
            body = await intake.whole()
            normal = json_body.canonical(body) if body else body
            await self._app(scope, _replay(normal, receive), send)
        else:
            await self._app(scope, intake.receive, send)


class _Answer:
    """Remembers whether an answer has begun, after which there is no other one."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def send(self, message: Message) -> None:
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
