"""Piles that are typed in twice: what is alike, what differs, and what the log says of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.survey.domain import paper, sheet
from services.survey.domain import questionnaire as domain
from services.survey.domain.filled import Filled
from services.survey.domain.paper import Difference, Form
from shared.events import survey as events
from shared.events.envelope import Context, Recorded, Sealed
from shared.events.examples import EXAMPLES
from shared.kernel.errors import Missing, Problem, Refused

[ADOPTED] = [each for each in EXAMPLES if isinstance(each, events.QuestionnaireAdopted)]
SEALED = Sealed(key="k", text="t")
BY = ("survey-officer:o-1", "survey-officer:o-2")
ENTER = domain.EnterPile("p-1", (("so-y-te", 2),), BY)
GIVE_UP = domain.GiveUpPile("p-1", SEALED, typed=True)


def after(*facts: object) -> domain.Questionnaire:
    state = domain.Questionnaire()
    for version, fact in enumerate((ADOPTED, *facts), start=1):
        recorded = Recorded("survey/2021/x", version, "", Context(ADOPTED.opens), fact)
        state = domain.evolve(state, recorded)
    return state


ASKED = {"cycle": ADOPTED.cycle, "questionnaire": ADOPTED.questionnaire}
ENTERED = events.PaperEntered(**ASKED, pile="p-1", forms={"so-y-te": 2}, by=BY)
GIVEN_UP = events.PaperGivenUp(**ASKED, pile="p-1", because=SEALED)


def test_a_pile_in_the_urn_is_recorded_with_how_many_forms_it_had() -> None:
    assert domain.decide(ENTER, after()) == (ENTERED,)


def test_a_pile_of_no_questionnaire_is_not_recorded() -> None:
    with pytest.raises(Missing, match="questionnaire-unknown"):
        domain.decide(ENTER, domain.Questionnaire())


def test_a_pile_that_was_recorded_is_no_news() -> None:
    assert domain.decide(ENTER, after(ENTERED)) == ()


def test_a_pile_in_the_urn_is_recorded_after_the_closing_too() -> None:
    closed = events.SurveyClosed(**ASKED, closed_by="calendar", responses=0)

    assert domain.decide(ENTER, after(closed)) == (ENTERED,)


def test_a_pile_that_came_to_nothing_is_not_said_to_be_in() -> None:
    with pytest.raises(Refused, match="pile-given-up"):
        domain.decide(ENTER, after(GIVEN_UP))


def test_a_pile_is_given_up() -> None:
    assert domain.decide(GIVE_UP, after()) == (GIVEN_UP,)


@pytest.mark.parametrize(
    ("facts", "typed", "refusal"),
    [
        ((ENTERED,), True, Refused("pile-entered", pile="p-1")),
        ((GIVEN_UP,), True, Refused("pile-given-up", pile="p-1")),
        ((), False, Missing("pile-unknown", pile="p-1")),
    ],
)
def test_a_pile_that_is_over_or_was_never_there_is_not_given_up(
    *, facts: tuple[object, ...], typed: bool, refusal: Problem
) -> None:
    with pytest.raises(type(refusal), match=refusal.code):
        domain.decide(replace(GIVE_UP, typed=typed), after(*facts))


CODES = st.sampled_from("abcde")
COMMENTS = st.text("abc ,.", min_size=1, max_size=5).filter(lambda text: text.strip(" ,.") != "")
FILLED = st.builds(
    Filled,
    st.dictionaries(st.sampled_from(["q1", "q2"]), CODES),
    st.dictionaries(
        st.sampled_from(["q3", "q4"]),
        st.lists(CODES, min_size=1, unique=True).map(tuple),
    ),
    st.dictionaries(st.just("q5"), COMMENTS),
)
FORM = st.builds(Form, st.sampled_from(["so-y-te", "so-noi-vu"]), FILLED)
PILE = st.lists(FORM, min_size=1, max_size=5)


@given(pile=PILE)
def test_piles_that_are_typed_alike_have_no_difference(pile: list[Form]) -> None:
    again = paper.from_document(paper.to_document(pile))

    assert again == pile
    assert list(paper.differences(pile, again)) == []


@given(pile=PILE, place=st.integers(0, 4), change=st.sampled_from(["agency", "q1", "q3", "q5"]))
def test_any_single_difference_is_found_and_nothing_else(
    pile: list[Form], place: int, change: str
) -> None:
    place %= len(pile)
    form, filled = pile[place], pile[place].filled
    changed: Callable[[], Form] = {
        "agency": lambda: replace(form, agency="so-tu-phap"),
        "q1": lambda: replace(form, filled=replace(filled, answers={**filled.answers, "q1": "z"})),
        "q3": lambda: replace(
            form,
            filled=replace(
                filled, choices={**filled.choices, "q3": (*filled.choices.get("q3", ()), "z")}
            ),
        ),
        "q5": lambda: replace(form, filled=replace(filled, comments={"q5": "xyz"})),
    }[change]
    other = [*pile[:place], changed(), *pile[place + 1 :]]

    [found] = paper.differences(pile, other)
    [mirrored] = paper.differences(other, pile)

    assert (found.form, found.question) == (place + 1, "" if change == "agency" else change)
    assert (mirrored.mine, mirrored.theirs) == (found.theirs, found.mine)
    assert found.mine != found.theirs


@given(pile=PILE, more=PILE)
def test_forms_that_one_of_them_left_out_are_found(pile: list[Form], more: list[Form]) -> None:
    found = list(paper.differences(pile, pile + more))

    assert [each.form for each in found] == list(range(len(pile) + 1, len(pile) + len(more) + 1))
    assert {(each.about, each.mine) for each in found} == {("form", ())}


@given(pile=PILE, more=PILE)
def test_what_the_other_typed_is_told_where_one_form_in_five_differs_at_most(
    pile: list[Form], more: list[Form]
) -> None:
    found = list(paper.differences(pile + more, pile))

    told = paper.told(found, len(pile) + len(more))

    assert [replace(each, theirs=()) for each in told] == found
    is_told = all(each.theirs is not None for each in told)
    assert is_told == (len(more) * 5 <= len(pile) + len(more))


def test_options_are_compared_in_whatever_order_and_handwriting_by_its_letters() -> None:
    mine = Form("so-y-te", Filled({}, {"q3": ("a", "b")}, {"q5": "Chờ lâu, quá lâu!"}))
    theirs = Form("so-y-te", Filled({}, {"q3": ("b", "a")}, {"q5": "chờ lâu  quá lâu"}))
    others = Form("so-y-te", Filled({}, {"q3": ("b", "a")}, {"q5": "chờ lau"}))

    assert list(paper.differences([mine], [theirs])) == []
    assert list(paper.differences([mine], [others])) == [
        Difference(1, "question", "q5", ("Chờ lâu, quá lâu!",), ("chờ lau",))
    ]


@pytest.mark.parametrize(
    ("column", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA"), (703, "AAA")]
)
def test_columns_are_called_as_a_spreadsheet_calls_them(column: int, letter: str) -> None:
    assert sheet.letter_of(column) == letter
