"""Which requests ask who their caller is; of the others nothing may be kept, and nothing told."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Scope

from shared.adapters.web.call import actor_of


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a route takes: these methods, at such a path behind where it is mounted."""

    methods: frozenset[str]
    mounted: str
    path: re.Pattern[str]
    asks: bool

    def takes(self, method: str, path: str) -> bool:
        """Whether a request is for this route."""
        if method not in self.methods or not path.startswith(self.mounted):
            return False
        return self.path.fullmatch(path.removeprefix(self.mounted)) is not None


class Asking:
    """The routes of an application, and whether they ask who calls, be it that anybody may.

    Pages on which people answer do not (`Reader`), nor do the calls for the same (`AnonymousCall`),
    nor does health. What no route takes asks nothing.
    """

    def __init__(self, app: Starlette) -> None:
        self._taken = tuple(_taken(app, ""))

    def asks(self, scope: Scope) -> bool:
        """Whether the route that takes the request asks."""
        method, path = scope["method"], scope["path"]
        return next((each.asks for each in self._taken if each.takes(method, path)), False)


def _taken(app: Starlette, mounted: str) -> Iterator[_Taken]:
    for found in iter_route_contexts(app.routes):
        route = found.original_route
        if isinstance(route, Mount):
            if isinstance(route.app, Starlette):
                yield from _taken(route.app, mounted + route.path)
        elif isinstance(route, APIRoute):
            yield _Taken(frozenset(found.methods or ()), mounted, found.path_regex, _asks(found))


def _asks(found: RouteContext) -> bool:
    return actor_of in _called(found.dependant)


def _called(dependant: Dependant) -> Iterator[object]:
    """All that is called before the handler, at every depth."""
    for each in dependant.dependencies:
        yield each.call
        yield from _called(each)
