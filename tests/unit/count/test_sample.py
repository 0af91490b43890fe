"""What is drawn from: whole responses, and the answers to each question of certified results."""

from fractions import Fraction

from shared.count.sample import Answers, Contender, sample_of
from shared.count.table import tables
from tests.support.answered import Answered, led
from tests.support.counted import replayed
from tests.support.told import whole_cycle

ALL, MOST, NALL = 5, 3, 0
"""What options are worth, in fifths: nothing in the scheme is worth less than one of them."""
LEADERS, SIPAS = 0, 1
"""The places of the items 1.2 and 9.1."""


def contender(answered: Answered, agency: str = "a") -> Contender:
    return next(each for each in answered.sample.contenders if each.agency == agency)


def test_a_response_is_drawn_with_all_its_answers() -> None:
    answered = Answered("a").ask("citizens", "9.1").ask("leaders", "1.2", name="both")
    answered.answer("citizens", "a", {"9.1": "5"}, {"9.1": "1"}, {"9.1": "5"}, {})
    answered.answer("both", "a", *led("b", "e"))

    assert contender(answered).answers == (
        Answers("both/a", "leaders", whole=True, kinds={(): 1, ((LEADERS, MOST, 1),): 1}),
        Answers(
            "citizens/a",
            "citizens",
            whole=True,
            kinds={(): 1, ((SIPAS, NALL, 1),): 1, ((SIPAS, ALL, 1),): 2},
        ),
    )


def test_two_questions_about_one_item_are_drawn_together() -> None:
    answered = Answered("a").ask("leaders", "1.2", "1.2/more")

    answered.answer("leaders", "a", {"1.2": "a", "1.2/more": "b"}, {"1.2": "e", "1.2/more": "b"})

    assert contender(answered).answers[0].kinds == {
        ((LEADERS, MOST, 1),): 1,
        ((LEADERS, ALL + MOST, 2),): 1,
    }


def test_excluded_responses_are_not_drawn() -> None:
    answered = Answered("a").ask("leaders", "1.2").answer("leaders", "a", *led("a", "d", "a"))

    answered.exclude("leaders", 1, 0, 1)

    assert contender(answered).answers[0].kinds == {((LEADERS, ALL, 1),): 1}


def test_a_certified_result_is_drawn_question_by_question() -> None:
    answered = Answered("a").ask("leaders", "1.2").answer("leaders", "a", *led("a"))

    answered.certify("leaders", "a", {"1.2": {"a": 3, "e": 2, "?": 1, "d": 0}, "unasked": {"a": 9}})

    _, certified = contender(answered).answers
    assert certified == Answers(
        "leaders/a/1.2/Bưu điện", "leaders", whole=False, kinds={(): 3, ((LEADERS, ALL, 1),): 3}
    )
    assert certified.count == 6


def test_nothing_is_drawn_of_what_does_not_count() -> None:
    answered = Answered("a").ask("strangers", "1.2").ask("leaders", "7").ask("citizens", "9.1")
    for name in ("strangers", "leaders"):
        answered.answer(name, "a", {"1.2": "a"}, {"7": "a"})
    answered.answer("citizens", "gone", {"9.1": "5"})

    assert contender(answered).items == ()
    assert not any(kind for each in contender(answered).answers for kind in each.kinds)


def test_what_is_not_drawn_is_the_rest_of_the_row() -> None:
    state = replayed(whole_cycle()).state
    [table] = tables(state)

    sample = sample_of(state, table)

    assert [(each.agency, each.points, each.maximum) for each in sample.contenders] == [
        ("so-noi-vu", Fraction(4), Fraction(4)),
        ("so-y-te", Fraction("3.25"), Fraction(4)),
    ]
    assert sample.columns == (frozenset(), frozenset({SIPAS}))
    assert [each.columns for each in sample.contenders] == [
        (Fraction(4), Fraction(0)),
        (Fraction("3.25"), Fraction(0)),
    ]


def test_an_agency_of_which_nobody_said_anything_has_nothing_to_draw() -> None:
    answered = Answered("a", "b").ask("leaders", "1.2").answer("leaders", "a", *led("a"))

    silent = contender(answered, "b")

    assert (silent.items, silent.answers) == ((), ())
    assert (silent.points, silent.maximum) == (Fraction(0), Fraction(10))


def test_the_order_of_answers_does_not_matter() -> None:
    there = Answered("a").ask("leaders", "1.2").answer("leaders", "a", *led("a", "b", "d", "e"))
    back = Answered("a").ask("leaders", "1.2").answer("leaders", "a", *led("e", "d", "b", "a"))

    assert list(contender(there).answers[0].kinds) == list(contender(back).answers[0].kinds)
