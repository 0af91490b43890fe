"""What the answers of a survey are worth: shares, weights, and groups that gave no answer."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from shared.kernel import index
from shared.kernel import scheme as schemes
from shared.kernel.index import AgencyState, Score, Tally
from tests.unit.kernel import samples


def out_of(given: str, maximum: str) -> Score:
    return Score(Fraction(given), Fraction(maximum))


def row(scheme: schemes.Scheme, state: AgencyState) -> index.AgencyResult:
    [only] = index.compute(scheme, [state]).rows
    return only


def surveyed(
    counts: Mapping[str, Mapping[str, int]], item: schemes.Item | None = None
) -> index.ItemResult:
    tallies = {
        ("9.1", group): Tally(counts=options, facts=(f"first-of-{group}", f"last-of-{group}"))
        for group, options in counts.items()
    }
    scheme = samples.scheme([item or samples.surveyed()])
    return row(scheme, AgencyState("a", tallies=tallies)).areas[0].criteria[0].items[0]


def test_survey_points_are_the_maximum_times_the_mean_of_the_valid_answers() -> None:
    counts = {"citizens": {"good": 6, "fair": 2, "bad": 2, "none": 90, "unheard-of": 7}}

    answered = surveyed(counts)

    assert answered.score == Score(24 * Fraction("7.2") / 10, Fraction(24))
    assert (answered.status, answered.claimed) == ("surveyed", None)
    assert tuple(answered.facts) == ("first-of-citizens", "last-of-citizens")


def test_respondent_groups_count_by_their_weights() -> None:
    item = samples.surveyed(maximum="16", groups={"leaders": "3", "staff": "1"})

    answered = surveyed({"leaders": {"good": 1}, "staff": {"bad": 40}}, item)

    assert answered.score == out_of("12", "16")
    assert answered.absent_groups == ()


def test_a_group_without_a_valid_answer_gives_its_weight_to_the_others_and_is_named() -> None:
    item = samples.surveyed(groups={"leaders": "2", "staff": "1", "communes": "1"})

    answered = surveyed(
        {"staff": {"good": 1}, "communes": {"bad": 5}, "leaders": {"none": 3}}, item
    )

    assert answered.score == out_of("12", "24")
    assert answered.absent_groups == ("leaders",)


def test_a_survey_item_without_a_valid_answer_holds_the_row_back() -> None:
    state = AgencyState("a", tallies={("9.1", "citizens"): Tally({"none": 3}, ("s1",))})

    unanswered = row(samples.scheme([samples.surveyed()]), state)

    assert unanswered.unanswered == ("9.1",)
    assert unanswered.sipas == out_of("0", "24")


def test_a_survey_item_without_a_valid_answer_may_leave_the_maximum() -> None:
    unanswered = surveyed({}, samples.surveyed(if_unanswered="not-applicable"))

    assert (unanswered.status, unanswered.score) == ("not-applicable", out_of("0", "0"))
    assert unanswered.absent_groups == ("citizens",)


def test_the_parts_of_the_survey_have_columns_of_their_own() -> None:
    scheme = samples.scheme(
        [samples.manual("1.1", maximum="60")],
        [
            samples.surveyed(code="9.1"),
            samples.surveyed(code="9.2", maximum="16", part="officials"),
        ],
    )
    tallies = {
        ("9.1", "citizens"): Tally({"good": 3, "bad": 1}, ("s1",)),
        ("9.2", "citizens"): Tally({"fair": 5}, ("s2",)),
    }

    columns = row(scheme, replace(samples.agency("a", {"1.1": "50"}), tallies=tallies))

    assert (columns.sipas, columns.officials) == (out_of("18", "24"), out_of("9.6", "16"))
    assert columns.appraised == out_of("50", "60")
    assert columns.total == out_of("77.6", "100")
