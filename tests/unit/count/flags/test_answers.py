"""Flags about surveys: by the ledger's times, since answers have none of their own."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from shared.count.flags import limits
from tests.support import asked
from tests.support.flagged import AGENCY, Story, ids
from tests.support.small_cycle import at

OPENED = at(11, 22)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FEW = ({"q1": "5"},)
QUESTIONS = tuple(f"q{n}" for n in range(limits.ALIKE_QUESTIONS_MIN))


def many(answers: int) -> Sequence[Mapping[str, str]]:
    return [{"q1": "5"}] * answers


def surveyed(*, usual: int = 1) -> Story:
    """A survey that is open for two days, with so many answers an hour."""
    story = Story()
    story.open_survey(OPENED)
    for hour in range(48):
        story.answer(many(usual), OPENED + hour * HOUR)
    return story


# --- answers-in-burst


def test_an_hour_that_brings_many_times_the_usual_is_told() -> None:
    story = surveyed()
    first = story.answer(many(40), OPENED + 2 * DAY)
    second = story.answer(many(limits.BURST_ANSWERS_MIN - 40), OPENED + 2 * DAY + HOUR / 2)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("answers-in-burst", [first, second])
    assert (flag.subject.agency, flag.subject.questionnaire) == (AGENCY, "citizens")
    assert (flag.details["answers"], flag.details["usual"]) == ("50", "1.00")
    assert flag.parameters["burst_factor_min"] == 10


def test_fewer_answers_or_an_hour_that_is_not_so_unlike_the_others_are_not_told() -> None:
    few, busy = surveyed(), surveyed(usual=6)
    few.answer(many(limits.BURST_ANSWERS_MIN - 1), OPENED + 2 * DAY)
    busy.answer(many(6 * limits.BURST_FACTOR_MIN - 1), OPENED + 2 * DAY)

    assert few.flags() == busy.flags() == []


def test_two_halves_in_two_hours_are_no_burst() -> None:
    story = surveyed()
    story.answer(many(limits.BURST_ANSWERS_MIN - 1), OPENED + 2 * DAY + 59 * HOUR / 60)
    story.answer(many(1), OPENED + 2 * DAY + HOUR)

    assert story.flags() == []


def test_a_survey_that_has_just_been_opened_has_no_usual_hour() -> None:
    story = Story()
    story.answer(many(100), OPENED)
    story.open_survey(OPENED)
    story.answer(many(100), OPENED + DAY - HOUR)
    assert story.flags() == []

    story.answer(many(1_000), OPENED + DAY)

    assert story.kinds() == ["answers-in-burst"]


def test_a_burst_that_goes_on_is_one_and_the_next_day_it_is_another() -> None:
    story = surveyed()
    for _ in range(3):
        story.answer(many(50), OPENED + 2 * DAY)
    assert [flag.count for flag in story.flags()] == [1]

    story.answer(many(100), OPENED + 3 * DAY)

    assert [flag.count for flag in story.flags()] == [2]


# --- answers-alike


def alike(answers: int, *, others: int = 0) -> Sequence[Mapping[str, str]]:
    """So many sheets that agree in everything, and others of which each is unlike the rest."""
    different = [
        {question: str(number + place) for place, question in enumerate(QUESTIONS)}
        for number in range(others)
    ]
    return [dict.fromkeys(QUESTIONS, "5")] * answers + different


def test_a_batch_of_sheets_that_agree_in_everything_is_told() -> None:
    story = Story()
    counted = story.answer(alike(27, others=3), OPENED)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("answers-alike", [counted])
    assert flag.details == {"alike": "27", "answers": "30", "questions": "5"}


def test_few_sheets_or_too_many_others_or_few_questions_are_not_told() -> None:
    story = Story()
    story.answer(alike(limits.ALIKE_ANSWERS_MIN - 1), OPENED)
    story.answer(alike(26, others=4), OPENED + HOUR)
    story.answer([dict.fromkeys(QUESTIONS[1:], "5")] * 30, OPENED + 2 * HOUR)

    assert story.flags() == []


# --- answers-straight


def straight(*options: str) -> Sequence[Mapping[str, str]]:
    """A sheet for each of these options, which gives it to every question."""
    return [dict.fromkeys(QUESTIONS, option) for option in options]


def scaled(count: int = len(QUESTIONS)) -> Story:
    """A survey that asks for so many places on a scale."""
    story = Story()
    story.put_questions([asked.question(code, None, kind="scale") for code in QUESTIONS[:count]])
    return story


def test_a_batch_of_sheets_that_give_one_option_to_everything_is_told() -> None:
    story = scaled()
    others = alike(0, others=3)
    counted = story.answer([*straight(*"54321" * 5, "5", "4"), *others], OPENED)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("answers-straight", [counted])
    assert flag.details == {"straight": "27", "answers": "30", "questions": "5"}
    assert flag.subject.agency == AGENCY


def test_few_such_sheets_or_too_many_others_or_few_scales_are_not_told() -> None:
    story, narrow, unknown = scaled(), scaled(count=4), Story()
    enough = straight(*"54321" * 6)
    story.answer(enough[: limits.ALIKE_ANSWERS_MIN - 1], OPENED)
    story.answer([*enough[:26], *alike(0, others=4)], OPENED + HOUR)
    story.answer([dict.fromkeys(QUESTIONS[1:], "5"), *enough[:1]] * 10, OPENED + 2 * HOUR)
    narrow.answer(enough, OPENED)
    unknown.answer(enough, OPENED)

    assert story.flags() == narrow.flags() == unknown.flags() == []


def test_sheets_that_are_all_the_same_are_alike_and_not_told_twice() -> None:
    story = scaled()
    story.answer(straight(*"5" * 30), OPENED)

    assert story.kinds() == ["answers-alike"]


# --- answers-hasty


def test_a_batch_of_which_half_came_too_fast_is_told() -> None:
    story = Story()
    counted = story.answer(many(limits.HASTY_ANSWERS_MIN), OPENED, hasty=10)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("answers-hasty", [counted])
    assert flag.details == {"hasty": "10", "answers": "20"}
    assert (flag.subject.agency, flag.subject.questionnaire) == (AGENCY, "citizens")
    assert flag.parameters == {"hasty_answers_min": 20, "hasty_percent_min": 50}


def test_few_responses_or_few_that_came_too_fast_are_not_told() -> None:
    story = Story()
    story.answer(many(limits.HASTY_ANSWERS_MIN - 1), OPENED, hasty=19)
    story.answer(many(limits.HASTY_ANSWERS_MIN + 1), OPENED, hasty=10)

    assert story.flags() == []


def test_a_hasty_batch_about_several_agencies_is_told_of_none_of_them() -> None:
    story = Story()
    responses = [asked.response(code, {}) for code in (AGENCY, "so-khac") * 10]
    story.count(asked.batch("citizens", 1, responses, hasty=20), OPENED)

    [flag] = story.flags()

    assert (flag.kind, flag.subject.agency) == ("answers-hasty", "")
    assert "all agencies" in flag.english


# --- answers-excluded-after-closing, survey-result-replaced


def test_responses_that_are_excluded_when_all_is_over_are_told() -> None:
    story = Story()
    story.answer(many(3), OPENED)
    closed = story.close_survey(OPENED + DAY)
    excluded = story.exclude((0, 2), OPENED + 2 * DAY)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("answers-excluded-after-closing", [closed, excluded])
    assert flag.details == {"responses": "2"}


def test_one_response_that_is_excluded_is_not_said_as_several_are() -> None:
    story = Story()
    story.answer(many(3), OPENED)
    story.close_survey(OPENED + DAY)
    story.exclude((0,), OPENED + 2 * DAY)

    [flag] = story.flags()

    assert "it lost 1 of its responses" in flag.english


def test_responses_that_are_excluded_while_it_runs_are_not() -> None:
    story = Story()
    story.answer(many(3), OPENED)
    story.exclude((0,), OPENED + DAY)
    story.close_survey(OPENED + DAY)

    assert story.flags() == []


def test_a_certified_result_that_is_replaced_is_told() -> None:
    story = Story()
    first, second = story.import_survey(3), story.import_survey(30)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("survey-result-replaced", [first, second])
    assert "Bưu điện tỉnh" in flag.vietnamese


def test_a_certified_result_whose_document_was_condemned_is_told_until_it_is_mended() -> None:
    story = Story()
    before = story.scan_document("Eicar-Test")
    counted = story.import_survey(3)
    early = story.flags("survey-result-condemned")
    story.scan_document()

    later = story.flags("survey-result-condemned")
    again = story.scan_document("Eicar-Test")

    assert [ids(flag) for flag in early] == [[before, counted]]
    assert later == []
    [flag] = story.flags("survey-result-condemned")
    assert (ids(flag), flag.subject.agency) == ([counted, again], AGENCY)
    assert "Bưu điện tỉnh" in flag.vietnamese


def test_who_closes_a_survey_that_counts_a_condemned_document_is_told_for_ever() -> None:
    story = Story()
    counted, found = story.import_survey(3), story.scan_document("Eicar-Test")
    closed = story.close_survey(OPENED + DAY)
    story.scan_document()

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("survey-result-condemned", [counted, found, closed])


def test_condemned_documents_of_two_sources_are_one_flag_before_and_after_closing() -> None:
    story = Story()
    counted = [story.import_survey(3, source=source) for source in ("second", "first")]
    found = story.scan_document("Eicar-Test")
    story.import_survey(3, source="third", sha256="ab" * 32)
    story.scan_document("Eicar-Test", sha256="ab" * 32)

    [standing] = story.flags("survey-result-condemned")
    closed = story.close_survey(OPENED + DAY)
    [flag] = story.flags("survey-result-condemned")

    assert {*counted, found} < {*ids(standing)}
    assert ids(flag) == [*ids(standing), closed]
    [began] = [fact.number for fact in flag.facts if fact.id == found]
    assert (flag.id, flag.number, flag.count) == (standing.id, began, 1)
    assert "“first, second, third”" in flag.vietnamese
    assert "“first, second, third”" in flag.english


def test_results_of_two_sources_are_not() -> None:
    story = Story()
    story.import_survey(3)
    story.import_survey(3, source="Cục Thống kê")

    assert story.flags() == []
