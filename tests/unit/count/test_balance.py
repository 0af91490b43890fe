"""What left an urn is held against what can have gone in, and nothing is counted otherwise."""

from collections import Counter
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.count.replay import Replay
from shared.events import codec, survey
from shared.events.envelope import Sealed
from tests.support.balanced import (
    CLOSED,
    HEALTH,
    HOME,
    OPENED,
    STREAM,
    batch,
    codes,
    entered,
    found,
    imbalances,
    issued,
    linked,
    stored,
)
from tests.support.counted import replayed
from tests.support.formerly import formerly
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle


def test_batches_with_as_many_new_receipts_as_responses_are_in_balance() -> None:
    assert found(batch(1, HEALTH, HOME), batch(2, HEALTH, hasty=1), batch(3)) == []


@pytest.mark.parametrize(
    ("wrong", "numbers"),
    [
        ({"receipts": ()}, ("0", "0", "0")),
        ({"receipts": ("a",)}, ("1", "1", "0")),
        ({"receipts": ("a", "a")}, ("2", "1", "0")),
        ({"receipts": ("a", "b", "c")}, ("3", "3", "0")),
        ({"receipts": ("a", "b", "b")}, ("3", "2", "0")),
        ({"hasty": 3}, ("2", "2", "3")),
        ({"hasty": -1}, ("2", "2", "-1")),
    ],
)
def test_a_batch_that_does_not_fit_its_receipts_is_told(
    wrong: dict[str, object], numbers: tuple[str, str, str]
) -> None:
    receipts, new, hasty = numbers

    [said] = found(batch(1, HEALTH, HOME, **wrong))

    assert said.code == "batch-unbalanced"
    assert said.details == {"responses": "2", "receipts": receipts, "new": new, "hasty": hasty}


def test_a_receipt_of_an_earlier_batch_is_told_and_one_of_another_questionnaire_is_not() -> None:
    first, second = batch(1, HEALTH, receipts=("a",)), batch(2, HEALTH, receipts=("a",))

    [said] = found(first, second)

    assert (said.code, said.details["new"]) == ("batch-unbalanced", "0")
    other = [msgspec.structs.replace(each, questionnaire="leaders") for each in (OPENED, second)]
    assert found(first, *other) == []


def test_of_a_batch_that_is_told_again_nothing_is_said() -> None:
    assert found(batch(1, HEALTH), batch(1, HEALTH), batch(1, HEALTH, hasty=9)) == []


def test_a_batch_in_its_former_shape_is_one_without_receipts_and_takes_its_number() -> None:
    told = [*formerly(stored(OPENED, batch(1, HEALTH))), *stored(batch(1, HEALTH, hasty=9))]

    [said] = imbalances(told)

    assert (said.code, said.number, said.fact) == ("batch-unbalanced", 2, f"{STREAM}@2")
    assert said.details == {"responses": "1", "receipts": "0", "new": "0", "hasty": "0"}


def test_facts_of_another_cycle_are_not_imbalances() -> None:
    assert found(batch(1, HEALTH, receipts=()), cycle="2022") == []


# --- More than can have come


def test_as_many_answers_as_invitations_are_in_balance_and_one_more_is_told() -> None:
    enough = [issued(HEALTH, 1), issued(HEALTH, 2), issued(HOME, 1)]
    first = batch(1, HEALTH, HEALTH, HOME, channel="invitation")
    assert found(*enough, first, batch(2, HEALTH, channel="invitation")) == []

    said = found(*enough, first, batch(2, HEALTH, HEALTH, HOME, HOME, channel="invitation"))

    assert set(codes(said)) == {"answers-uninvited"}
    assert {(each.number, each.fact) for each in said} == {(6, f"{STREAM}@6")}
    assert [each.details for each in said] == [
        {"agency": HEALTH, "answers": "4", "most": "3"},
        {"agency": HOME, "answers": "3", "most": "1"},
    ]


def test_without_any_invitation_nobody_can_have_answered_by_one() -> None:
    by_invitation = batch(1, HEALTH, channel="invitation")

    assert [each.details["most"] for each in found(issued(HOME, 1), by_invitation)] == ["0"]
    assert codes(found(by_invitation)) == ["answers-uninvited"]
    assert codes(found(issued(HEALTH, 1, "leaders"), by_invitation)) == ["answers-uninvited"]


def test_open_links_take_what_they_may_together_and_keep_it_when_they_are_closed() -> None:
    closed = survey.LinkClosed(
        cycle=CYCLE, questionnaire="citizens", link="cong", because=Sealed(key="k", text="t")
    )
    enough = [linked(HEALTH, 1), closed, linked(HEALTH, 2, "bang"), issued(HEALTH, 9)]
    assert found(*enough, batch(1, HEALTH, HEALTH, HEALTH, channel="link")) == []

    [said] = found(*enough, batch(1, HEALTH, HEALTH, HEALTH, HEALTH, channel="link"))

    assert (said.code, said.number) == ("answers-beyond-links", 6)
    assert said.details == {"agency": HEALTH, "answers": "4", "most": "3"}


def test_who_may_answer_is_told_before_anybody_can() -> None:
    invited, by_link = batch(1, HEALTH, channel="invitation"), batch(2, HEALTH, channel="link")

    assert codes(found(invited, issued(HEALTH, 1))) == ["answers-uninvited"]
    assert codes(found(by_link, linked(HEALTH, 1))) == ["answers-beyond-links"]


def test_paper_is_judged_when_all_was_told_of_a_survey_that_is_closed() -> None:
    on_paper = [entered(HEALTH, 1), batch(1, HEALTH, HEALTH, channel="paper")]
    assert found(*on_paper) == found(*on_paper, CLOSED, entered(HEALTH, 1, "2")) == []

    [said] = found(*on_paper, CLOSED, CLOSED)

    assert (said.code, said.number, said.fact) == ("answers-beyond-paper", 4, f"{STREAM}@4")
    assert said.details == {"agency": HEALTH, "answers": "2", "most": "1"}


def test_mixed_answers_are_no_more_than_the_other_channels_leave() -> None:
    by = [batch(1, HEALTH, channel="invitation"), batch(2, HEALTH, channel="link")]
    told = [issued(HEALTH, 2), linked(HEALTH, 2), *by, entered(HEALTH, 1)]
    assert found(*told, batch(3, HEALTH, HEALTH, HEALTH), CLOSED) == []
    assert found(*told, batch(3, HEALTH, HEALTH, HEALTH, HEALTH)) == []

    [said] = found(*told, batch(3, HEALTH, HEALTH, HEALTH, HEALTH), CLOSED)

    assert (said.code, said.number) == ("answers-beyond-rest", 8)
    assert said.details == {"agency": HEALTH, "answers": "4", "most": "3"}


def test_what_is_too_much_by_one_channel_takes_nothing_from_another() -> None:
    stuffed = [issued(HEALTH, 1), batch(1, HEALTH, HEALTH, channel="invitation")]
    mixed = [entered(HEALTH, 1), batch(2, HEALTH), CLOSED]

    assert codes(found(*stuffed, *mixed)) == ["answers-uninvited"]


@given(
    told=st.lists(st.sampled_from([issued(HEALTH, 1), linked(HEALTH, 1), entered(HEALTH, 1)])),
    channels=st.lists(st.sampled_from(get_args(survey.Channel))),
)
def test_nothing_is_said_exactly_where_each_answer_can_have_come(
    told: list[object], channels: list[survey.Channel]
) -> None:
    kinds = {"invitation": survey.InvitationsIssued, "link": survey.LinkOpened}
    left = {
        each: sum(isinstance(fact, kinds.get(each, survey.PaperEntered)) for fact in told)
        for each in ("invitation", "link", "paper")
    }
    came = Counter(channels)
    alone = [left[each] - came[each] for each in ("invitation", "link", "paper")]
    can_have_come = min(alone) >= 0 and came["mixed"] <= sum(alone)

    batches = [
        batch(number, HEALTH, channel=each, receipts=(f"{number}",))
        for number, each in enumerate(channels, start=1)
    ]

    assert (found(*told, *batches, CLOSED) == []) is can_have_come


# --- The count


def test_what_is_out_of_balance_still_counts() -> None:
    teller, forged = Teller(), Teller()
    for fact in whole_cycle():
        teller.repeat(fact)
        forged.repeat(fact)
    teller.tell(STREAM, batch(2, HEALTH))
    forged.tell(STREAM, batch(2, HEALTH, receipts=(), hasty=7))

    assert replayed(forged.told).count().tables == replayed(teller.told).count().tables
    assert replayed(forged.told).count().hindrances == ()


def test_a_replay_says_of_each_entry_whether_it_counts() -> None:
    replay, [first] = Replay(CYCLE), stored(batch(1, HEALTH))

    counted = [replay.take(entry) for entry in (first.body, first.body, b"x")]

    assert counted == [codec.decode(first.body), None, None]
