"""ASGI middleware around a whole process: a span and a duration for each request.

The route is told as the OpenAPI document writes it, without its values, so that no token and no
name of a file comes into a span. Of a service that is `discreet` only those are traced and measured
who say who they are: people who answer a survey bring no token, and nothing tells when they came.
"""

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from opentelemetry import trace
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.meters import Meters
from shared.adapters.telemetry.tracing import TRACEPARENT, Tracing

METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"))
OTHER = "_OTHER"
UNKNOWN = "unknown"
"""The route of a request for which there is none: what strangers call it is told nowhere."""
AUTHORIZATION = "authorization"

_Told = MutableMapping[str, str | int]


class Observed:
    """Traces and measures the requests of an application."""

    def __init__(
        self, app: ASGIApp, tracing: Tracing, meters: Meters, *, discreet: bool = False
    ) -> None:
        self._app = app
        self._tracing = tracing
        self._meters = meters
        self._discreet = discreet

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (self._discreet and not _header(scope, AUTHORIZATION)):
            await self._app(scope, receive, send)
            return
        method = scope["method"] if scope["method"] in METHODS else OTHER
        told: _Told = {contract.METHOD.name: method}
        began_s = self._meters.now_s()
        span = self._tracing.request(method, _header(scope, TRACEPARENT))
        try:
            with trace.use_span(span, record_exception=False, set_status_on_exception=False):
                await self._app(scope, receive, _watching(send, told))
        except BaseException as error:
            told[contract.ERROR.name] = type(error).__name__
            raise
        finally:
            told[contract.ROUTE.name] = _route(scope)
            _end(span, told)
            self._meters.record(contract.REQUEST_DURATION, self._meters.now_s() - began_s, told)


def _watching(send: Send, told: _Told) -> Send:
    async def watching(message: Message) -> None:
        if message["type"] == "http.response.start":
            status = message["status"]
            told[contract.STATUS.name] = status
            if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
                told[contract.ERROR.name] = str(status)
        await send(message)

    return watching


def _end(span: trace.Span, told: _Told) -> None:
    span.update_name(f"{told[contract.METHOD.name]} {told[contract.ROUTE.name]}")
    span.set_attributes(told)
    if contract.ERROR.name in told:
        span.set_status(trace.Status(trace.StatusCode.ERROR))
    span.end()


def _route(scope: Scope) -> str:
    """The template of the route that was found, behind what the application is mounted at."""
    path: Any = getattr(scope.get("route"), "path", None)
    return f"{scope.get('root_path', '')}{path}" if path else UNKNOWN


def _header(scope: Scope, name: str) -> str:
    sought = name.encode()
    return next((v.decode("latin-1") for key, v in scope["headers"] if key == sought), "")
