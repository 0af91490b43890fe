"""Nothing is told of routes that do not ask who calls, and those by which people answer do not."""

from collections.abc import Mapping
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.applications import Starlette
from starlette.routing import Mount

from shared.adapters import web
from shared.adapters.identity import Given
from shared.kernel.actor import PUBLIC
from tests.golden.documents import WIRINGS
from tests.support.outside import memory_outside


def mounted(name: str) -> tuple[Starlette, Any]:
    """The service under its name, as a process mounts it, and by itself."""
    outside = memory_outside()
    door = web.Door(Given(lambda _: PUBLIC).identify, outside.clock, outside.chance, outside.seals)
    app = web.service_app(name, WIRINGS[name](outside).router, door)
    return Starlette(routes=[Mount(f"/{name}", app)]), app


def requests(name: str, app: Any) -> Mapping[tuple[str, str], str]:  # noqa: ANN401 - of FastAPI
    """A request for each route of the service, and the path that its document writes."""
    return {
        (method, f"/{name}{found.path.replace('{', '').replace('}', '')}"): found.path
        for found in iter_route_contexts(app.routes)
        if isinstance(found.original_route, APIRoute) and found.path is not None
        for method in found.methods or ()
    }


@pytest.mark.parametrize("name", WIRINGS)
def test_whatever_takes_a_token_asks_and_nothing_else_does(name: str) -> None:
    outer, app = mounted(name)
    asking, paths = web.Asking(outer), app.openapi()["paths"]

    asked = {
        (method, path): asking.asks({"method": method, "path": at})
        for (method, at), path in requests(name, app).items()
    }

    expected = {
        place: bool(paths.get(place[1], {}).get(place[0].lower(), {}).get("security"))
        for place in asked
    }
    assert asked == expected
    assert True in asked.values()


def test_nothing_by_which_people_answer_asks() -> None:
    outer, app = mounted("survey")
    asking = web.Asking(outer)

    answering = [
        (method, at)
        for method, at in requests("survey", app)
        if at.startswith("/survey/form") or at.endswith(("/responses", "/ballots", "-responses"))
    ]

    assert len(answering) >= 8
    assert [each for each in answering if asking.asks({"method": each[0], "path": each[1]})] == []


@pytest.mark.parametrize("path", ["/", "/survey", "/nowhere", "/surveys/cycles/2021/agencies", ""])
def test_what_no_route_takes_asks_nothing(path: str) -> None:
    outer, _ = mounted("survey")

    assert not web.Asking(outer).asks({"method": "GET", "path": path})
