"""A small appraisal: an agency locked a sheet of four items, of which it declared three.

Item 1.1.1 is claimed with 2 points and proved by a plan, 1.1.2 is said not to apply this year, 1.3
is claimed with 1.5 points, and for B1 nothing is declared. The scheme has a penalty P1, which is
not on the sheet.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from typing import Any

import pytest

from services.appraisal.domain import appraisal, assignments
from services.appraisal.domain.cycle import CYCLE, Cycle
from services.appraisal.domain.sheet import SHEET, Sheet
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.state import Appraisal
from services.appraisal.domain.verdict import Verdict
from shared.events import appraisal as events
from shared.events import submission
from shared.events.envelope import Recorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Problem
from tests.support.small_cycle import OPENED, at, recorded
from tests.support.small_cycle import SCHEME as SMALL

AGENCY = "so-y-te"
STREAM = f"appraisal/2021/{AGENCY}"
SUBMISSION = f"submission/2021/{AGENCY}"

ROUND_1 = at(12, 15)
EXPLAINING = at(12, 28)
ROUND_2 = at(1, 8, year=2022)
AFTERWARDS = at(1, 20, year=2022)

M1 = Actor(id="m1", role="council", agency="so-noi-vu")
M2 = Actor(id="m2", role="council", agency="so-tu-phap")
UNASSIGNED = Actor(id="m3", role="council", agency="so-xay-dung")

REASON = Sealed(key="k1", text="reason")
QUESTION = Sealed(key="k2", text="question")


def _manual(code: str, maximum: str) -> dict[str, Any]:
    rule = {"type": "manual", "step": "0.25"}
    return {"code": code, "title": f"Mục {code}", "maximum": maximum, "rule": rule}


def _scheme() -> dict[str, Any]:
    small: Any = SMALL
    area, satisfaction = small["areas"]
    surveyed = area["criteria"][1]
    no_task = {**_manual("1.1.2", "2"), "no_task": "not-applicable"}
    components = [_manual("1.1.1", "2"), no_task]
    planned = {"code": "1.1", "title": "Kế hoạch", "maximum": "4", "components": components}
    criteria = [planned, surveyed, _manual("1.3", "2")]
    areas = [{**area, "maximum": "8", "criteria": criteria}, satisfaction]
    extras = {"bonus": [_manual("B1", "1")], "penalty": [_manual("P1", "2")]}
    return {**small, "maximum": "12", "areas": areas, **extras}


CYCLE_FACTS = (
    submission.SchemeAdopted(cycle="2021", tier="department", scheme=_scheme()),
    OPENED,
)


def declared(item: str, points: str, **inputs: str) -> submission.ScoreSubmitted:
    """A declaration; its inputs are the claimed points unless others are given."""
    return submission.ScoreSubmitted(
        cycle="2021",
        agency=AGENCY,
        item=item,
        inputs=inputs or {"points": points},
        points=points,
    )


def attached(item: str, name: str) -> submission.EvidenceAttached:
    """A document that proves an item."""
    return submission.EvidenceAttached(
        cycle="2021",
        agency=AGENCY,
        item=item,
        evidence=name,
        document=submission.Document(
            number="01/KH", on=OPENED.decision.on, issuer="Sở Y tế", section="Mục 1"
        ),
        file=submission.StoredFile(sha256="0" * 64, size_bytes=1, media_type="application/pdf"),
    )


def explained(item: str = "1.1.1") -> submission.ExplanationGiven:
    """The agency explains an item."""
    return submission.ExplanationGiven(cycle="2021", agency=AGENCY, item=item, text=REASON)


def locked_item(
    item: str, points: str, declaration: int = 0, *evidence: int
) -> submission.LockedItem:
    """An item of the locked sheet, its facts by their versions."""
    return submission.LockedItem(
        item=item,
        criterion={"1.1.1": "1.1", "1.1.2": "1.1"}.get(item, item),
        maximum="1" if item == "B1" else "2",
        points=points,
        declaration=submitted(declaration) if declaration else "",
        evidence=tuple(submitted(version) for version in evidence),
        explanation="",
    )


def submitted(version: int) -> str:
    """The id of a fact of the agency's submission."""
    return f"{SUBMISSION}@{version}"


LOCKED = submission.SubmissionLocked(
    cycle="2021",
    agency=AGENCY,
    tier="department",
    locked_by="agency",
    items=(
        locked_item("1.1.1", "2", 1, 2),
        locked_item("1.1.2", "0", 3),
        locked_item("1.3", "1.5", 4),
        locked_item("B1", "0"),
    ),
)
REOPENED = submission.SubmissionReopened(
    cycle="2021", agency=AGENCY, until=at(12, 20), because=REASON
)
UNREADABLE = submission.SchemeAmended(
    cycle="2021",
    tier="department",
    scheme={"scheme": "later"},
    decision=OPENED.decision,
    because=REASON,
)
SHEET_FACTS = (
    declared("1.1.1", "2"),
    attached("1.1.1", "plan"),
    declared("1.1.2", "0", no_task="yes"),
    declared("1.3", "1.5"),
    LOCKED,
)


def assigned(criterion: str, *members: Actor) -> events.CriterionAssigned:
    """A criterion of the tier, given to members."""
    return events.CriterionAssigned(
        cycle="2021",
        tier="department",
        criterion=criterion,
        members=tuple(events.Member(id=member.id, agency=member.agency) for member in members),
    )


ASSIGNED = (assigned("1.1", M1, M2), assigned("1.3", M2), assigned("B1", M1))
OPENED_FACT = events.AppraisalOpened(
    cycle="2021",
    agency=AGENCY,
    tier="department",
    submission=submitted(5),
    items=LOCKED.items,
)

PLAN = submitted(2)
RECOGNISED = events.ScoreRecognised(
    cycle="2021",
    agency=AGENCY,
    item="1.1.1",
    declaration=submitted(1),
    evidence=(PLAN,),
    round=1,
    awarded="2",
)
REJECTED = events.ScoreRejected(
    cycle="2021",
    agency=AGENCY,
    item="1.1.1",
    declaration=submitted(1),
    evidence=(PLAN,),
    round=1,
    awarded="1.5",
    because=REASON,
    legal_basis="Quyết định 2366",
)
APPROVED = events.AppraisalApproved(cycle="2021", agency=AGENCY, decision=OPENED.decision)
RECOGNISE = Verdict(item="1.1.1", decision="recognise", declaration=submitted(1), evidence=(PLAN,))
REJECT = Verdict(
    item="1.1.1",
    decision="reject",
    declaration=submitted(1),
    evidence=(PLAN,),
    awarded="1.50",
    because=REASON,
    legal_basis="Quyết định 2366",
)


def cycle_copy(*more: object) -> Cycle:
    """The council's copy of the cycle, after more facts of it."""
    facts = numbered("cycle/2021", (*CYCLE_FACTS, *more))
    return reduce(CYCLE.evolve, facts, CYCLE.initial)


def sheet_copy(*more: object) -> Sheet:
    """The council's copy of the agency's submission, after more facts of it."""
    return reduce(SHEET.evolve, numbered(SUBMISSION, (*SHEET_FACTS, *more)), SHEET.initial)


def sitting(
    by: Actor = M1,
    when: datetime = ROUND_1,
    *,
    cycle: Sequence[object] = (),
    sheet: Sequence[object] = (),
    members: Sequence[object] = ASSIGNED,
) -> Sitting:
    """A member speaks, after more facts about the cycle and of the agency."""
    known = numbered("assignment/2021", members)
    return Sitting(
        at=when,
        by=by,
        agency=AGENCY,
        cycle=cycle_copy(*cycle),
        assignments=reduce(assignments.decider.evolve, known, assignments.decider.initial),
        sheet=sheet_copy(*sheet),
    )


def given(*facts: object, by: Actor = M1) -> Appraisal:
    """The appraisal after it was opened, and after more facts by a member."""
    known = numbered(STREAM, (OPENED_FACT, *facts), by)
    return reduce(appraisal.decider.evolve, known, appraisal.decider.initial)


def numbered(stream: str, facts: Sequence[object], by: Actor = M1) -> Sequence[Recorded]:
    """Facts as they stand in a stream."""
    return [
        recorded(stream, version, fact, actor=by.reference)
        for version, fact in enumerate(facts, start=1)
    ]


def when(command: appraisal.Command, *facts: object, by: Actor = M1) -> Sequence[object]:
    """What follows from a command on an opened appraisal, after more facts by a member."""
    return appraisal.decide(command, given(*facts, by=by))


def refusal(command: appraisal.Command, *facts: object, by: Actor = M1) -> Problem:
    """Why a command is refused there."""
    with pytest.raises(Problem) as caught:
        when(command, *facts, by=by)
    return caught.value
