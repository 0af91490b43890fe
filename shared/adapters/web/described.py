"""What a route says of itself in the OpenAPI document, beyond what FastAPI finds out.

@router.get("/cycles", responses=leads_to("read_cycle", cycle="body#/items/0/cycle"))
"""

from collections.abc import Iterable, Mapping
from typing import Any

Responses = dict[int | str, dict[str, Any]]
Known = Mapping[str, tuple[str, Mapping[str, Any]]]
"""The operations of a document by their names, each with its method."""

ENTITY_TAG = r'^"[1-9][0-9]{0,17}"$'
BY_TAG = {"header.if-match": "$response.header.ETag"}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_ANSWER = "Successful Response"


def tagged(*changes: str, status: int = 200, always: bool = True) -> Responses:
    """For `responses`: the answer has an `ETag`, always or where there is something to change.

    The operations that change it take the tag as `If-Match`.
    """
    header = {
        "description": "For `If-Match` of a change",
        "required": always,
        "schema": {"type": "string", "pattern": ENTITY_TAG},
    }
    links = {name: {"operationId": name, "parameters": BY_TAG} for name in changes}
    return {status: {"description": _ANSWER, "headers": {"ETag": header}, "links": links}}


def file_of(media_types: Iterable[str]) -> Responses:
    """For `responses`: the answer is a file of one of these types, as a download."""
    header = {"required": True, "schema": {"type": "string", "pattern": "^attachment; "}}
    return {
        200: {
            "description": "The file",
            "content": dict.fromkeys(media_types, _BINARY),
            "headers": {"Content-Disposition": header},
        }
    }


def leads_to(*operations: str, status: int = 200, **found: str) -> Responses:
    """For `responses`: ids in the answer lead to other operations about the same thing.

    `found` says where an id of theirs stands, as a runtime expression of OpenAPI behind `response`.
    """
    parameters = {name: _expression(place) for name, place in found.items()}
    links = {
        operation: {"operationId": operation, "parameters": parameters} for operation in operations
    }
    return {status: {"description": _ANSWER, "links": links}}


def add_links(document: Mapping[str, Any]) -> None:
    """Give each operation the ids of its own path that its links need too.

    Whoever changes something can read it: each change leads to the readings of the same thing.
    """
    known = {
        operation["operationId"]: (method, operation)
        for path in document["paths"].values()
        for method, operation in path.items()
    }
    for method, operation in known.values():
        answer = next(a for status, a in operation["responses"].items() if status.startswith("2"))
        if method != "get":
            readings = _readings_of_the_same(operation, known)
            answer["links"] = {**readings, **answer.get("links", {})}
        if "links" in answer:
            answer["links"] = {
                name: _with_ids(link, operation, known[name][1])
                for name, link in answer["links"].items()
            }


def _with_ids(
    link: Mapping[str, Any], operation: Mapping[str, Any], other: Mapping[str, Any]
) -> dict[str, Any]:
    """The link from an operation to another, with the ids that stand in the paths of both."""
    given = {name: f"$request.path.{name}" for name in sorted(_ids(operation) & _ids(other))}
    return {**link, "parameters": {**given, **link["parameters"]}}


def _expression(place: str) -> str:
    """`action-{body#/version}` is a text with an expression in it; anything else is one."""
    if "{" in place:
        return place.replace("{", "{$response.")
    return f"$response.{place}"


def _readings_of_the_same(operation: Mapping[str, Any], known: Known) -> dict[str, Any]:
    """Links to the readings that name the same ids."""
    return {
        name: {"operationId": name, "parameters": {}}
        for name, (method, other) in known.items()
        if method == "get" and _ids(other) and _ids(other) == _ids(operation)
    }


def _ids(operation: Mapping[str, Any]) -> frozenset[str]:
    parameters = operation.get("parameters", ())
    return frozenset(each["name"] for each in parameters if each["in"] == "path")
