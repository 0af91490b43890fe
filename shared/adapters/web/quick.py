"""A route that many take at once: documented as all others are, and run with less around it.

FastAPI takes more time to find out what a handler wants, request by request, than a small handler
takes itself. What is right is read here at once; of all else FastAPI says what is wrong.
"""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

from shared.adapters.web.gate import SAID

_Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class QuickRoute(APIRoute):
    """The route of a handler that takes parameters of its path and a body, and gives a model."""

    def get_route_handler(self) -> _Handler:
        """The handler without FastAPI, and with it where a request is not as it ought to be."""
        slowly = super().get_route_handler()
        read, answer = self._reading(), self.endpoint
        status = self.status_code or 200

        async def quickly(request: Request) -> Response:
            arguments = read(request)
            if arguments is None:
                return await slowly(request)
            answered: BaseModel = await answer(**arguments)
            written = answered.model_dump_json()
            return Response(written, status_code=status, media_type="application/json")

        return quickly

    def _reading(self) -> Callable[[Request], Mapping[str, Any] | None]:
        dependant, body = self.dependant, self.body_field
        others = (dependant.query_params, dependant.header_params, dependant.cookie_params)
        assert not any((*others, dependant.dependencies)), "it takes a path and a body alone"
        assert body is not None, "it takes a body"
        fields = (*dependant.path_params, body)

        def read(request: Request) -> Mapping[str, Any] | None:
            """The arguments of the handler; None where anything is wrong with them."""
            arguments: dict[str, Any] = {}
            given = {**request.path_params, body.name: request.scope.get(SAID)}
            for field in fields:
                arguments[field.name], errors = field.validate(given[field.name])
                if errors:
                    return None
            return arguments

        return read
