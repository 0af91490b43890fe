"""What left an urn is held against what can have gone in, and nothing is counted otherwise."""

from collections.abc import Sequence

import msgspec
import pytest

from shared.count.balance import Balance, Imbalance
from shared.count.replay import Replay
from shared.events import codec, survey
from shared.events.codec import Stored
from tests.support import asked
from tests.support.counted import replayed
from tests.support.formerly import formerly
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle

STREAM = f"survey/{CYCLE}/citizens"
HEALTH, HOME = "so-y-te", "so-noi-vu"


def found(*told: object, cycle: str = CYCLE) -> Sequence[Imbalance]:
    """What is said of facts that are told one after the other."""
    teller, balance = Teller(), Balance(cycle)
    for fact in told:
        teller.tell(STREAM, fact)
    return [wrong for stored in teller.told for wrong in balance.take(codec.decode(stored.body))]


def about(*agencies: str) -> Sequence[survey.Response]:
    """A response about each of these."""
    return [asked.response(agency, {"q1": "5"}) for agency in agencies]


def batch(number: int, *agencies: str, **other: object) -> survey.ResponsesCounted:
    """A batch about some agencies, of which something is otherwise."""
    return msgspec.structs.replace(asked.batch("citizens", number, about(*agencies)), **other)


def issued(agency: str, count: int, questionnaire: str = "citizens") -> survey.InvitationsIssued:
    """So many more may answer."""
    return survey.InvitationsIssued(
        cycle=CYCLE, questionnaire=questionnaire, agency=agency, count=count
    )


def _told(fact: object) -> Sequence[Stored]:
    teller = Teller()
    teller.tell(STREAM, fact)
    return teller.told


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
    assert found(first, msgspec.structs.replace(second, questionnaire="leaders")) == []


def test_of_a_batch_that_is_told_again_nothing_is_said() -> None:
    assert found(batch(1, HEALTH), batch(1, HEALTH), batch(1, HEALTH, hasty=9)) == []


def test_a_batch_in_its_former_shape_has_no_receipts_and_still_takes_its_number() -> None:
    balance = Balance(CYCLE)
    told = [*formerly(_told(batch(1, HEALTH))), *_told(batch(1, HEALTH, hasty=9))]

    said = [wrong for stored in told for wrong in balance.take(codec.decode(stored.body))]

    assert said == []


def test_facts_of_another_cycle_are_not_judged() -> None:
    assert found(batch(1, HEALTH, receipts=()), cycle="2022") == []


# --- answers-uninvited


def test_as_many_answers_as_invitations_are_in_balance_and_one_more_is_told() -> None:
    enough = [issued(HEALTH, 1), issued(HEALTH, 2), issued(HOME, 1)]
    first = batch(1, HEALTH, HEALTH, HOME, channel="invitation")
    assert found(*enough, first, batch(2, HEALTH, channel="invitation")) == []

    said = found(*enough, first, batch(2, HEALTH, HEALTH, HOME, HOME, channel="invitation"))

    assert {each.code for each in said} == {"answers-uninvited"}
    assert [each.details for each in said] == [
        {"agency": HEALTH, "answers": "4", "invited": "3"},
        {"agency": HOME, "answers": "3", "invited": "1"},
    ]


@pytest.mark.parametrize("channel", ["link", "paper", "mixed"])
def test_who_comes_in_by_another_channel_needs_no_invitation(channel: str) -> None:
    assert found(issued(HEALTH, 1), batch(1, HEALTH, HEALTH, channel=channel)) == []


def test_an_agency_to_which_nobody_was_invited_is_told_where_others_were() -> None:
    by_invitation = batch(1, HEALTH, channel="invitation")

    assert [each.details["invited"] for each in found(issued(HOME, 1), by_invitation)] == ["0"]
    assert found(by_invitation) == found(issued(HOME, 1, "leaders"), by_invitation) == []


# --- The count


def test_what_is_out_of_balance_still_counts() -> None:
    teller, forged = Teller(), Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
        forged.repeat(stored)
    teller.tell(STREAM, batch(2, HEALTH))
    forged.tell(STREAM, batch(2, HEALTH, receipts=(), hasty=7))

    assert replayed(forged.told).count().tables == replayed(teller.told).count().tables
    assert replayed(forged.told).count().hindrances == ()


def test_a_replay_says_of_each_entry_whether_it_counts() -> None:
    replay, [first] = Replay(CYCLE), _told(batch(1, HEALTH))

    counted = [replay.take(entry) for entry in (first.body, first.body, b"x")]

    assert counted == [codec.decode(first.body), None, None]
