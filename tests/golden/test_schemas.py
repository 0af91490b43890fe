"""The bytes of every fact are what the catalogue says of them, by a validator that is not ours."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from shared.events import catalogue
from shared.events.codec import TYPES
from tests.golden.examples import path_of

DOCUMENT = json.loads(catalogue.text())
MESSAGES = DOCUMENT["components"]["messages"]

pytestmark = pytest.mark.xdist_group("schemas")


def wrong(name: str, fact: object) -> list[str]:
    """What is wrong with a fact by the schema of its message; those of AsyncAPI are of draft 7.

    The validator is loaded by whoever validates: it takes more than a second, and not every worker
    of a run has to.
    """
    from jsonschema import Draft7Validator  # noqa: PLC0415 - see above

    payload = {"$ref": f"#/components/messages/{name}/payload"}
    schema = {"allOf": [payload], "components": DOCUMENT["components"]}
    validator = Draft7Validator(schema, format_checker=Draft7Validator.FORMAT_CHECKER)
    return [error.message for error in validator.iter_errors(fact)]


def golden(name: str) -> dict[str, Any]:
    """A fact as it was committed."""
    fact: dict[str, Any] = json.loads(path_of(name).read_bytes())
    return fact


@pytest.mark.parametrize("name", sorted(catalogue.READ))
def test_the_golden_bytes_of_a_fact_are_what_its_schema_says(name: str) -> None:
    assert wrong(name, golden(name)) == []


@pytest.mark.parametrize("name", sorted(TYPES))
def test_the_example_of_a_fact_is_what_its_schema_says(name: str) -> None:
    [example] = MESSAGES[name]["examples"]

    assert wrong(name, example["payload"]) == []


def without(members: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """The same, and one member less."""
    return {key: value for key, value in members.items() if key != name}


@pytest.mark.parametrize("name", sorted(catalogue.READ))
def test_a_fact_that_lacks_something_is_not_what_its_schema_says(name: str) -> None:
    fact = golden(name)
    data = fact["data"]
    lacking = [without(fact, key) for key in ("id", "time", "data", "type")]
    lacking += [{**fact, "data": without(data, key)} for key in data if key in required(name)]

    for each in lacking:
        assert any("is a required property" in flaw for flaw in wrong(name, each))


@pytest.mark.parametrize("name", sorted(catalogue.READ))
def test_a_fact_of_another_kind_is_not_what_its_schema_says(name: str) -> None:
    fact = golden(name)
    of_another_kind = [
        {**fact, "type": "submission.Nothing.v1"},
        {**fact, "source": "/elsewhere"},
        {**fact, "specversion": "0.3"},
        {**fact, "id": "submission/2021/so-y-te@0"},
        {**fact, "data": {**fact["data"], "cycle": 2021}},
    ]

    for each in of_another_kind:
        assert wrong(name, each)


def required(name: str) -> list[str]:
    """What the data of a fact has to hold."""
    *_, said = MESSAGES[name]["payload"]["allOf"]
    schema = said["properties"]["data"]["$ref"].rpartition("/")[2]
    names: list[str] = DOCUMENT["components"]["schemas"][schema]["required"]
    return names
