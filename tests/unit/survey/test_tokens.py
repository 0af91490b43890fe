"""Tokens: made for one purpose, and the same when they are asked for again."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from services.survey.application.rights import TOKENS_SHOWN_S, Link
from services.survey.domain import questionnaire as domain
from services.survey.domain.token import hashed, spelled
from shared.events.envelope import Context
from shared.kernel.errors import Refused
from shared.ports import Right, Turnout
from tests.support.survey_desk import CITIZENS, OFFICER, URN, Desk, opened_desk

AGENCY = "so-y-te"
LINK = Link("portal", AGENCY, answers_max=9, answers_per_day_max=3)


def formerly_made(desk: Desk, *seeds: str) -> Sequence[str]:
    """Tokens as they were made when digests had no purposes."""
    return [spelled(desk.outside.seals.digest("request", seed.encode())) for seed in seeds]


def said(desk: Desk, key: str = "k1") -> Context:
    return Context(desk.clock.now(), OFFICER.reference, idempotency_key=key)


async def invited_formerly(desk: Desk) -> Sequence[str]:
    """Two people who were invited before, in the log and in the urn."""
    cycle = await desk.shelf.cycle("2021")
    await desk.shelf.decide(*CITIZENS, domain.IssueInvitations(AGENCY, 2, cycle), said(desk))
    tokens = formerly_made(desk, *(f"{URN}/{AGENCY}/k1/{place}" for place in range(2)))
    await desk.outside.urn.grant(URN, [Right(hashed(token), AGENCY) for token in tokens])
    return tokens


async def test_a_token_is_no_digest_of_a_request() -> None:
    desk = await opened_desk()

    [token] = await desk.invite(1)

    assert [token] != formerly_made(desk, f"{URN}/{AGENCY}/k1/0")
    assert [token] == await desk.invite(1)


async def test_tokens_are_shown_again_for_a_day_and_then_no_more() -> None:
    desk = await opened_desk()
    tokens = await desk.invite(2)

    desk.clock.advance(timedelta(seconds=TOKENS_SHOWN_S))
    again = await desk.invite(2)
    desk.clock.advance(timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        await desk.invite(2)
    await desk.answer(tokens[0])

    assert again == tokens
    assert (refused.value.code, refused.value.details["hours"]) == ("invitations-given-out", "24")
    assert (await desk.outside.urn.turnout(URN))[AGENCY] == Turnout(invited=2, answered=1)
    assert await desk.invite(2, key="k2") != tokens


async def test_invitations_that_were_made_formerly_are_given_again_and_nobody_gets_more() -> None:
    desk = await opened_desk()
    tokens = await invited_formerly(desk)
    await desk.answer(tokens[0])

    again = await desk.invite(2)

    assert again == tokens
    assert (await desk.outside.urn.turnout(URN))[AGENCY].invited == 2


async def test_whoever_was_invited_formerly_is_reminded() -> None:
    desk = await opened_desk()
    tokens = await invited_formerly(desk)
    await desk.answer(tokens[1])

    [reminders] = await desk.rights.reminders(OFFICER, CITIZENS)

    assert reminders.serials == [1]


async def test_a_link_that_was_opened_formerly_is_closed() -> None:
    desk = await opened_desk()
    [token] = formerly_made(desk, f"{URN}/link/portal")
    await desk.outside.urn.grant(URN, [Right(hashed(token), AGENCY, "link", 9, 3)])

    opened = await desk.rights.open_link(OFFICER, CITIZENS, LINK, said(desk))
    await desk.rights.close_link(OFFICER, CITIZENS, "portal", "Bị lạm dụng.", said(desk, "k2"))

    assert opened == token
    with pytest.raises(Refused, match="link-closed"):
        await desk.answer(token)
