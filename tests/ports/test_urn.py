"""What the urn promises of tokens and answers, held against memory, SQLite and PostgreSQL."""

import asyncio

import pytest

from shared.kernel.errors import Missing, Refused
from shared.ports import Invitation, Turnout, Urn
from tests.support.urns import LEADERS, SIPAS, answers, draw, invite


async def test_an_invitation_is_known_by_the_hash_of_its_token(urn: Urn) -> None:
    await invite(urn, "hash")

    assert await urn.invitation(SIPAS, "hash") == Invitation("hash", "so-y-te")


async def test_an_invitation_that_is_known_stays_as_it_is(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.spend(SIPAS, "hash", answers(1)[0])

    await urn.invite(SIPAS, [Invitation("hash", "so-noi-vu"), Invitation("new", "so-noi-vu")])
    await urn.invite(LEADERS, [Invitation("hash", "so-noi-vu")])

    assert await urn.invitation(SIPAS, "hash") == Invitation("hash", "so-y-te")
    assert await urn.turnout(SIPAS) == {"so-y-te": Turnout(1, 1), "so-noi-vu": Turnout(1, 0)}
    assert await urn.turnout(LEADERS) == {}


async def test_a_token_that_nobody_gave_is_missing(urn: Urn) -> None:
    with pytest.raises(Missing, match="token-unknown"):
        await urn.invitation(SIPAS, "hash")
    with pytest.raises(Missing, match="token-unknown"):
        await urn.spend(SIPAS, "hash", answers(1)[0])


async def test_a_token_of_another_survey_is_refused_and_not_spent(urn: Urn) -> None:
    await invite(urn, "hash", questionnaire=LEADERS)

    with pytest.raises(Refused, match="token-of-another-survey"):
        await urn.invitation(SIPAS, "hash")
    with pytest.raises(Refused, match="token-of-another-survey"):
        await urn.spend(SIPAS, "hash", answers(1)[0])

    assert await urn.waiting(SIPAS) == 0
    assert await urn.turnout(LEADERS) == {"so-y-te": Turnout(1, 0)}


async def test_a_spent_token_leaves_one_answer(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.spend(SIPAS, "hash", answers(1)[0])

    with pytest.raises(Refused, match="token-spent"):
        await urn.spend(SIPAS, "hash", answers(1, first=1)[0])

    assert await draw(urn, 1) == [0]


async def test_of_fifty_that_spend_a_token_one_does(urn: Urn) -> None:
    await invite(urn, "hash")

    outcomes = await asyncio.gather(
        *(urn.spend(SIPAS, "hash", answer) for answer in answers(50)), return_exceptions=True
    )

    assert outcomes.count(None) == 1
    assert sum(isinstance(outcome, Refused) for outcome in outcomes) == 49
    assert await draw(urn, 1) == [outcomes.index(None)]


async def test_a_token_is_not_spent_on_what_is_no_answer(urn: Urn) -> None:
    await invite(urn, "hash")

    with pytest.raises(ValueError, match="not JSON compliant"):
        await urn.spend(SIPAS, "hash", {"q1": float("nan")})

    await urn.spend(SIPAS, "hash", answers(1)[0])
    assert await urn.waiting(SIPAS) == 1


async def test_answers_from_elsewhere_are_put_in_once_per_key(urn: Urn) -> None:
    first = await urn.drop(SIPAS, "paper-1", answers(3), digest="d")
    again = await urn.drop(SIPAS, "paper-1", answers(3, first=10), digest="d")
    other = await urn.drop(LEADERS, "paper-1", answers(1, first=20), digest="d")

    assert (first, again, other) == (True, False, True)
    assert sorted(await draw(urn, 1) or []) == [0, 1, 2]


async def test_of_twenty_that_drop_under_a_key_one_does(urn: Urn) -> None:
    outcomes = await asyncio.gather(
        *(urn.drop(SIPAS, "key", answers(2), digest="d") for _ in range(20))
    )

    assert outcomes.count(True) == 1
    assert await urn.waiting(SIPAS) == 2


async def test_a_shut_urn_takes_nothing_more(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.drop(SIPAS, "before", answers(1), digest="d")

    await urn.shut(SIPAS)
    await urn.shut(SIPAS)

    with pytest.raises(Refused, match="survey-closed"):
        await urn.spend(SIPAS, "hash", answers(1)[0])
    with pytest.raises(Refused, match="survey-closed"):
        await urn.drop(SIPAS, "after", answers(1), digest="d")
    assert await urn.waiting(SIPAS) == 1
    assert await urn.turnout(SIPAS) == {"so-y-te": Turnout(1, 0)}


async def test_what_was_put_in_before_the_shutting_is_still_no_news(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.spend(SIPAS, "hash", answers(1)[0])
    await urn.drop(SIPAS, "key", answers(1), digest="d")
    await urn.shut(SIPAS)

    with pytest.raises(Refused, match="token-spent"):
        await urn.spend(SIPAS, "hash", answers(1)[0])
    assert await urn.drop(SIPAS, "key", answers(1), digest="d") is False


async def test_a_shut_urn_can_be_emptied_and_the_others_are_open(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", answers(2), digest="d")
    await urn.shut(SIPAS)

    assert len(await draw(urn, 1) or []) == 2
    assert await urn.drop(LEADERS, "key", answers(1), digest="d") is True


async def test_turnout_counts_invitations_and_their_use_by_agency(urn: Urn) -> None:
    await urn.invite(SIPAS, [Invitation(f"y-{number}", "so-y-te") for number in range(3)])
    await urn.invite(SIPAS, [Invitation("n", "so-noi-vu")])
    await urn.invite(LEADERS, [Invitation("l", "so-y-te")])
    await urn.spend(SIPAS, "y-1", answers(1)[0])
    await urn.drop(SIPAS, "paper", answers(5), digest="d")

    assert await urn.turnout(SIPAS) == {"so-y-te": Turnout(3, 1), "so-noi-vu": Turnout(1, 0)}
