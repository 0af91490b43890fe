"""Every operation, asked by everybody about every agency, in every state of a cycle.

The answer is what the table of permissions says: whoever may is not refused for who they are, and
whoever may not is refused with the code of the table, before anything is touched.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from shared.kernel.actor import PUBLIC, Actor
from shared.kernel.authority import Proviso, may
from tests.support import tally
from tests.support.operations import OPERATIONS, Operation, actions
from tests.support.province import Answer, Province
from tests.support.stages import PEOPLE, content_of, reached, states
from tests.support.town import DECISION, FOREIGN, OWN, PDF

pytestmark = pytest.mark.slow

CODE_OF: Mapping[Proviso, str] = {
    "assigned": "criterion-not-assigned",
    "person": "person-required",
    "second-person": "second-person-required",
    "reason": "reading-needs-reason",
}
OWN_AGENCY = "agency-is-your-own"
UNMET = {*CODE_OF.values(), OWN_AGENCY}
SITTING = {"appraising", "approved", "published"}
"""The states in which the council has sheets before it."""
ASSIGNED = {"m1", "m2"}
PROPOSER, APPROVER, ACTED = "m1", "m2", "u1"
ON_AN_AGENCY = {
    "decide-score",
    "request-explanation",
    "propose-action",
    "second-action",
    "approve-appraisal",
}
FORGETTING: Mapping[str, Sequence[tuple[str, tuple[str, str], str]]] = {
    "appraising": [
        (
            "unassigned-member",
            ("appraisal", "decide_scores"),
            "services.appraisal.domain.sitting.require_assignment",
        ),
        (
            "member-who-acted-for-the-agency",
            ("appraisal", "approve_appraisal"),
            "services.appraisal.domain.sitting.require_another_agency",
        ),
        (
            "member",
            ("appraisal", "second_action"),
            "services.appraisal.domain.action.require_second_person",
        ),
        (
            "auditor",
            ("submission", "read_file"),
            "services.submission.domain.access.require_reason",
        ),
    ],
    "approved": [
        (
            "administrator-who-approved",
            ("ranking", "publish_result"),
            "services.ranking.domain.result.require_second_person",
        ),
    ],
}
"""Who would notice in a state that a proviso was taken away, and where it stands."""

RIGHTS_LACKING = (401, 403)
UNFIT = (400, 405, 422, 500)
BODIES: Mapping[tuple[str, str], object] = {
    ("appraisal", "decide_scores"): {
        "decisions": [{"item": "1.1", "decision": "recognise", "declaration": ""}]
    },
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


def _refusal(state: str, who: str, operation: Operation, agency: str) -> str | None:
    """With which code somebody is refused for who they are; None where they are let in."""
    action = actions().get(operation.key)
    if action is None:
        return None
    concerned = agency if operation.agency else ""
    return may(PEOPLE[who], action, agency=concerned) or _unmet(state, PEOPLE[who], action, agency)


def _unmet(state: str, actor: Actor, action: str, agency: str) -> str | None:
    """What somebody with the right role lacks there, as the story of the states has it."""
    has_duty = actor.role == "council" and actor.id in ASSIGNED
    match action:
        case _ if action in ON_AN_AGENCY and (agency, actor.id) == (OWN, ACTED):
            return OWN_AGENCY if state != "nothing" else None
        case "read-evidence" if state != "nothing" and actor.role != "agency" and not has_duty:
            return CODE_OF["reason"]
        case "decide-score" | "request-explanation" if state in SITTING and not has_duty:
            return CODE_OF["assigned"]
        case "second-action" if (state, agency, actor.id) == ("appraising", OWN, PROPOSER):
            return CODE_OF["second-person"]
        case "publish-result" if (state, actor.id) == ("approved", APPROVER):
            return CODE_OF["second-person"]
        case _:
            return None


def _told(answer: Answer) -> tuple[int, str]:
    """Status and code of a problem; of decisions together, those of the only one among them."""
    if answer.code != "decisions-refused":
        return answer.status, answer.code
    [flaw] = answer.json()["errors"]
    return (403 if flaw["code"] in UNMET else answer.status), flaw["code"]


def _wrong(state: str, who: str, operation: Operation, agency: str, answer: Answer) -> str:
    """What is wrong with an answer; empty where it is what the table says."""
    refusal = _refusal(state, who, operation, agency)
    if answer.status in UNFIT:
        return f"the request does not fit: {answer.body!r}"
    if refusal is not None:
        # Whoever is nobody is asked for a token, whatever it is (RFC 9110, 15.5.2).
        expected = (401, "sign-in-needed") if PEOPLE[who] == PUBLIC else (403, refusal)
        right = (*_told(answer), answer.attempts) == (*expected, 0)
        return "" if right else f"should be {expected}"
    status, _ = _told(answer)
    return "is allowed" if status in RIGHTS_LACKING else ""


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
                    if fault := _wrong(state, who, operation, agency, answer):
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

    assert _wrong("scoring", who, OPERATIONS["submission", "read_sheet"], OWN, answer)


@pytest.mark.parametrize("state", FORGETTING)
async def test_a_proviso_that_was_forgotten_would_be_seen(
    monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    it = await reached(state)
    it.leave(away=True)

    for who, key, proviso in FORGETTING[state]:
        operation = OPERATIONS[key]
        assert _wrong(state, who, operation, OWN, await _ask(it, who, operation)) == ""
        with monkeypatch.context() as patch:
            patch.setattr(proviso, lambda *_, **__: None)
            assert _wrong(state, who, operation, OWN, await _ask(it, who, operation)), proviso
