"""The catalogue of facts is the one that was committed, and says of each fact what holds for it."""

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from services.cli import main
from shared.events import catalogue
from shared.events.codec import TYPES, Stored
from shared.events.former import FORMER
from tests.golden.documents import CATALOGUE
from tests.golden.examples import path_of
from tests.support.forgotten import forgotten
from tests.support.ranking import change, ranking
from tests.support.stories import appraisal_story, submission_story, survey_story, told_by
from tests.support.told import whole_cycle

DOCUMENT = json.loads(catalogue.text())
MESSAGES = DOCUMENT["components"]["messages"]


def references(part: object) -> Iterator[str]:
    """Every reference in a part of the document."""
    match part:
        case {"$ref": str(reference)}:
            yield reference
        case dict():
            for each in part.values():
                yield from references(each)
        case list():
            for each in part:
                yield from references(each)
        case _:
            pass


def at(pointer: str) -> Any:  # noqa: ANN401 - any part of the document
    """What stands at a reference."""
    found = DOCUMENT
    for name in pointer.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_the_catalogue_is_as_it_was_committed() -> None:
    assert catalogue.text() == CATALOGUE.read_text("utf-8"), (
        "if this was wanted: python -m tests.golden.documents --write"
    )


async def test_it_is_served_to_everybody_and_printed(capsys: pytest.CaptureFixture[str]) -> None:
    async with ranking() as service:
        served = await service.get("/asyncapi.json")
    status = main(["catalogue"], {})

    assert (served.status_code, served.headers["content-type"]) == (200, "application/json")
    assert (status, capsys.readouterr().out) == (0, served.text)
    assert served.json() == DOCUMENT


def test_every_fact_has_its_entry() -> None:
    assert set(catalogue.STREAMS) == set(catalogue.READ.values())
    assert set(MESSAGES) == set(DOCUMENT["channels"]["facts"]["messages"]) == {*TYPES, *FORMER}


@pytest.mark.parametrize("name", sorted(FORMER))
def test_a_fact_in_a_former_shape_is_said_to_be_read_and_no_longer_told(name: str) -> None:
    message = MESSAGES[name]

    assert message["x-read-as"] in TYPES
    assert message["description"].startswith("Read, and no longer told;")
    assert message["x-read-as"] in message["description"]
    assert "examples" not in message


def test_no_two_shapes_have_a_schema_of_the_same_name() -> None:
    parts = [part for message in MESSAGES.values() for part in message["payload"]["allOf"][1:]]
    named = [reference for part in parts for reference in references(part)]

    assert len(named) == len(set(named)) == len(catalogue.READ)


def test_every_fact_is_told_by_the_service_whose_fact_it_is() -> None:
    told = {
        reference.rpartition("/")[2]: name.removeprefix("tell-")
        for name, operation in DOCUMENT["operations"].items()
        for reference in references(operation["messages"])
    }

    assert told == {name: name.partition(".")[0] for name in TYPES}
    assert {name: MESSAGES[name]["x-service"] for name in told} == told


def test_a_new_fact_that_has_no_entry_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    fact, *_ = TYPES.values()
    monkeypatch.setattr(
        catalogue, "STREAMS", {each: s for each, s in catalogue.STREAMS.items() if each is not fact}
    )

    with pytest.raises(KeyError, match=fact.__name__):
        catalogue.document()


def test_every_reference_leads_somewhere() -> None:
    found = set(references(DOCUMENT))

    assert len(found) > len(TYPES)
    assert all(at(reference) for reference in found)


@pytest.mark.parametrize("name", sorted(TYPES))
def test_an_example_holds_what_the_golden_file_of_the_fact_holds(name: str) -> None:
    golden = json.loads(path_of(name).read_bytes())

    [example] = MESSAGES[name]["examples"]

    place = {"id", "subject"}
    assert {key: value for key, value in example["payload"].items() if key not in place} == {
        key: value for key, value in golden.items() if key not in place
    }


@pytest.mark.parametrize("name", sorted(catalogue.READ))
def test_a_message_says_what_the_fact_says_of_itself(name: str) -> None:
    message, fact = MESSAGES[name], catalogue.READ[name]

    assert fact.__doc__
    assert message["summary"] in " ".join(fact.__doc__.split())
    assert message["summary"].endswith(".")
    assert name == f"{message['x-service']}.{message['title']}.v{message['x-version']}"


async def told() -> Sequence[Stored]:
    """What every service recorded when people spoke to it."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        await change(service)
        await service.approve()
        await service.publish(2, "Đính chính.")
        await forgotten(service)
        own = await told_by(service.outside.store)
    return [*own, *await submission_story(), *await appraisal_story(), *await survey_story()]


async def test_services_tell_their_facts_in_the_streams_that_the_catalogue_names() -> None:
    facts = await told()

    for fact in facts:
        stream = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(MESSAGES[fact.type]["x-stream"]))
        assert re.fullmatch(stream, fact.stream), fact.id
    assert {fact.type for fact in facts} == set(TYPES)
