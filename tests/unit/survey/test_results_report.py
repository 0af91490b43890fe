"""What a result says: of whom, of how many, by which scale, and how sure it is."""

from collections.abc import Mapping
from fractions import Fraction

import msgspec
import pytest

from services.survey.domain import results
from services.survey.domain.results.interval import interval
from shared.events import survey as events
from shared.kernel.errors import Missing
from tests.support.small_questionnaire import ADOPTED, QUESTION, option, question
from tests.support.survey_given import NAMED, OPENED, batch, cycle, given, response

AGENCY = "so-y-te"
OFFICIALS = msgspec.structs.replace(
    ADOPTED,
    group="leaders",
    questions=(
        msgspec.structs.replace(QUESTION, item="1.2", options=tuple(map(option, "abcde"))),
        msgspec.structs.replace(
            QUESTION, code="q2", item="1.2", options=tuple(map(option, "abcde"))
        ),
    ),
)


def _report(adopted: events.QuestionnaireAdopted, *facts: events.Fact) -> results.Report:
    return results.report(given(adopted, OPENED, *facts), cycle())


def _of(report: results.Report, question: str = "q1", agency: str = AGENCY) -> results.Result:
    [row] = [
        row
        for row in (*report.results, *report.overall)
        if isinstance(row, results.Result) and (row.agency, row.question) == (agency, question)
    ]
    return row


def _planned(*populations: tuple[str, str, int]) -> events.SamplePlanned:
    return events.SamplePlanned(
        **NAMED,
        margin="0.05",
        strata=tuple(
            events.Stratum(agency=agency, service=service, population=population, sample=1)
            for agency, service, population in populations
        ),
    )


def _imported(
    counts: Mapping[str, Mapping[str, int]],
    source: str,
    forms: int | None = None,
    agency: str = AGENCY,
) -> events.ResultImported:
    return events.ResultImported(
        **NAMED,
        agency=agency,
        counts={code: dict(each) for code, each in counts.items()},
        source=source,
        document="1/BC",
        sha256=None,
        forms=forms,
    )


def test_only_the_whole_share_is_satisfied_and_the_mean_counts_those_between() -> None:
    # Shares of the scheme: a 1, b 0.6, c 0.2, d 0; e is "no opinion".
    found = _of(_report(OFFICIALS, batch(1, *(response(option=each) for each in "abcde"))))

    assert (found.answered, found.no_opinion, found.valid) == (5, 1, 4)
    assert found.scored is not None
    assert (found.satisfied, found.share) == (Fraction(1, 4), Fraction(18, 40))
    assert found.scored.points == 2 * Fraction(18, 40)
    assert found.scored.satisfied_between == interval(Fraction(1, 4), 4, None)
    assert found.scored.share_between == interval(Fraction(18, 40), 4, None)


def test_questions_of_one_item_are_one_mean_in_their_area() -> None:
    twice = events.Response(agency=AGENCY, answers={"q1": "a", "q2": "d"}, choices={})
    once = events.Response(agency=AGENCY, answers={"q1": "a"}, choices={})

    [area] = _report(OFFICIALS, batch(1, twice, once)).areas

    # a, a and d: two thirds of the item's 2 points, which stand in the area once.
    assert (area.area, area.questions, area.valid, area.satisfied) == ("1", ("q1", "q2"), 3, 2)
    assert (area.points, area.maximum) == (Fraction(4, 3), Fraction(2))


def test_an_option_that_the_scheme_does_not_know_any_more_is_no_valid_answer() -> None:
    unknown = msgspec.structs.replace(QUESTION, options=tuple(map(option, "59")))
    adopted = msgspec.structs.replace(ADOPTED, questions=(unknown,))

    found = _of(_report(adopted, batch(1, response(option="5"), response(option="9"))))

    assert (found.answered, found.valid, found.share) == (2, 1, Fraction(1))


def test_certified_totals_are_added_and_told_by_source() -> None:
    found = _of(
        _report(
            ADOPTED,
            batch(1, response(option="5")),
            _imported({"q1": {"5": 2}}, "Bưu điện tỉnh"),
            _imported({"q1": {"1": 4}}, "Cục Thống kê"),
        )
    )

    assert (found.counts, found.asked, found.answered) == ({"5": 3, "1": 4}, 7, 7)
    assert found.by_response == 1
    assert found.imported == {"Bưu điện tỉnh": {"5": 2}, "Cục Thống kê": {"1": 4}}


def test_on_how_many_forms_certified_totals_rest_is_summed_where_each_says_so() -> None:
    said = [
        _imported({"q1": {"5": 2}}, "Bưu điện tỉnh", forms=3),
        _imported({"q1": {"5": 2}}, "Bưu điện tỉnh", forms=4, agency="so-noi-vu"),
        _imported({"q1": {"1": 4}}, "Cục Thống kê", forms=9),
        _imported({"q1": {"1": 4}}, "Cục Thống kê", agency="so-noi-vu"),
    ]

    found = _report(ADOPTED, *said)

    rows = [row for row in (*found.results, *found.overall) if isinstance(row, results.Result)]
    assert [(row.agency, row.imported_forms) for row in rows] == [
        ("so-noi-vu", {"Bưu điện tỉnh": 4}),
        ("so-y-te", {"Bưu điện tỉnh": 3, "Cục Thống kê": 9}),
        ("", {"Bưu điện tỉnh": 7}),
    ]


def test_of_how_many_people_a_certified_total_of_several_choices_is_nobody_says() -> None:
    several = question("why", kind="multiple-choice", options=(option("a"), option("b")))
    adopted = msgspec.structs.replace(ADOPTED, questions=(several,))
    one = events.Response(agency=AGENCY, answers={}, choices={"why": ("a", "b")})
    other = events.Response(agency=AGENCY, answers={}, choices={"why": ("a",)})

    found = _of(_report(adopted, batch(1, one, other), _imported({"why": {"b": 7}}, "VPUB")), "why")

    assert found.counts == {"a": 2, "b": 8}
    assert (found.answered, found.shares) == (2, {"a": 1, "b": Fraction(1, 2)})


def test_a_known_number_of_people_narrows_the_margin() -> None:
    answered = batch(1, *(response(option=each) for each in "5551"))
    share = Fraction(3, 4)

    def between(*populations: tuple[str, str, int], agency: str = AGENCY) -> object:
        scored = _of(_report(ADOPTED, _planned(*populations), answered), agency=agency).scored
        return scored and scored.share_between

    by_service = [(AGENCY, "a", 4), (AGENCY, "b", 6)]
    assert between((AGENCY, "", 10)) == interval(share, 4, 10)
    assert between(*by_service) == interval(share, 4, 10)
    assert between(*by_service, (AGENCY, "", 20)) == interval(share, 4, 20)
    assert between(("so-noi-vu", "", 10)) == interval(share, 4, None)
    # Of all agencies it is known where it is known of each.
    assert between((AGENCY, "", 10), ("so-noi-vu", "", 5), agency="") == interval(share, 4, 15)
    assert between((AGENCY, "", 10), agency="") == interval(share, 4, None)


def test_of_a_question_that_is_asked_of_some_no_plan_knows_how_many() -> None:
    first = question("first")
    asked = msgspec.structs.replace(
        QUESTION, asked_if=events.Condition(question="first", options=("yes",))
    )
    adopted = msgspec.structs.replace(ADOPTED, questions=(first, asked))
    one = events.Response(agency=AGENCY, answers={"first": "yes", "q1": "5"}, choices={})

    found = _of(_report(adopted, _planned((AGENCY, "", 10)), batch(1, one, one))).scored

    assert found is not None
    assert found.share_between == interval(Fraction(1), 2, None)


def test_without_a_scheme_that_can_be_read_nobody_knows_what_options_are_worth() -> None:
    unknown = msgspec.structs.replace(ADOPTED, tier="commune")

    with pytest.raises(Missing, match="tier-unknown"):
        _report(unknown)
