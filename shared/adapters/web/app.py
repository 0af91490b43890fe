"""A service's router as an application, with its gate, its errors and its OpenAPI pages."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.params import Depends
from fastapi.routing import APIRoute
from fastapi.telemetry import TelemetryConfig
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from shared.adapters.web import openapi
from shared.adapters.web.call import Door
from shared.adapters.web.docs import FILES, add_docs
from shared.adapters.web.gate import Gate
from shared.adapters.web.problem import answer_flaws, answer_framework, answer_problem
from shared.adapters.web.quick import QuickWay
from shared.adapters.web.rooms import Limits
from shared.kernel.errors import Problem

VERSION = "1.0.0"
DEFAULT_LIMITS = Limits()
NO_TELEMETRY: TelemetryConfig = {
    "tracing": False,
    "metrics": False,
    "logs": False,
    "operation_spans": False,
    "auto_configure": False,
}
"""The framework tells nothing of requests, whatever the environment asks of it: it would tell their
values, and so who answered what. What is told is told by `shared.adapters.telemetry`."""


def new_router(
    dependencies: Sequence[Depends] = (), *, include_in_schema: bool = True
) -> APIRouter:
    """A router for `service_app`; an operation is called what its handler is called.

    Its routes are taken into another one as they are, by `routes.extend`. By `include_router` the
    framework would make each of them anew, when the first request comes; it is for a prefix.
    """
    return APIRouter(
        dependencies=dependencies,
        include_in_schema=include_in_schema,
        generate_unique_id_function=_name,
    )


def service_app(
    name: str, router: APIRouter, door: Door, limits: Limits = DEFAULT_LIMITS
) -> FastAPI:
    """The application of one service, to be mounted under its name; pages lie at `/docs`."""
    app = FastAPIOffline(
        title=f"CCHC: {name}",
        version=VERSION,
        description=openapi.DESCRIPTIONS.get(name, ""),
        exception_handlers={
            Problem: answer_problem,
            RequestValidationError: answer_flaws,
            HTTPException: answer_framework,
        },
        docs_url=None,
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        static_url=FILES,
        redirect_slashes=False,
    )
    app.state.door = door
    app.add_middleware(QuickWay, router=router)
    app.add_middleware(Gate, limits=limits, turnstile=door.turnstile, identify=door.identify)
    add_docs(app)
    app.router.routes.extend(router.routes)
    described: partial[dict[str, Any]] = partial(openapi.describe, app)
    app.openapi = described  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _name(route: APIRoute) -> str:
    """The id of an operation: what its handler is called, which stays when its path changes."""
    return route.name
