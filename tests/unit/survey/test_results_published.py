"""Nothing of a small group is published, nor anything from which it can be computed."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import hypothesis.strategies as st
import msgspec
from hypothesis import given as for_any
from hypothesis import settings

from services.survey.domain import results
from services.survey.domain.results import PUBLISHED_ANSWERS_MIN, Report, Result, Withheld
from shared.events import submission
from shared.events import survey as events
from tests.support import small_cycle
from tests.support.small_questionnaire import ADOPTED, QUESTION, option, question
from tests.support.survey_given import NAMED, OPENED, SEALED, cycle, given

MIN = PUBLISHED_ANSWERS_MIN
AGENCIES = ("so-noi-vu", "so-y-te", "so-xay-dung")
SERVICES = ("a", "b", "c")
UNSAID = ""
ADDED = submission.AgencyAdded(
    cycle="2021",
    agency=msgspec.structs.replace(small_cycle.AGENCIES[0], code=AGENCIES[2]),
    decision=small_cycle.OPENED.decision,
    because=SEALED,
)
SERVICE = question("service", required=False, options=tuple(map(option, SERVICES)))
WHY = question("why", required=False, asked_if=events.Condition(question="q1", options=("1",)))
THEN = question("then", required=False, asked_if=events.Condition(question="why", options=("no",)))
BY_SERVICE = msgspec.structs.replace(
    ADOPTED, questions=(SERVICE, QUESTION, WHY, THEN), service_question="service"
)

# How many chose 5, and how many 1, about an agency by service; and in certified totals. Of those
# who chose 1, every second one said why: one half yes, the other one no.
Answers = Mapping[tuple[str, str], tuple[int, int]]
NUMBERS = st.one_of(
    st.just((0, 0)),
    st.tuples(st.integers(min_value=0, max_value=6), st.integers(min_value=0, max_value=6)),
    st.tuples(st.integers(min_value=8, max_value=12), st.integers(min_value=0, max_value=12)),
)
ANSWERS = st.dictionaries(
    st.tuples(st.sampled_from(AGENCIES), st.sampled_from((*SERVICES, UNSAID))), NUMBERS
)
CERTIFIED = st.dictionaries(st.sampled_from(AGENCIES), NUMBERS)


def _whole(answers: Answers, certified: Mapping[str, tuple[int, int]]) -> Report:
    responses = tuple(
        events.Response(
            agency=agency,
            answers={
                "q1": chosen,
                **({"service": service} if service else {}),
                **_why(chosen, place),
            },
            choices={},
        )
        for (agency, service), counts in answers.items()
        for chosen, count in zip("51", counts, strict=True)
        for place in range(count)
    )
    counted = events.ResponsesCounted(
        **NAMED, batch=1, channel="mixed", responses=responses, receipts=(), hasty=0
    )
    imported = [
        events.ResultImported(
            **NAMED,
            agency=agency,
            counts={"q1": {"5": satisfied, "1": others}},
            source="Bưu điện tỉnh",
            document="1/BC",
            sha256=None,
        )
        for agency, (satisfied, others) in certified.items()
    ]
    return results.report(given(BY_SERVICE, OPENED, counted, *imported), cycle(ADDED))


def _why(chosen: str, place: int) -> Mapping[str, str]:
    if chosen != "1" or place % 2:
        return {}
    return {"why": "no", "then": "yes"} if place % 4 else {"why": "yes"}


def _published(whole: Report) -> Report:
    return results.published(whole, BY_SERVICE)


def _withheld(report: Report) -> set[tuple[str, str | None, str]]:
    rows = (*report.results, *report.services, *report.overall)
    return {(row.agency, row.service, row.question) for row in rows if isinstance(row, Withheld)}


def _every(report: Report) -> dict[tuple[str, str | None, str], Result]:
    rows = (*report.results, *report.services, *report.overall)
    return {(row.agency, row.service, row.question): row for row in rows if isinstance(row, Result)}


def _sums(certified: Iterable[str]) -> Iterator[tuple[object, set[object]]]:
    """Each sum, and what it is the sum of."""
    yield ("", None), {(agency, None) for agency in AGENCIES}
    for agency in AGENCIES:
        parts: set[object] = {(agency, service) for service in (*SERVICES, UNSAID)}
        yield (agency, None), parts | {each for each in certified if each == _total(agency)}


def _total(agency: str) -> str:
    return f"certified about {agency}"


def _computable(unknown: set[object], sums: Iterable[tuple[object, set[object]]]) -> set[object]:
    """The unknowns that have one solution only, whatever is added and subtracted.

    Gauss and Jordan's elimination; what is left alone in its row is known.
    """
    order = sorted(unknown, key=str)
    rows = [
        [Fraction((each in parts) - (each == whole)) for each in order] for whole, parts in sums
    ]
    done: list[list[Fraction]] = []
    for column in range(len(order)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rest = [row for row in rows if row is not pivot]
        pivot = [each / pivot[column] for each in pivot]
        rows = [_less(row, pivot, column) for row in rest]
        done = [*(_less(row, pivot, column) for row in done), pivot]
    alone = [[place for place, each in enumerate(row) if each] for row in done]
    return {order[places[0]] for places in alone if len(places) == 1}


def _less(row: list[Fraction], pivot: list[Fraction], column: int) -> list[Fraction]:
    return [each - row[column] * other for each, other in zip(row, pivot, strict=True)]


def test_the_attack_finds_what_can_be_computed() -> None:
    sums = list(_sums(()))
    whole = sums[0]

    assert _computable({("so-y-te", None)}, [whole]) == {("so-y-te", None)}
    assert _computable({("so-y-te", None), ("so-noi-vu", None)}, [whole]) == set()
    chain: set[object] = {("so-y-te", None), ("so-noi-vu", None), ("so-noi-vu", "a")}
    assert _computable(chain, sums) == chain
    assert _computable(chain | {("so-y-te", "b")}, sums) == set()
    assert _computable({("so-y-te", None), ("so-y-te", "a"), ("so-y-te", "b")}, sums) == {
        ("so-y-te", None)
    }


@settings(max_examples=150)
@for_any(answers=ANSWERS, certified=CERTIFIED)
def test_nobody_computes_what_is_withheld(
    answers: Answers, certified: Mapping[str, tuple[int, int]]
) -> None:
    whole = _whole(answers, certified)
    every = {key[:2]: row for key, row in _every(whole).items() if key[2] == "q1"}

    withheld = {key[:2] for key in _withheld(_published(whole)) if key[2] == "q1"}

    # Somebody who knows the certified totals looks for what a few answered besides them, and sees
    # where nobody did.
    insider: set[object] = {key for key in withheld if every[key].by_response}
    few = {key for key in withheld if every[key].by_response < PUBLISHED_ANSWERS_MIN}
    assert _computable(insider, _sums(())).isdisjoint(few)
    # Others look for all that was counted, and know nothing of the totals.
    outsider: set[object] = {key for key in withheld if every[key].answered}
    totals: set[object] = {_total(agency) for agency, counts in certified.items() if any(counts)}
    assert _computable(outsider | totals, _sums([str(each) for each in totals])).isdisjoint(
        outsider
    )


@settings(max_examples=150)
@for_any(answers=ANSWERS, certified=CERTIFIED)
def test_nobody_computes_it_from_the_questions_that_hang_on_it(
    answers: Answers, certified: Mapping[str, tuple[int, int]]
) -> None:
    whole = _whole(answers, certified)
    every, published = _every(whole), _published(whole)
    withheld, shown = _withheld(published), _every(published)

    for asked, on in (("q1", "why"), ("why", "then")):
        # Of how many the second was asked, so many chose an option of the first: where it is shown,
        # nobody looks for that any more.
        unknown: set[object] = {
            key[:2]
            for key in withheld
            if key[2] == asked and every[key].by_response and (*key[:2], on) not in shown
        }
        few = {key[:2] for key in withheld if key[2] == asked and every[key].by_response < MIN}
        assert _computable(unknown, _sums(())).isdisjoint(few)
        assert not {key[:2] for key in withheld if key[2] == asked} & {
            key[:2] for key in shown if key[2] == on
        }
        answered: set[object] = {
            key[:2] for key in withheld if key[2] == on and every[key].by_response
        }
        few = {key[:2] for key in withheld if key[2] == on and every[key].by_response < MIN}
        assert _computable(answered, _sums(())).isdisjoint(few)


@settings(max_examples=50)
@for_any(answers=ANSWERS, certified=CERTIFIED)
def test_what_is_small_is_withheld_and_nothing_without_need(
    answers: Answers, certified: Mapping[str, tuple[int, int]]
) -> None:
    whole = _whole(answers, certified)
    every = _every(whole)

    published = _published(whole)

    small = {
        key
        for key, row in every.items()
        if 0 < row.answered < PUBLISHED_ANSWERS_MIN or 0 < row.by_response < PUBLISHED_ANSWERS_MIN
    }
    withheld = _withheld(published)
    assert small <= withheld
    assert small or not withheld
    assert {key: row for key, row in every.items() if key not in withheld} == _every(published)
    assert published.overall_services == ()
    for area in published.areas:
        assert not {(area.agency, None, question) for question in area.questions} & withheld


def _reasons(report: Report) -> dict[tuple[str, str | None], str]:
    rows = (*report.results, *report.services, *report.overall)
    return {
        (row.agency, row.service): row.because
        for row in rows
        if isinstance(row, Withheld) and row.question == "q1"
    }


def test_the_smallest_other_service_is_withheld_with_a_single_small_one() -> None:
    answers = {
        ("so-y-te", "a"): (9, 0),
        ("so-y-te", "b"): (20, 20),
        ("so-y-te", "c"): (15, 5),
        ("so-noi-vu", "a"): (10, 0),
    }

    assert _reasons(_published(_whole(answers, {}))) == {
        ("so-y-te", "a"): "small-group",
        ("so-y-te", "c"): "gives-another-away",
    }


def test_the_sum_over_all_is_withheld_beside_a_single_small_agency() -> None:
    answers = {("so-y-te", "a"): (20, 0), ("so-noi-vu", "b"): (3, 6)}

    assert _reasons(_published(_whole(answers, {}))) == {
        ("so-noi-vu", None): "small-group",
        ("so-noi-vu", "b"): "small-group",
        ("", None): "gives-another-away",
    }


def test_a_few_answers_beside_a_certified_total_are_withheld_with_it() -> None:
    published = _published(_whole({("so-y-te", "a"): (1, 2)}, {"so-y-te": (90, 10)}))

    assert _reasons(published)["so-y-te", None] == "small-group"


def test_nothing_is_told_of_a_withheld_question_by_who_was_not_asked_another() -> None:
    answers = {("so-y-te", "a"): (5, 0), ("so-noi-vu", "a"): (20, 30), ("so-xay-dung", "a"): (9, 3)}

    published = _published(_whole(answers, {}))

    about = {key for key in _withheld(published) if key[0] in {"", "so-y-te"}}
    assert {("so-y-te", None, "why"), ("so-y-te", "a", "then"), ("", None, "why")} <= about
    assert ("so-noi-vu", None, "why") in _every(published)


def test_small_services_take_others_along_until_they_hide_one_another() -> None:
    answers = {("so-y-te", "a"): (60, 38), ("so-y-te", "b"): (0, 1), ("so-y-te", "c"): (1, 0)}

    withheld = _withheld(_published(_whole(answers, {})))

    assert {key for key in withheld if key[2] == "q1"} == {
        ("so-y-te", service, "q1") for service in SERVICES
    }


@settings(max_examples=150)
@for_any(answers=ANSWERS)
def test_what_is_left_of_a_sum_speaks_of_no_small_group(answers: Answers) -> None:
    whole = _whole(answers, {})
    every, withheld = _every(whole), _withheld(_published(whole))
    q1 = [key for key in withheld if key[2] == "q1"]

    for agency in ("", *AGENCIES):
        parts = [k for k in q1 if k[0] and (k[0] == agency if k[1] is not None else not agency)]
        people = sum(every[key].by_response for key in parts)
        assert (agency, None, "q1") in withheld or people == 0 or people >= MIN
