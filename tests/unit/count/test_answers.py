"""What answers change in the count."""

from fractions import Fraction

from shared.count.answers import Batches
from tests.support import asked
from tests.support.counted import AGENCY, item, noted, opened, replayed
from tests.support.formerly import formerly
from tests.support.small_cycle import CYCLE
from tests.support.told import answer, ask, whole_cycle

STREAM = f"survey/{CYCLE}/leaders"


def test_answers_count_by_item_and_group() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")

    answer(teller, "leaders", ["a", "b", "e"])

    result = item(teller, "1.2")
    assert (result.status, str(result.score.points)) == ("surveyed", "8/5")
    assert result.facts == (f"survey/{CYCLE}/leaders@4",)


def test_answers_about_an_agency_of_another_tier_do_not_count() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde", tier="district")

    answer(teller, "leaders", ["a"])

    assert item(teller, "1.2").status == "unanswered"
    assert {each.code for each in noted(teller)} == {"agency-of-another-tier"}


def test_what_gives_no_points_does_not_count() -> None:
    teller, alone = opened(), opened()
    scored = asked.question("q1", "1.2", "abcde")
    beside = [
        asked.question("q2", None, "abcde", kind="scale"),
        asked.question("q3", "1.2", "abcde", kind="multiple-choice"),
        asked.question("q4", "no-item", kind="free-text"),
    ]
    teller.tell(STREAM, asked.questionnaire("leaders", [scored, *beside]))
    alone.tell(STREAM, asked.questionnaire("leaders", [scored]))

    said = {"q1": "b", "q2": "a", "q3": "a", "q4": "a"}
    teller.tell(STREAM, asked.batch("leaders", 1, [asked.response(AGENCY, said, {"q3": ("a",)})]))
    alone.tell(STREAM, asked.batch("leaders", 1, [asked.response(AGENCY, {"q1": "b"})]))

    assert item(teller, "1.2") == item(alone, "1.2")
    assert item(teller, "1.2").status == "surveyed"
    assert noted(teller) == noted(alone) == []


def test_a_cycle_in_the_former_shapes_of_its_facts_comes_to_the_same() -> None:
    told, before = whole_cycle(), formerly(whole_cycle())

    assert {each.type for each in before} >= {"survey.ResponsesCounted.v1"}
    assert replayed(before).count().tables == replayed(told).count().tables
    assert replayed(before).count().hindrances == ()


def test_a_batch_is_kept_without_its_receipts() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")
    answer(teller, "leaders", ["a"])

    [batch] = replayed(teller.told).state.questionnaires["leaders"].batches

    assert (batch.receipts, len(batch.responses)) == ((), 2)


def test_an_excluded_answer_does_not_count_and_its_exclusion_is_among_the_facts() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")
    answer(teller, "leaders", ["b"])

    excluded = asked.excluded("leaders", 1, 0, 0)
    teller.tell(f"survey/{CYCLE}/leaders", excluded)
    teller.tell(f"survey/{CYCLE}/leaders", excluded)

    result = item(teller, "1.2")
    said = (f"survey/{CYCLE}/leaders@4", f"survey/{CYCLE}/leaders@6")
    assert (result.status, tuple(result.facts)) == ("unanswered", said)


def test_a_certified_result_replaces_what_its_source_said_before() -> None:
    teller = opened()
    ask(teller, "leaders", "1.2", "abcde")

    for option in ("d", "a"):
        imported = asked.imported("leaders", AGENCY, {"q1": {option: 10}})
        teller.tell(f"survey/{CYCLE}/leaders", imported)

    result = item(teller, "1.2")
    assert (result.score.points, result.facts) == (Fraction(2), (f"survey/{CYCLE}/leaders@4",))


def test_whoever_goes_on_with_other_batches_finds_those_and_no_others() -> None:
    first, second, third = (asked.batch("leaders", number, ()) for number in (1, 2, 3))
    begun = Batches().with_next(first)

    mine = begun.with_next(second)
    theirs = begun.with_next(third).with_next(second)

    assert [begun.get(number) for number in (1, 2, 3)] == [first, None, None]
    assert [mine.get(number) for number in (1, 2, 3)] == [first, second, None]
    assert [theirs.get(number) for number in (1, 2, 3)] == [first, second, third]
    assert list(theirs) == [first, third, second]
