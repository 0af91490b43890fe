"""What answers change in the count."""

from fractions import Fraction

from shared.count.answers import Batches
from shared.events import survey
from tests.support.counted import AGENCY, item, noted, opened
from tests.support.small_cycle import CYCLE
from tests.support.told import SEALED, answer, ask


def test_answers_count_by_item_and_group() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")

    answer(teller, "leaders", ["a", "b", "e"])

    result = item(teller, "1.2")
    assert (result.status, str(result.score.points)) == ("surveyed", "8/5")
    assert result.facts == (f"survey/{CYCLE}/leaders@3",)


def test_answers_about_an_agency_of_another_tier_do_not_count() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde", tier="district")

    answer(teller, "leaders", ["a"])

    assert item(teller, "1.2").status == "unanswered"
    assert {each.code for each in noted(teller)} == {"agency-of-another-tier"}


def test_an_excluded_answer_does_not_count_and_its_exclusion_is_among_the_facts() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")
    answer(teller, "leaders", ["b"])

    excluded = survey.AnswersExcluded(
        cycle=CYCLE, questionnaire="leaders", batch=1, positions=(0, 0), because=SEALED
    )
    teller.tell(f"survey/{CYCLE}/leaders", excluded)
    teller.tell(f"survey/{CYCLE}/leaders", excluded)

    result = item(teller, "1.2")
    said = (f"survey/{CYCLE}/leaders@3", f"survey/{CYCLE}/leaders@5")
    assert (result.status, tuple(result.facts)) == ("unanswered", said)


def test_a_certified_result_replaces_what_its_source_said_before() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")

    for option in ("d", "a"):
        teller.tell(
            f"survey/{CYCLE}/leaders",
            survey.ResultImported(
                cycle=CYCLE,
                questionnaire="leaders",
                agency=AGENCY,
                counts={"q1": {option: 10}},
                source="Bưu điện",
                document="1/BC",
            ),
        )

    result = item(teller, "1.2")
    assert (result.score.points, result.facts) == (Fraction(2), (f"survey/{CYCLE}/leaders@4",))


def test_whoever_goes_on_with_other_batches_finds_those_and_no_others() -> None:
    first, second, third = (
        survey.ResponsesCounted(cycle=CYCLE, questionnaire="leaders", batch=number, responses=())
        for number in (1, 2, 3)
    )
    begun = Batches().with_next(first)

    mine = begun.with_next(second)
    theirs = begun.with_next(third).with_next(second)

    assert [begun.get(number) for number in (1, 2, 3)] == [first, None, None]
    assert [mine.get(number) for number in (1, 2, 3)] == [first, second, None]
    assert [theirs.get(number) for number in (1, 2, 3)] == [first, second, third]
    assert list(theirs) == [first, third, second]
