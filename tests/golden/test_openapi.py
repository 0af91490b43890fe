"""The OpenAPI documents are those that were committed, and say what a caller has to know."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from services.survey.application import MEDIA_TYPES
from shared.adapters.patterns import PATTERNS
from tests.golden.documents import WIRINGS, document_of, path_of, text_of
from tests.support.anonymous import ANONYMOUS_OPERATIONS
from tests.support.operations import PUBLIC_OPERATIONS

FILES = {"application/octet-stream", "application/pdf", *MEDIA_TYPES.values()}
DOCUMENTS = {name: document_of(name) for name in WIRINGS}


def _operations(name: str) -> Iterator[Mapping[str, Any]]:
    for path in DOCUMENTS[name]["paths"].values():
        yield from path.values()


OPERATIONS = [
    pytest.param(name, operation, id=f"{name}-{operation['operationId']}")
    for name in WIRINGS
    for operation in _operations(name)
]


@pytest.mark.parametrize("name", WIRINGS)
def test_a_document_is_as_it_was_committed(name: str) -> None:
    committed = path_of(name).read_text("utf-8")

    assert text_of(name) == committed, (
        "if this was wanted: python -m tests.golden.documents --write"
    )


@pytest.mark.parametrize("name", WIRINGS)
def test_an_operation_is_called_like_no_other(name: str) -> None:
    names = [operation["operationId"] for operation in _operations(name)]

    assert sorted(names) == sorted(set(names))
    assert all(each.isidentifier() and each.islower() for each in names)


@pytest.mark.parametrize("name", WIRINGS)
def test_every_pattern_that_a_request_can_miss_is_said_in_words(name: str) -> None:
    document = DOCUMENTS[name]
    parameters = [
        parameter
        for operation in _operations(name)
        for parameter in operation.get("parameters", ())
        if parameter["in"] != "header"  # Those have codes of their own.
    ]

    found = {*_patterns(parameters), *_patterns(document["components"]["schemas"])}

    assert found
    assert found - PATTERNS.keys() == set()


def _patterns(part: object) -> Iterator[str]:
    match part:
        case {"pattern": str(pattern)}:
            yield pattern
        case {"patternProperties": dict(keys)}:
            yield from keys
        case _:
            pass
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _patterns(each)


@pytest.mark.parametrize("name", WIRINGS)
def test_a_document_says_how_a_caller_is_known(name: str) -> None:
    document = DOCUMENTS[name]

    assert document["openapi"].startswith("3.1")
    assert document["components"]["securitySchemes"]["bearer"] == {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "An OpenID Connect access token; in a trial: python -m services token",
    }


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_an_operation_says_what_it_does_and_who_may_ask(
    name: str, operation: Mapping[str, Any]
) -> None:
    assert operation["description"]
    if (name, operation["operationId"]) in ANONYMOUS_OPERATIONS:
        assert "security" not in operation
    elif (name, operation["operationId"]) in PUBLIC_OPERATIONS:
        assert operation["security"] == [{"bearer": []}, {}]
    else:
        assert operation["security"] == [{"bearer": []}]


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_an_operation_says_how_it_refuses(name: str, operation: Mapping[str, Any]) -> None:
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}

    assert operation["responses"]["4XX"]["content"] == problem
    assert operation["responses"]["5XX"]["content"] == problem
    assert "Problem" in DOCUMENTS[name]["components"]["schemas"]
    assert any(status.startswith("2") for status in operation["responses"])


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_an_operation_gives_examples_of_what_it_takes(
    name: str, operation: Mapping[str, Any]
) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    parts = [part for part in operation.get("parameters", ()) if part["in"] == "path"]

    assert all("example" in part for part in parts), name
    assert set(content) <= {"application/json", *FILES}
    assert "example" in content.get("application/json", {"example": None})


@pytest.mark.parametrize(("name", "operation"), OPERATIONS)
def test_a_link_leads_to_an_operation_and_knows_all_its_ids(
    name: str, operation: Mapping[str, Any]
) -> None:
    ids = {
        each["operationId"]: {
            parameter["name"]
            for parameter in each.get("parameters", ())
            if parameter["in"] == "path"
        }
        for each in _operations(name)
    }
    links = [
        link
        for answer in operation["responses"].values()
        for link in answer.get("links", {}).values()
    ]

    assert all(
        set(link["parameters"]) - {"header.if-match"} == ids[link["operationId"]] for link in links
    ), links
    assert all(
        expression.startswith("$r") or "{$response." in expression
        for link in links
        for expression in link["parameters"].values()
    )
