"""Whoever reads evidence of others has a reason, and both stand in facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from services.submission.domain import access, submission
from services.submission.domain.access import VISIT, Access, JustifyReading, ReadEvidence
from services.submission.domain.duties import Duties, criteria_of, fold
from shared.events import submission as events
from shared.events.appraisal import CriterionAssigned, Member
from shared.events.envelope import Context, Recorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Forbidden
from tests.support.small_submission import AGENCY, CYCLE, OTHER, SHA256, TIER, cycle_after, told

AT = datetime(2021, 11, 20, tzinfo=UTC)
STREAM = access.stream(CYCLE, AGENCY)
AUDITOR = "auditor:k1"
WHY = Sealed("key", "text")
ASSIGNED = f"assignment/{CYCLE}@1"
JUSTIFY = JustifyReading(CYCLE, AGENCY, AUDITOR, WHY, AT)
READ = ReadEvidence(CYCLE, AGENCY, AUDITOR, SHA256, ("1.1",), "", AT)
JUSTIFIED = events.ReadingJustified(cycle=CYCLE, agency=AGENCY, until=AT + VISIT, because=WHY)


def fact_of(ground: str) -> events.EvidenceRead:
    return events.EvidenceRead(
        cycle=CYCLE, agency=AGENCY, sha256=SHA256, items=("1.1",), ground=ground
    )


def known(*facts: object, by: str = AUDITOR, at: datetime = AT) -> Access:
    state = Access()
    for version, fact in enumerate(facts, start=1):
        recorded = Recorded(STREAM, version, "", Context(at, by), fact)
        state = access.evolve(state, recorded)
    return state


# --- Reading


def test_who_has_neither_a_duty_nor_a_reason_reads_nothing() -> None:
    with pytest.raises(Forbidden, match="reading-needs-reason"):
        access.decide(READ, Access())


def test_a_duty_is_a_reason() -> None:
    facts = access.decide(replace(READ, duty=ASSIGNED), Access())

    assert facts == (fact_of(ASSIGNED),)


def test_a_reason_that_was_given_is_named_by_its_fact() -> None:
    assert access.decide(READ, known(JUSTIFIED)) == (fact_of(f"{STREAM}@1"),)


def test_a_reason_is_good_for_its_time_and_for_whoever_gave_it() -> None:
    given = known(JUSTIFIED)

    for late in (replace(READ, at=AT + VISIT), replace(READ, by="auditor:k2")):
        with pytest.raises(Forbidden, match="reading-needs-reason"):
            access.decide(late, given)


def test_the_same_file_within_a_visit_is_no_news() -> None:
    read = known(JUSTIFIED, fact_of(f"{STREAM}@1"))

    assert access.decide(replace(READ, at=AT + VISIT - timedelta(seconds=1)), read) == ()


@pytest.mark.parametrize(
    "command",
    [
        replace(READ, sha256="cd" * 32),
        replace(READ, by="auditor:k2", duty=ASSIGNED),
        replace(READ, duty=ASSIGNED),
        replace(READ, duty=ASSIGNED, at=AT + VISIT),
    ],
)
def test_another_file_person_ground_or_visit_is_news(command: ReadEvidence) -> None:
    read = known(JUSTIFIED, fact_of(f"{STREAM}@1"))

    assert len(access.decide(command, read)) == 1


def test_visits_that_are_over_are_forgotten() -> None:
    state = known(JUSTIFIED, fact_of(f"{STREAM}@1"))
    later = Context(AT + VISIT, "auditor:k2")

    state = access.evolve(state, Recorded(STREAM, 3, "", later, fact_of(ASSIGNED)))
    state = access.evolve(state, Recorded(STREAM, 4, "", later, JUSTIFIED))

    assert set(state.read) == {("auditor:k2", SHA256)}
    assert set(state.justified) == {"auditor:k2"}


# --- Saying why


def test_a_reason_is_recorded_with_its_end() -> None:
    assert access.decide(JUSTIFY, Access()) == (JUSTIFIED,)


def test_the_same_words_are_no_news_while_they_are_good() -> None:
    given = known(JUSTIFIED)

    assert access.decide(JUSTIFY, given) == ()
    assert len(access.decide(replace(JUSTIFY, at=AT + VISIT), given)) == 1
    assert len(access.decide(replace(JUSTIFY, because=Sealed("key", "more")), given)) == 1


# --- Duties


def duties(*members: Member, criterion: str = "1.1") -> Duties:
    fact = CriterionAssigned(cycle=CYCLE, tier=TIER, criterion=criterion, members=members)
    return told(fold, f"assignment/{CYCLE}", [fact])


MEMBER = Actor("m1", "council", OTHER)
SEAT = Member(id="m1", agency=OTHER)
CRITERIA = frozenset({(TIER, "1.1"), (TIER, "B1")})


def test_what_is_assigned_to_a_member_is_their_duty() -> None:
    assert duties(SEAT).of(MEMBER, AGENCY, CRITERIA, hands=()) == ASSIGNED


@pytest.mark.parametrize(
    ("by", "agency"),
    [
        (Actor("m2", "council", OTHER), AGENCY),  # It is assigned to somebody else.
        (MEMBER, OTHER),  # It is their own agency.
        (replace(MEMBER, agency="thanh-tra"), OTHER),  # It was, when they were registered.
        (Actor("m1", "auditor"), AGENCY),  # They come in another role.
    ],
)
def test_nothing_else_is(by: Actor, agency: str) -> None:
    assert duties(SEAT).of(by, agency, CRITERIA, hands=()) == ""


def test_nobody_has_a_duty_towards_an_agency_that_they_acted_for() -> None:
    assert duties(SEAT).of(MEMBER, AGENCY, CRITERIA, hands={MEMBER.id}) == ""


def test_whoever_acts_for_an_agency_is_one_of_its_hands_for_good() -> None:
    explained = events.ExplanationGiven(cycle=CYCLE, agency=AGENCY, item="1.1", text=WHY)
    sheet = submission.Submission()
    for version, by in enumerate(("agency:m1", "agency:m2", "system:s", "administrator:a"), 1):
        recorded = Recorded(f"submission/{CYCLE}/{AGENCY}", version, "", Context(AT, by), explained)
        sheet = submission.decider.evolve(sheet, recorded)

    assert sheet.hands == {"m1", "m2"}


def test_who_was_assigned_last_has_the_duty() -> None:
    first, second = (
        CriterionAssigned(cycle=CYCLE, tier=TIER, criterion="1.1", members=(member,))
        for member in (SEAT, Member(id="m2", agency=OTHER))
    )

    changed = told(fold, f"assignment/{CYCLE}", [first, second])

    assert changed.of(MEMBER, AGENCY, CRITERIA, hands=()) == ""
    assert (
        changed.of(replace(MEMBER, id="m2"), AGENCY, CRITERIA, hands=()) == f"assignment/{CYCLE}@2"
    )


def test_items_belong_to_criteria_and_what_stands_outside_the_tree_is_its_own() -> None:
    cycle = cycle_after()

    assert criteria_of(cycle, AGENCY, {"1.1", "B1", "7.7"}) == CRITERIA
    unreadable = replace(cycle, schemes={})
    assert criteria_of(unreadable, AGENCY, {"1.1"}) == frozenset()
