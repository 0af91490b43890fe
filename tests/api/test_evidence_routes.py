"""Every route of every service, asked for evidence by everybody: who gets a byte is in the log."""

from collections.abc import Mapping
from hashlib import sha256

import pytest

from shared.events import codec
from shared.events import submission as events
from tests.golden.documents import WIRINGS, document_of
from tests.support.operations import OPERATIONS, Operation
from tests.support.province import Answer, Province
from tests.support.stages import PEOPLE, content_of, scored
from tests.support.town import OWN

pytestmark = pytest.mark.slow

CONTENT = content_of(OWN)
SHA256 = sha256(CONTENT).hexdigest()
SHEET = f"/submission/cycles/2021/agencies/{OWN}"
JSON = "application/json"

# What answers anything else than JSON, and whose it is.
OTHER_THAN_JSON: Mapping[tuple[str, str], str] = {
    ("submission", "read_file"): "evidence of agencies",
    ("survey", "read_result_document"): "documents of the survey's officers",
    ("survey", "read_template"): "an empty form",
    ("survey", "preview_questionnaire"): "a page of what was sent",
    ("ranking", "read_bundle"): "facts, with the hashes of files",
    ("ranking", "export_facts"): "facts",
    ("ranking", "follow_facts"): "facts",
    ("ranking", "read_checkpoint"): "a signed note",
    ("ranking", "read_latest_checkpoint"): "a signed note",
}


def _media_types(service: str, name: str) -> set[str]:
    for operations in document_of(service)["paths"].values():
        for described in operations.values():
            if described["operationId"] == name:
                answered = described["responses"].items()
                good = [answer for status, answer in answered if status.startswith("2")]
                return {kind for answer in good for kind in answer.get("content", {})}
    raise KeyError(name)


def test_what_answers_in_bytes_is_known_by_name() -> None:
    found = {key for key in OPERATIONS if JSON not in _media_types(*key)}

    assert found == set(OTHER_THAN_JSON)


async def _ask(it: Province, who: str, operation: Operation) -> Answer:
    ids = {"cycle": "2021", "agency": OWN, "item": "1.1", "sha256": SHA256}
    return await it.ask(who, "GET", f"/{operation.service}{operation.path_of(**ids)}")


async def _readers(it: Province) -> list[str]:
    """Who is given the file, by the facts."""
    log = await it.stores["submission"].log(after=0, limit=1_000)
    recorded = [codec.decode(entry.fact.body) for entry in log]
    return [
        each.context.actor or ""
        for each in recorded
        if isinstance(each.data, events.EvidenceRead) and each.data.sha256 == SHA256
    ]


async def test_whoever_gets_a_byte_of_anothers_evidence_is_in_the_log() -> None:
    it = await scored()
    for who in PEOPLE:
        await it.ask(who, "POST", f"{SHEET}/readings", {"reason": "Kiểm thử."})
    readings = [each for each in OPERATIONS.values() if each.method == "GET"]
    assert {each.service for each in readings} == set(WIRINGS)
    given: dict[str, set[str]] = {}

    for operation in readings:
        for who in PEOPLE:
            before = await _readers(it)
            answer = await _ask(it, who, operation)
            if CONTENT[:64] not in answer.body:
                continue
            given.setdefault(operation.name, set()).add(who)
            # A program here has the id of a person: what one was given the other is known to have.
            known = PEOPLE[who].role == "agency" or PEOPLE[who].reference in before
            told = [] if known else [PEOPLE[who].reference]
            assert await _readers(it) == [*before, *told], (operation.name, who)

    assert set(given) == {"read_file"}
    assert given["read_file"] >= {"agency", "member", "auditor", "administrator", "survey-officer"}
    assert not given["read_file"] & {"public", "another-agency"}
