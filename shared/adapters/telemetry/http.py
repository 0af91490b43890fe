"""ASGI middleware around a whole process: a span and a duration for each request.

The route is told as the OpenAPI document writes it, without its values, so that no token and no
name of a file comes into a span. Where a route does not ask who calls, nothing is told at all: by
those people answer a survey, and nothing tells when they came. What no route takes is told by
nobody either.
"""

from collections.abc import MutableMapping
from http import HTTPStatus
from typing import Any

from opentelemetry import trace
from starlette.applications import Starlette
from starlette.types import Message, Receive, Scope, Send

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.meters import Meters
from shared.adapters.telemetry.tracing import TRACEPARENT, Tracing
from shared.adapters.web import Asking

REFUSED = "refused"
"""The route of a request that was refused before it was routed, as one too many."""

_Told = MutableMapping[str, str | int]


class Observed:
    """Traces and measures the requests of an application."""

    def __init__(self, app: Starlette, tracing: Tracing, meters: Meters) -> None:
        self._app = app
        self._asking = Asking(app)
        self._tracing = tracing
        self._meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._asking.asks(scope):
            await self._app(scope, receive, send)
            return
        told: _Told = {contract.METHOD.name: scope["method"]}
        began_s = self._meters.now_s()
        span = self._tracing.request(scope["method"], _header(scope, TRACEPARENT))
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
    """The template of the route that was found, behind what the application is mounted at.

    Where a request was refused at the gate it did not come so far.
    """
    path: Any = getattr(scope.get("route"), "path", None)
    return f"{scope.get('root_path', '')}{path}" if path else REFUSED


def _header(scope: Scope, name: str) -> str:
    sought = name.encode()
    return next((v.decode("latin-1") for key, v in scope["headers"] if key == sought), "")
