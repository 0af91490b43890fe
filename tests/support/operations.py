"""Every operation of every service by its OpenAPI document, and which action of the table it is.

A route that nobody put here fails `tests/api/test_roles.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from starlette.routing import BaseRoute

from shared.adapters.front import routes_of
from shared.adapters.web.examples import BY_NAME
from shared.adapters.web.rights import actions_of, is_for_anybody
from tests.golden.documents import WIRINGS, document_of
from tests.support.anonymous import ANONYMOUS_OPERATIONS
from tests.support.outside import memory_outside

AGENCY = str(BY_NAME["agency"])

# Operations that anybody may ask for; what of it a caller gets to see is another question.
PUBLIC_OPERATIONS = {
    *ANONYMOUS_OPERATIONS,  # They do not even look at a token.
    ("survey", "read_questionnaire"),
    ("survey", "read_public_results"),
    ("ranking", "list_cycles"),
    ("ranking", "read_table"),
    ("ranking", "read_agency"),
    ("ranking", "explain_agency"),
    ("ranking", "explain_item"),
    ("ranking", "list_publications"),
    ("ranking", "read_rank_ranges"),
}

# Routes that no document has; they are for everybody, and none of them looks at a token.
_OF_EVERY_SERVICE = {
    "GET HEAD /openapi.json",
    "GET /docs",
    "GET /docs/oauth2-redirect",
    "/docs-files",
}
_FORM = "/form/{cycle}/{questionnaire}"
HIDDEN_ROUTES: Mapping[str, set[str]] = {
    **dict.fromkeys(WIRINGS, _OF_EVERY_SERVICE),
    "survey": {
        *_OF_EVERY_SERVICE,
        "GET /form-HASH.css",
        "GET /ballot-HASH.js",
        "GET /sealed-HASH.js",
        f"GET {_FORM}",
        f"POST {_FORM}",
        f"GET {_FORM}/receipts",
        f"GET {_FORM}/results",
        f"GET {_FORM}/sealed/{{agency}}",
        f"POST {_FORM}/sealed/{{agency}}",
        f"GET {_FORM}/{{token}}",
        f"POST {_FORM}/{{token}}",
        f"DELETE {_FORM}/{{token}}",
    },
    "ranking": {*_OF_EVERY_SERVICE, "GET /asyncapi.json"},
}
_HASH = re.compile(r"(?<=-)[0-9a-f]{16}(?=[.])")

# Nobody comes with these over HTTP: the system itself takes them, or another operation does.
ACTIONS_WITHOUT_OPERATION = {
    "lock-overdue",
    "scan-evidence",
    "sweep-uploads",
    "read-former-evidence",
    "open-appraisal",
    "correct-result",
    "read-operations",  # It is asked of the process: tests/api/test_operations.py.
}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation by its OpenAPI document, with the examples for all that it takes."""

    service: str
    name: str
    method: str
    template: str
    parts: Mapping[str, str]
    body: object

    @property
    def key(self) -> tuple[str, str]:
        return self.service, self.name

    @property
    def agency(self) -> str:
        """The agency that it concerns, if it concerns one: the survey officer's are all."""
        return AGENCY if "/agencies/{agency}" in self.template else ""

    @property
    def path(self) -> str:
        """Its path with the examples in it."""
        return self.path_of()

    def path_of(self, **parts: str) -> str:
        """Its path with these parts in place of the examples."""
        return self.template.format(**{**self.parts, **parts})


def _operations() -> Iterator[Operation]:
    for service in WIRINGS:
        for path, operations in document_of(service)["paths"].items():
            for method, described in operations.items():
                yield _operation(service, path, method, described)


def _operation(service: str, path: str, method: str, described: Mapping[str, Any]) -> Operation:
    parts = {
        part["name"]: str(part["example"])
        for part in described.get("parameters", ())
        if part["in"] == "path"
    }
    content = described.get("requestBody", {}).get("content", {})
    body = content.get("application/json", {}).get("example")
    return Operation(service, described["operationId"], method.upper(), path, parts, body)


@cache
def router_of(service: str) -> APIRouter:
    """The routes of a service over empty stores."""
    outside = memory_outside()
    router: APIRouter = routes_of(WIRINGS[service](outside), outside)
    return router


@cache
def actions() -> Mapping[tuple[str, str], str]:
    """Which action of `kernel.authority` an operation is, as its route says; public ones none."""
    return {
        (service, str(route.name)): action
        for service in WIRINGS
        for route in iter_route_contexts(router_of(service).routes)
        for action in actions_of(getattr(route, "dependencies", ()))
    }


def silent_routes(routes: Sequence[BaseRoute]) -> Iterator[str]:
    """The routes that do not say, or not in one word, who may ask for what."""
    for route in iter_route_contexts(routes):
        said = getattr(route, "dependencies", None)
        if said is not None and len([*actions_of(said)]) + is_for_anybody(said) != 1:
            yield f"{route.name} {route.path}"


def hidden_routes(app: FastAPI) -> Iterator[str]:
    """What an application answers and its document does not have, however deep it is included."""
    paths = app.openapi()["paths"]
    for route in iter_route_contexts(app.routes):
        methods = sorted(route.methods or ())
        described = paths.get(route.path_format, {})
        if not methods or any(method.lower() not in described for method in methods):
            yield _HASH.sub("HASH", " ".join([*methods, str(route.path)]))


OPERATIONS = {operation.key: operation for operation in _operations()}
