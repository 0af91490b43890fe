"""What the urn promises of ballots that are out, and of how far a survey has come."""

import pytest

from shared.kernel.errors import Refused
from shared.ports import Right, Standing, Urn
from tests.support.urns import (
    AGENCY,
    LEADERS,
    SIPAS,
    count_waiting,
    draw,
    drop,
    invite,
    slip,
    spend,
)


async def test_once_exchanges_ended_no_ballot_is_given_and_all_else_goes_on(
    urn: Urn,
) -> None:
    await invite(urn, "hash", "late")
    await urn.exchange(SIPAS, "hash", "blinded")

    await urn.end_exchange(SIPAS)
    await urn.end_exchange(SIPAS)

    assert await urn.exchange(SIPAS, "hash", "blinded") == Right("hash", AGENCY)
    with pytest.raises(Refused, match="exchange-ended"):
        await urn.exchange(SIPAS, "late", "another")
    await urn.cast(SIPAS, AGENCY, "ballot", slip(1))
    await spend(urn, "late", 2)
    assert await count_waiting(urn) == 2


async def test_exchanges_of_one_survey_end_and_those_of_others_go_on(urn: Urn) -> None:
    await invite(urn, "hash", questionnaire=LEADERS)

    await urn.end_exchange(SIPAS)

    assert await urn.exchange(LEADERS, "hash", "blinded") == Right("hash", AGENCY)


async def test_what_is_shut_says_so_whether_exchanges_ended_before_or_not(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.end_exchange(SIPAS)
    await urn.shut(SIPAS)

    with pytest.raises(Refused, match="survey-closed"):
        await urn.exchange(SIPAS, "hash", "blinded")


async def test_ballots_are_out_until_they_are_cast(urn: Urn) -> None:
    await invite(urn, "a", "b", "answered")
    await invite(urn, "other", questionnaire=LEADERS)
    await urn.exchange(LEADERS, "other", "blinded")
    await spend(urn, "answered", 1)

    out = [await urn.ballots_out(SIPAS)]
    for token in ("a", "a", "b"):
        await urn.exchange(SIPAS, token, f"blinded-{token}")
        out.append(await urn.ballots_out(SIPAS))
    await urn.revoke(SIPAS, "b")
    for number in (2, 3, 4):
        await urn.cast(SIPAS, AGENCY, f"ballot-{number}", slip(number))
        out.append(await urn.ballots_out(SIPAS))

    assert out == [0, 1, 1, 2, 1, 0, 0]
    assert await urn.ballots_out(LEADERS) == 1


async def test_an_urn_says_how_far_a_survey_has_come(urn: Urn) -> None:
    before = await urn.standing(SIPAS)
    await drop(urn, 3)
    await draw(urn, 1, most=1)
    await urn.discard(SIPAS, 1)
    counted = await urn.standing(SIPAS)
    await urn.end_exchange(SIPAS)
    ended = await urn.standing(SIPAS)
    await urn.shut(SIPAS)

    assert before == Standing(exchanging=True, shut=False, discarded=0)
    assert counted == Standing(exchanging=True, shut=False, discarded=1)
    assert ended == Standing(exchanging=False, shut=False, discarded=1)
    assert await urn.standing(SIPAS) == Standing(exchanging=False, shut=True, discarded=1)
    assert await urn.standing(LEADERS) == before
