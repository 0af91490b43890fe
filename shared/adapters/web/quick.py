"""Routes that many take at once: documented as all others are, and reached with less around them.

FastAPI takes more time to find a route and what its handler wants, request by request, than a small
handler takes itself. A request that is right goes straight to its handler here; what is wrong with
any other one, FastAPI says.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import Match
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.adapters.web.gate import SAID
from shared.adapters.web.rights import FOR_ANYBODY

_Arguments = Mapping[str, Any]


class QuickRoute(APIRoute):
    """The route of a handler that takes parameters of its path and a body, and gives a model."""

    def __init__(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - those of FastAPI
        super().__init__(*args, **options)
        dependant, body = self.dependant, self.body_field
        others = (dependant.query_params, dependant.header_params, dependant.cookie_params)
        assert self.dependencies == [FOR_ANYBODY], "nobody is asked what they may"
        assert not any((*others, dependant.dependencies[1:])), "it takes a path and a body alone"
        assert body is not None, "it takes a body"
        self._body = body
        self._fields = (*dependant.path_params, body)

    def arguments(self, scope: Scope) -> _Arguments | None:
        """What the handler is called with; None where anything is wrong with the request."""
        matched, found = self.matches(scope)
        if matched is not Match.FULL:
            return None
        given = {**found["path_params"], self._body.name: scope.get(SAID)}
        arguments: dict[str, Any] = {}
        for field in self._fields:
            arguments[field.name], errors = field.validate(given[field.name])
            if errors:
                return None
        return arguments

    async def answer(self, arguments: _Arguments) -> Response:
        """What the handler makes of them."""
        model: BaseModel = await self.endpoint(**arguments)
        status = self.status_code or 200
        return Response(model.model_dump_json(), status, media_type="application/json")


class QuickWay:
    """ASGI middleware behind the gate: the quick routes of a router, and before all others."""

    def __init__(self, app: ASGIApp, *, router: APIRouter) -> None:
        self._app = app
        self._routes: Sequence[QuickRoute] = [
            route for route in router.routes if isinstance(route, QuickRoute)
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        for route in self._routes:
            arguments = route.arguments(scope)
            if arguments is not None:
                scope["route"] = route
                response = await route.answer(arguments)
                await response(scope, receive, send)
                return
        await self._app(scope, receive, send)
