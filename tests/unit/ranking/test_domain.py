"""Approving, publishing and correcting a result: given facts, when a command, then facts."""

from collections.abc import Sequence
from datetime import date

import pytest

from services.ranking.domain import (
    HINDRANCES_TOLD_MAX,
    ApproveResult,
    Command,
    CorrectResult,
    Present,
    PublishResult,
    Result,
    actions,
    decider,
)
from shared.count.hindrance import Hindrance
from shared.events import ranking as events
from shared.events import submission
from shared.events.envelope import Sealed
from shared.kernel.errors import Forbidden, Refused
from tests.support.small_cycle import CYCLE, recorded

DECISION = submission.LegalAct(number="5/QĐ-UBND", on=date(2022, 2, 1))
OTHER_DECISION = submission.LegalAct(number="9/QĐ-UBND", on=date(2022, 3, 1))
BECAUSE = Sealed(key="k", text="dGV4dA==")
COUNCIL, PUBLISHER = "council:m1", "administrator:a1"
FIRST = events.Basis(position=10, root="aa", digest="first")
SECOND = events.Basis(position=20, root="bb", digest="second")
PENDING = Hindrance("item-pending", agency="so-y-te", item="1.1")

APPROVED = events.ResultApproved(cycle=CYCLE, basis=FIRST)
APPROVED_AGAIN = events.ResultApproved(cycle=CYCLE, basis=SECOND)
PUBLISHED = events.ResultPublished(cycle=CYCLE, revision=1, basis=FIRST, decision=DECISION)
CORRECTED = events.ResultCorrected(
    cycle=CYCLE, revision=2, basis=SECOND, decision=OTHER_DECISION, because=BECAUSE
)


def approve(basis: events.Basis = FIRST, *hindrances: Hindrance, seen: str = "") -> Command:
    return ApproveResult(CYCLE, seen or basis.digest, Present(basis, hindrances))


def publish(
    basis: events.Basis = FIRST,
    *hindrances: Hindrance,
    decision: submission.LegalAct = DECISION,
) -> Command:
    return PublishResult(CYCLE, PUBLISHER, decision, Present(basis, hindrances))


def correct(
    basis: events.Basis = SECOND,
    *hindrances: Hindrance,
    revision: int = 2,
    decision: submission.LegalAct = OTHER_DECISION,
) -> Command:
    present = Present(basis, hindrances)
    return CorrectResult(CYCLE, PUBLISHER, revision, decision, BECAUSE, present)


def after(given: Sequence[events.Fact], by: str = COUNCIL) -> Result:
    state = decider.initial
    for version, fact in enumerate(given, start=1):
        state = decider.evolve(state, recorded(f"result/{CYCLE}", version, fact, actor=by))
    return state


def then(given: Sequence[events.Fact], when: Command) -> Sequence[object]:
    return decider.decide(when, after(given))


def refusal(given: Sequence[events.Fact], when: Command) -> Refused:
    with pytest.raises(Refused) as refused:
        then(given, when)
    return refused.value


@pytest.mark.parametrize(
    ("given", "when", "fact"),
    [
        ([], approve(), APPROVED),
        ([APPROVED], approve(SECOND), APPROVED_AGAIN),
        ([APPROVED], publish(), PUBLISHED),
        ([APPROVED, PUBLISHED, APPROVED_AGAIN], correct(), CORRECTED),
        ([APPROVED, PUBLISHED], approve(), APPROVED),
    ],
)
def test_it_happens(given: list[events.Fact], when: Command, fact: events.Fact) -> None:
    assert then(given, when) == [fact]


@pytest.mark.parametrize(
    ("given", "when"),
    [
        ([APPROVED], approve()),
        ([APPROVED, PUBLISHED], publish()),
        ([APPROVED, PUBLISHED], publish(SECOND, PENDING)),
        ([APPROVED, PUBLISHED, APPROVED], approve()),
        ([APPROVED, PUBLISHED, APPROVED_AGAIN, CORRECTED], correct()),
        ([APPROVED, PUBLISHED, APPROVED_AGAIN, CORRECTED], correct(FIRST, PENDING)),
    ],
)
def test_it_is_no_news(given: list[events.Fact], when: Command) -> None:
    assert then(given, when) == ()


@pytest.mark.parametrize(
    ("given", "when", "code"),
    [
        ([], approve(seen="another"), "table-changed"),
        ([], approve(FIRST, PENDING), "result-hindered"),
        ([], publish(), "result-not-approved"),
        ([APPROVED], publish(FIRST, PENDING), "result-hindered"),
        ([APPROVED], publish(SECOND), "approval-outdated"),
        ([APPROVED, PUBLISHED], publish(decision=OTHER_DECISION), "revision-published"),
        ([], correct(), "revision-out-of-order"),
        ([APPROVED], correct(), "revision-out-of-order"),
        ([APPROVED, PUBLISHED], correct(revision=3), "revision-out-of-order"),
        ([APPROVED, PUBLISHED], correct(revision=1), "revision-published"),
        ([APPROVED, PUBLISHED], correct(FIRST, decision=DECISION), "table-unchanged"),
        ([APPROVED, PUBLISHED, CORRECTED], correct(revision=3), "table-unchanged"),
        ([APPROVED, PUBLISHED], correct(FIRST, PENDING), "result-hindered"),
        ([APPROVED, PUBLISHED], correct(), "result-not-approved"),
        ([APPROVED, PUBLISHED], correct(FIRST), "result-not-approved"),
        ([APPROVED, PUBLISHED, APPROVED], correct(), "approval-outdated"),
        ([APPROVED, PUBLISHED, APPROVED_AGAIN], correct(SECOND, PENDING), "result-hindered"),
    ],
)
def test_it_is_refused(given: list[events.Fact], when: Command, code: str) -> None:
    assert refusal(given, when).code == code


def test_what_was_approved_is_published_from_where_the_ledger_is_now() -> None:
    later = events.Basis(position=12, root="cc", digest=FIRST.digest)

    [published] = then([APPROVED], publish(later))

    assert published == events.ResultPublished(
        cycle=CYCLE, revision=1, basis=later, decision=DECISION
    )


def test_the_same_result_can_be_published_again_by_the_right_decision() -> None:
    [corrected] = then([APPROVED, PUBLISHED, APPROVED], correct(FIRST))

    assert corrected == events.ResultCorrected(
        cycle=CYCLE, revision=2, basis=FIRST, decision=OTHER_DECISION, because=BECAUSE
    )


def test_a_result_that_comes_back_has_to_be_approved_again() -> None:
    given = (APPROVED, PUBLISHED, APPROVED_AGAIN, CORRECTED)

    assert refusal(given, correct(FIRST, revision=3)).code == "result-not-approved"


@pytest.mark.parametrize(
    ("given", "when"),
    [([APPROVED], publish()), ([APPROVED, PUBLISHED, APPROVED_AGAIN], correct())],
)
def test_whoever_approved_for_the_council_neither_publishes_nor_corrects(
    given: list[events.Fact], when: Command
) -> None:
    approved_by_the_publisher = after(given, by="council:a1")

    with pytest.raises(Forbidden, match="second-person-required"):
        decider.decide(when, approved_by_the_publisher)


def test_who_published_may_hear_it_again_whoever_approved() -> None:
    assert decider.decide(publish(), after([APPROVED, PUBLISHED], by="council:a1")) == ()


def test_a_refusal_names_what_hinders_up_to_a_limit_and_counts_all() -> None:
    many = [PENDING] * (HINDRANCES_TOLD_MAX + 1)

    refused = refusal([], approve(FIRST, *many))

    assert len(refused.flaws) == HINDRANCES_TOLD_MAX
    assert refused.details == {"count": str(len(many))}
    assert refused.flaws[0].details == {"agency": "so-y-te", "item": "1.1"}


@pytest.mark.parametrize(
    ("given", "basis", "hindrances", "expected"),
    [
        ([], FIRST, (), (None, "result-not-approved", "result-not-published")),
        ([], FIRST, (PENDING,), ("result-hindered", "result-hindered", "result-not-published")),
        ([APPROVED], FIRST, (), ("result-approved-already", None, "result-not-published")),
        ([APPROVED], SECOND, (), (None, "approval-outdated", "result-not-published")),
        (
            [APPROVED, PUBLISHED],
            FIRST,
            (),
            (None, "result-published-already", "result-not-approved"),
        ),
        (
            [APPROVED, PUBLISHED, APPROVED_AGAIN],
            SECOND,
            (),
            ("result-approved-already", "result-published-already", None),
        ),
    ],
)
def test_the_actions_say_what_would_be_refused(
    given: list[events.Fact],
    basis: events.Basis,
    hindrances: tuple[Hindrance, ...],
    expected: tuple[str | None, ...],
) -> None:
    said = actions(after(given), Present(basis, hindrances), PUBLISHER)

    assert tuple(said.values()) == expected
