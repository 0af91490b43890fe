"""Certified results: two people type in the same, and one result counts."""

from collections.abc import Mapping

import msgspec
import pytest

from services.survey.domain import questionnaire as domain
from services.survey.domain.questionnaire import certified as certified_results
from shared.events import survey as events
from shared.events.codec import WIRE_NAMES
from shared.events.envelope import Context, Recorded
from shared.kernel.errors import Problem
from tests.support.small_cycle import at
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import NAMED, STREAM, certified, cycle, given, when

FIRST, SECOND, THIRD = (f"survey-officer:o-{number}" for number in (1, 2, 3))

Saying = tuple[str, events.ResultImported]
"""Who types in what."""


def typed(result: events.ResultImported) -> events.ResultTyped:
    return events.ResultTyped(**msgspec.structs.asdict(result))


def decided(state: domain.Questionnaire, saying: Saying) -> tuple[events.Fact, ...]:
    by, result = saying
    return tuple(domain.decide(domain.TypeResult(result, cycle(), by), state))


def after(*sayings: Saying) -> domain.Questionnaire:
    """The questionnaire once people have typed in results, one after the other."""
    state = given(ADOPTED)
    for by, result in sayings:
        for fact in decided(state, (by, result)):
            context = Context(at(12, 1), by)
            name = WIRE_NAMES[type(fact)]
            state = domain.evolve(state, Recorded(STREAM, state.version + 1, name, context, fact))
    return state


def counted(state: domain.Questionnaire) -> list[Mapping[str, Mapping[str, int]]]:
    return [result.counts for result in state.imported.values()]


def test_a_result_counts_once_a_second_person_types_the_same() -> None:
    first = decided(after(), (FIRST, certified(3)))
    second = decided(after((FIRST, certified(3))), (SECOND, certified(3)))

    assert (first, second) == ((typed(certified(3)),), (certified(3),))


@pytest.mark.parametrize("again", [FIRST, "administrator:o-1"])
def test_one_person_in_whichever_role_does_not_second_what_they_typed(again: str) -> None:
    state = after((FIRST, certified(3)), (again, certified(3)))

    assert counted(state) == []


def test_what_was_typed_or_counts_already_is_no_news() -> None:
    waits = after((FIRST, certified(3)))
    counts = after((FIRST, certified(3)), (SECOND, certified(3)))

    assert decided(waits, (FIRST, certified(3))) == ()
    assert [decided(counts, (by, certified(3))) for by in (FIRST, SECOND, THIRD)] == [()] * 3


def test_where_two_differ_nothing_counts_until_one_corrects_it() -> None:
    differ = ((FIRST, certified(3)), (SECOND, certified(4)))

    assert counted(after(*differ)) == []
    assert counted(after(*differ, (FIRST, certified(4)))) == [{"q1": {"5": 4}}]


def test_a_correction_takes_two_people_as_well() -> None:
    before = ((FIRST, certified(3)), (SECOND, certified(3)))

    one = after(*before, (FIRST, certified(4)))
    two = after(*before, (FIRST, certified(4)), (SECOND, certified(4)))

    assert (counted(one), counted(two)) == ([{"q1": {"5": 3}}], [{"q1": {"5": 4}}])


def test_who_typed_a_correction_takes_it_back_by_what_counts() -> None:
    counts = ((FIRST, certified(3)), (SECOND, certified(3)))
    taken_back = after(*counts, (FIRST, certified(4)), (FIRST, certified(3)))

    assert domain.waiting(taken_back, FIRST) == []
    assert counted(taken_back) == [{"q1": {"5": 3}}]
    assert decided(taken_back, (SECOND, certified(4))) == (typed(certified(4)),)


def test_who_typed_a_first_word_takes_it_back_by_saying_nothing() -> None:
    nothing = msgspec.structs.replace(certified(3), counts={})
    misspelt = after((FIRST, certified(3, source="Bưu dien")))
    gone = msgspec.structs.replace(nothing, source="Bưu dien")

    taken_back = after((FIRST, certified(3, source="Bưu dien")), (FIRST, gone))

    assert len(domain.waiting(misspelt, FIRST)) == 1
    assert domain.waiting(taken_back, FIRST) == []
    assert decided(taken_back, (SECOND, gone)) == ()
    assert decided(after(), (FIRST, nothing)) == ()


def test_two_who_agree_do_not_silence_a_third_who_read_something_else() -> None:
    state = after((THIRD, certified(5)), (FIRST, certified(4)), (SECOND, certified(4)))

    assert counted(state) == [{"q1": {"5": 4}}]
    assert [waits.persons for waits in domain.waiting(state, FIRST)] == [(THIRD,)]
    assert counted(after((THIRD, certified(5)), (FIRST, certified(5)))) == [{"q1": {"5": 5}}]


def test_whoever_types_is_told_what_has_become_of_it() -> None:
    sayings = ((FIRST, certified(3)), (SECOND, certified(4)), (SECOND, certified(3)))
    place = ("so-y-te", "Bưu điện tỉnh")

    told = [domain.result_status(after(*sayings[:n]), place, sayings[n - 1][0]) for n in (1, 2, 3)]

    assert told == [("typed-once", []), ("different", ["/counts/q1/5"]), ("counts", ())]


def test_only_so_many_wait_for_a_second_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(certified_results, "WAITING_MAX", 2)
    full = ((FIRST, certified(3, source="a")), (FIRST, certified(3, source="b")))

    with pytest.raises(Problem, match="results-waiting-full"):
        decided(after(*full), (FIRST, certified(3, source="c")))
    assert len(decided(after(*full), (FIRST, certified(4, source="b")))) == 1
    assert decided(after(*full), (SECOND, certified(3, source="a"))) == (certified(3, source="a"),)


def test_what_was_imported_before_two_had_to_type_it_is_corrected_by_two() -> None:
    formerly = given(ADOPTED, certified(3))

    assert decided(formerly, (FIRST, certified(3))) == ()
    assert decided(formerly, (FIRST, certified(4))) == (typed(certified(4)),)


def test_who_typed_it_too_is_told_where_others_differ_and_not_what_they_typed() -> None:
    other = msgspec.structs.replace(certified(3, document="13/BC"), counts={"q1": {"5": 3, "1": 2}})
    state = after((FIRST, certified(3)), (SECOND, other))

    told = [domain.waiting(state, by) for by in (FIRST, SECOND, THIRD)]

    place = ("so-y-te", "Bưu điện tỉnh", (FIRST, SECOND))
    differs = ("/counts/q1/1", "/document")
    assert told == [
        [domain.Waiting(*place, differs)],
        [domain.Waiting(*place, differs)],
        [domain.Waiting(*place, ())],
    ]


def test_an_option_that_nobody_chose_may_be_left_out() -> None:
    said = msgspec.structs.replace(certified(3), counts={"q1": {"5": 3, "1": 0}})

    assert decided(after((FIRST, certified(3))), (SECOND, said)) == (said,)


def test_on_how_many_forms_it_rests_is_compared_and_corrected_as_the_counts_are() -> None:
    here, there = (msgspec.structs.replace(certified(3), forms=number) for number in (4, 5))
    differ = after((FIRST, here), (SECOND, there), (THIRD, certified(3)))
    formerly = given(ADOPTED, certified(3))

    [waits] = domain.waiting(differ, FIRST)
    assert (waits.differs, differ.imported) == (("/forms",), {})
    assert decided(after((FIRST, here)), (SECOND, here)) == (here,)
    assert decided(formerly, (FIRST, here)) == (typed(here),)


@pytest.mark.parametrize("counts", [{}, {"q1": {"5": 0}}])
def test_forms_on_which_nobody_chose_anything_are_no_result(
    counts: Mapping[str, Mapping[str, int]],
) -> None:
    empty = msgspec.structs.replace(certified(3), counts=counts, forms=2)

    with pytest.raises(Problem) as refused:
        decided(after(), (FIRST, empty))

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/counts", "counts-missing")
    ]


def test_a_result_with_unknown_questions_options_or_counts_is_refused() -> None:
    wrong = msgspec.structs.replace(certified(3), counts={"q9": {"5": 1}, "q1": {"9": 1, "5": -1}})

    with pytest.raises(Problem) as refused:
        decided(after(), (FIRST, wrong))
    with pytest.raises(Problem, match="agency-unknown"):
        decided(after(), (FIRST, certified(3, agency="so-la")))

    assert [(flaw.pointer, flaw.code) for flaw in refused.value.flaws] == [
        ("/counts/q9", "question-unknown"),
        ("/counts/q1/9", "option-unknown"),
        ("/counts/q1/5", "count-out-of-range"),
    ]


def test_an_outdated_scanner_finds_nothing_in_a_document_that_a_later_one_cleared() -> None:
    document = {**NAMED, "sha256": "d" * 64}
    cleared = events.DocumentCleared(**document, scanner="ClamAV 1.4.6/27500")

    outdated, later = (
        when(domain.TakeScan(**document, scanner=scanner, finding="Worm"), ADOPTED, cleared)
        for scanner in ("ClamAV 1.4.6/9999", "ClamAV 1.4.6/27501")
    )

    assert ([*outdated], [type(fact) for fact in later]) == ([], [events.DocumentCondemned])
