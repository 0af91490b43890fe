"""Which batches are judged: those of surveys of today, whether these ever open or close or not."""

from collections.abc import Sequence
from typing import get_args

import msgspec
import pytest

from shared.count.balance import Balance, Code
from shared.events import codec
from tests.support.balanced import (
    ADOPTED,
    CLOSED,
    HEALTH,
    OPENED,
    STREAM,
    batch,
    codes,
    entered,
    found,
    imbalances,
    stored,
)
from tests.support.formerly import formerly
from tests.support.small_cycle import CYCLE


@pytest.mark.parametrize("behind", [[], [OPENED], [OPENED, CLOSED]])
def test_a_batch_before_the_opening_is_told_whatever_stands_behind_it(
    behind: Sequence[object],
) -> None:
    elsewhere = msgspec.structs.replace(OPENED, questionnaire="leaders")
    early = batch(1, HEALTH, HEALTH, channel="paper")

    [said] = imbalances(stored(entered(HEALTH, 2), elsewhere, early, *behind))

    assert (said.code, said.number, said.fact) == ("batch-before-opening", 3, f"{STREAM}@3")
    assert said.details == {"responses": "2"}


def test_what_is_counted_behind_the_closing_is_judged_there_even_if_it_opens_again() -> None:
    late = batch(1, HEALTH, channel="paper")

    [said] = found(CLOSED, late, OPENED)

    assert (said.code, said.number) == ("answers-beyond-paper", 2)
    assert found(CLOSED, late, OPENED, entered(HEALTH, 1)) == []


# --- Surveys of before


def test_a_questionnaire_that_was_adopted_in_a_former_shape_is_not_judged() -> None:
    wrong = [
        batch(1, HEALTH, receipts=(), channel="invitation"),
        batch(2, HEALTH, hasty=9, channel="link"),
        batch(3, HEALTH, channel="paper"),
        batch(4, HEALTH),
        CLOSED,
    ]
    of_old = formerly(stored(ADOPTED))
    assert set(codes(imbalances(stored(ADOPTED, *wrong)))) == {*get_args(Code)}

    assert imbalances([*of_old, *stored(*wrong)]) == []
    assert imbalances([*of_old, *stored(ADOPTED, *wrong)]) == [], "some were invited before it"


def test_an_adoption_in_a_former_shape_covers_nothing_that_is_adopted_as_today() -> None:
    wrong = batch(1, HEALTH, receipts=(), channel="invitation")
    told = [*stored(ADOPTED), *formerly(stored(ADOPTED)), *stored(OPENED, wrong)]

    assert codes(imbalances(told)) == ["batch-unbalanced", "answers-uninvited"]


@pytest.mark.parametrize(
    ("version", "said"), [(1, []), (2, ["batch-unbalanced"]), (3, ["batch-unbalanced"])]
)
def test_whatever_shape_comes_after_the_first_is_judged(version: int, said: Sequence[str]) -> None:
    [adopted, opened, wrong] = [
        codec.decode(each.body) for each in stored(ADOPTED, OPENED, batch(1, receipts=("a",)))
    ]
    type_ = f"survey.QuestionnaireAdopted.v{version}"
    balance = Balance(CYCLE)

    said_of_it = [
        *balance.take(1, msgspec.structs.replace(adopted, type=type_)),
        *balance.take(2, opened),
        *balance.take(3, wrong),
    ]

    assert codes(said_of_it) == said
