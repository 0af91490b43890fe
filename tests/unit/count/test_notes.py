"""What a count leaves out, it names; and nothing that is said stops it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import verify
from shared.adapters import signature
from shared.count.replay import Replay
from shared.count.state import Note
from shared.count.table import notes
from shared.events import codec, ranking, submission
from shared.events.envelope import Context
from tests.support.any_fact import facts
from tests.support.counted import AGENCY, SUBMISSION, noted, opened, replayed
from tests.support.small_cycle import ADOPTED, AGENCIES, CYCLE, OPENED_AT
from tests.support.told import DECISION, answer, ask, declare, whole_cycle

GIVEN = verify.Given(signature.verify)


@pytest.mark.parametrize(
    ("agency", "code", "note"),
    [("so-la", "1.1", "agency-unknown"), (AGENCY, "7.7", "item-unknown")],
)
def test_what_the_cycle_does_not_know_is_noted_and_not_counted(
    agency: str, code: str, note: str
) -> None:
    teller = opened()
    before = replayed(teller.told).count().basis.digest

    said = teller.tell(
        f"submission/{CYCLE}/{agency}",
        submission.ScoreSubmitted(
            cycle=CYCLE, agency=agency, item=code, inputs={"points": "1"}, points="1"
        ),
    )

    assert replayed(teller.told).count().basis.digest == before
    assert noted(teller) == [Note(note, said.id, agency, code)]


def test_a_declaration_that_the_scheme_cannot_score_is_noted() -> None:
    teller = opened()

    said = declare(teller, AGENCY, "3.3")

    assert noted(teller) == [Note("points-off-step", said.id, AGENCY, "1.1")]


@pytest.mark.parametrize(
    ("group", "code", "options", "note"),
    [
        ("leaders", "7.7", "ab", "item-unknown"),
        ("leaders", "1.1", "ab", "item-not-surveyed"),
        ("strangers", "1.2", "ab", "group-unknown"),
        ("leaders", "1.2", "xy", "option-unknown"),
    ],
)
def test_answers_that_belong_nowhere_are_noted(
    group: str, code: str, options: str, note: str
) -> None:
    teller = opened()
    ask(teller, group, code, options)

    answer(teller, group, [options[0]])

    assert [each.code for each in noted(teller)] == [note]


def test_a_fact_that_speaks_of_another_cycle_is_noted() -> None:
    teller = opened()

    teller.tell(SUBMISSION, submission.ScoreWithdrawn(cycle="2020", agency=AGENCY, item="1.1"))

    assert noted(teller) == [Note("cycle-differs", f"{SUBMISSION}@1")]


@pytest.mark.parametrize("stream", [f"outcome/{CYCLE}", f"result/{CYCLE}/department", SUBMISSION])
def test_a_result_that_is_told_elsewhere_is_noted_and_is_none_for_the_verifier_either(
    stream: str,
) -> None:
    teller = opened()
    basis = replayed(teller.told).count().basis
    approval = ranking.ResultApproved(cycle=CYCLE, basis=basis)
    result = ranking.ResultPublished(cycle=CYCLE, revision=1, basis=basis, decision=DECISION)

    approved, published = teller.tell(stream, approval), teller.tell(stream, result)

    state = replayed(teller.told).state
    assert (state.approved, list(state.publications)) == (None, [])
    misplaced = [Note("result-misplaced", told.id) for told in (approved, published)]
    assert noted(teller) == misplaced
    report = verify.verify_entries([told.body for told in teller.told], GIVEN)
    named = [(fault.code, fault.fact) for fault in report.faults]
    assert (report.claims, named) == ([], [("claim-misplaced", note.fact) for note in misplaced])


def test_remembered_rows_are_those_that_a_count_from_zero_gives() -> None:
    told = whole_cycle()
    live = Replay(CYCLE)

    for number, stored in enumerate(told, start=1):
        live.take(stored.body)
        assert live.count() == replayed(told[:number]).count(), stored.id


codes = st.sampled_from([agency.code for agency in AGENCIES])
sensible = {
    "cycle": st.just(CYCLE),
    "tier": st.just("department"),
    "agency": codes,
    "item": st.sampled_from(["1.1", "1.2", "9.1"]),
    "questionnaire": st.sampled_from(["leaders", "citizens"]),
    "scheme": st.just(ADOPTED.scheme),
    "batch": st.integers(1, 3),
}


@given(st.lists(facts() | facts(sensible), max_size=12))
def test_no_fact_stops_the_count(said: list[object]) -> None:
    replay = replayed(opened().told)

    for version, fact in enumerate(said, start=1):
        replay.take(codec.encode(SUBMISSION, version, Context(OPENED_AT), fact).body)
        replay.count()
        notes(replay.state)

    assert (replay.size, list(replay.faults)) == (2 + len(said), [])
