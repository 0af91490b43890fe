"""Every operation, asked by everybody about every agency, in every state of a cycle.

The answer is what the table of permissions says: whoever may is not refused for who they are, and
whoever may not is refused with the code of the table, before anything is touched.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shared.kernel.authority import PERMISSIONS, Proviso, may
from tests.support import tally
from tests.support.operations import ACTION_OF, OPERATIONS, Operation
from tests.support.province import Answer, Province
from tests.support.stages import PEOPLE, content_of, states
from tests.support.town import DECISION, FOREIGN, OWN, PDF

pytestmark = pytest.mark.slow

CODE_OF: Mapping[Proviso, str] = {
    "assigned": "criterion-not-assigned",
    "person": "person-required",
    "second-person": "second-person-required",
    "reason": "reading-needs-reason",
}
RIGHTS_LACKING = (401, 403)
UNFIT = (400, 405, 422, 500)
BODIES: Mapping[tuple[str, str], object] = {
    ("ranking", "publish_result"): {"decision": DECISION},
    ("submission", "store_file"): PDF,
    ("survey", "store_result_document"): PDF,
    ("survey", "type_in_table"): b"",
}


async def _ask(it: Province, who: str, operation: Operation, agency: str = OWN) -> Answer:
    ids = {"agency": agency, "item": "1.1", "questionnaire": "citizens", "action": "action-2"}
    sha256 = hashlib.sha256(content_of(agency)).hexdigest()
    path = f"/{operation.service}{operation.path_of(**ids, sha256=sha256)}"
    return await it.ask(who, operation.method, path, BODIES.get(operation.key, operation.body))


def _wrong(who: str, operation: Operation, agency: str, answer: Answer) -> str:
    """What is wrong with an answer; empty where it is what the table says."""
    action = ACTION_OF.get(operation.key)
    concerned = agency if operation.agency else ""
    refusal = may(PEOPLE[who], action, agency=concerned) if action else None
    if answer.status in UNFIT:
        return f"the request does not fit: {answer.body!r}"
    if refusal is not None:
        right = (answer.status, answer.code, answer.attempts) == (403, refusal, 0)
        return "" if right else f"should be {refusal}"
    provisos = PERMISSIONS[action].provisos if action else frozenset()
    allowed = {CODE_OF[proviso] for proviso in provisos}
    refused = answer.status in RIGHTS_LACKING and answer.code not in allowed
    return "is allowed" if refused else ""


async def test_in_every_state_everybody_is_told_what_the_table_says(
    record_property: Callable[[str, Any], None],
) -> None:
    wrong: list[str] = []
    rows: dict[str, Counter[str]] = {}
    met: set[str] = set()

    async for state, it in states():
        counted = rows.setdefault(state, Counter())
        for operation in OPERATIONS.values():
            for agency in (OWN, FOREIGN) if operation.agency else (OWN,):
                for who in PEOPLE:
                    answer = await _ask(it, who, operation, agency)
                    counted["let in" if answer.status not in RIGHTS_LACKING else "refused"] += 1
                    met.update({answer.code} if answer.status == 403 else ())
                    if fault := _wrong(who, operation, agency, answer):
                        wrong.append(f"{state} {who} {operation.key} {agency}: {fault}, {answer}")
                        counted["wrong"] += 1

    tally.count(record_property, "Asked by everybody, by the state of the cycle", rows)
    assert not wrong, "\n".join(wrong)
    assert met >= {*CODE_OF.values(), "role-not-allowed", "agency-not-yours", "agency-is-your-own"}


@pytest.mark.parametrize(
    ("who", "status", "attempts"),
    [
        ("another-agency", 200, 0),  # Somebody is let in who should not be.
        ("another-agency", 404, 0),  # They learn that there is nothing.
        ("agency", 403, 0),  # Somebody is kept out who should not be.
        ("agency", 500, 0),
    ],
)
def test_a_hole_would_be_seen(who: str, status: int, attempts: int) -> None:
    answer = Answer(status, {}, b'{"code": "role-not-allowed"}', attempts)

    assert _wrong(who, OPERATIONS["submission", "read_sheet"], OWN, answer)
