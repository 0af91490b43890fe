"""An agency asks every route that takes an id for what is another's, and never gets in.

Broken object level authorisation is first in the list of OWASP. The ids are right: each is that of
a sheet, a file, a piece of evidence, a proposal or a cycle that exists. It gets in where it reads
what it may not, or where its request would have been recorded.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256
from typing import Any

import pytest

from shared.kernel.authority import may
from tests.support import tally
from tests.support.operations import OPERATIONS, PUBLIC_OPERATIONS, Operation, actions
from tests.support.province import Answer, Province
from tests.support.stages import PAST_AGENCY, PEOPLE, content_of, evidence_name, scored, states
from tests.support.town import FOREIGN, OWN, PDF, evidence_of

pytestmark = pytest.mark.slow

THIEF = "agency"
"""So-y-te: each request is made in its name."""

THEIRS: Mapping[str, str] = {
    "item": "1.1",
    "evidence": evidence_name(FOREIGN),
    "sha256": sha256(content_of(FOREIGN)).hexdigest(),
    "action": "action-2",
    "questionnaire": "citizens",
}
MIXED = "the own sheet, another's ids"
# Whose ids stand in the path: (cycle, agency).
PLACES: Mapping[str, tuple[str, str]] = {
    "another's sheet": ("2021", FOREIGN),
    MIXED: ("2021", OWN),
    "another cycle": ("2020", PAST_AGENCY),
    "the own agency in another cycle": ("2020", OWN),
}
OF_SHEETS = {"evidence", "sha256"}
BY_ID = [operation for operation in OPERATIONS.values() if operation.parts]


def _places(operation: Operation) -> Iterator[str]:
    """Where the operation could be asked for something that is another's."""
    for place in PLACES:
        takes_agency = operation.agency or "cycle" not in place
        if takes_agency and (place != MIXED or OF_SHEETS & set(operation.parts)):
            yield place


async def _ask(it: Province, operation: Operation, place: str) -> Answer:
    cycle, agency = PLACES[place]
    path = operation.path_of(**{**THEIRS, "cycle": cycle, "agency": agency})
    body = PDF if operation.name == "store_file" else operation.body
    return await it.ask(THIEF, operation.method, f"/{operation.service}{path}", body)


def _verdict(operation: Operation, place: str, answer: Answer) -> str:
    """How the answer counts: `inside` is what must not be."""
    _, agency = PLACES[place]
    action = actions().get(operation.key)
    concerned = agency if operation.agency else ""
    if action is not None and may(PEOPLE[THIEF], action, agency=concerned) is not None:
        return "refused" if (answer.status, answer.attempts) == (403, 0) else "inside"
    return "inside" if _gets_something(operation, place, answer) else "nothing there"


def _gets_something(operation: Operation, place: str, answer: Answer) -> bool:
    """Whether one who may ask here comes by what is another's, or changes it.

    How one's own evidence is called is anybody's to say: under another's name there is nothing to
    read or to take away, and a new one may begin.
    """
    if place != MIXED:
        return answer.attempts > 0 and operation.key not in PUBLIC_OPERATIONS
    match operation.method:
        case "GET":
            return answer.status < 300
        case "DELETE":
            return answer.attempts > 0
        case _:
            return False


async def test_to_know_the_hash_of_a_file_is_not_to_have_it() -> None:
    it = await scored()
    sheet = f"/submission/cycles/2021/agencies/{OWN}"
    theirs, hashed = content_of(FOREIGN), THEIRS["sha256"]
    proof = f"{sheet}/items/1.1/evidence/to-giay"

    by_hash = await it.ask(THIEF, "PUT", proof, evidence_of(theirs))
    read = await it.ask(THIEF, "GET", f"{sheet}/files/{hashed}")
    brought = await it.ask(THIEF, "PUT", f"{sheet}/files/{hashed}", theirs)
    attached = await it.ask(THIEF, "PUT", proof, evidence_of(theirs))

    assert (by_hash.status, by_hash.code) == (409, "file-not-stored")
    assert (read.status, read.code) == (404, "file-unknown")
    assert (brought.status, attached.status) == (201, 200), (brought, attached)


async def test_no_agency_gets_at_what_is_anothers_by_its_id(
    record_property: Callable[[str, Any], None],
) -> None:
    rows: dict[str, Counter[str]] = {place: Counter() for place in PLACES}
    inside: list[str] = []

    async for state, it in states():
        for operation in BY_ID:
            for place in _places(operation):
                answer = await _ask(it, operation, place)
                verdict = _verdict(operation, place, answer)
                rows[place].update(("asked", verdict))
                if verdict == "inside":
                    inside.append(f"{state} {place} {operation.key}: {answer}")

    for row in rows.values():
        row["inside"] += 0
    tally.count(record_property, "Asked by an agency, by whose ids it named", rows)
    assert not inside, "\n".join(inside)
    assert all(row["asked"] >= 10 for row in rows.values())
