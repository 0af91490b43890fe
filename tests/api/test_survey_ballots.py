"""The survey over HTTP: a ballot is signed unseen, and answers come with it later (RFC 9474)."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from services.survey.domain.limits import EXCHANGE_ENDS_BEFORE
from shared.events import survey as events
from tests.support import ballot_client as respondent
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    NOBODY,
    Office,
    code_of,
    not_permitted,
    open_office,
)

CLOSES = datetime.fromisoformat(ASKED_OF_CITIZENS["closes"])
RECEIPT = "a-receipt-of-my-own-22-or-more"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked, and may answer by ballots."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        offered = await office.post(f"{CITIZENS}/ballot-keys", key="keys")
        assert offered.status_code == 200, offered.text
        yield office


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def octets(written: str) -> bytes:
    return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4))


@dataclass(frozen=True)
class Drawn:
    """Somebody's ballot, as it is blinded for the key that the log names."""

    key: respondent.PublicKey
    ballot: bytes
    blinded: respondent.Blinded

    @classmethod
    async def by(cls, office: Office) -> "Drawn":
        [adopted] = [f for f in await office.facts() if isinstance(f, events.BallotKeysAdopted)]
        key = respondent.key_of(adopted.keys[AGENCY])
        ballot = respondent.prepared(b"n" * 32)
        return cls(key, ballot, respondent.blind(key, ballot))

    async def exchange(self, office: Office, token: str) -> httpx.Response:
        body = {"token": token, "blinded": text(self.blinded.message)}
        return await office.client.post(f"{CITIZENS}/ballots", json=body)

    async def cast(self, office: Office, answer: httpx.Response, **changes: Any) -> httpx.Response:  # noqa: ANN401 - what is sent
        signed = octets(answer.json()["signature"])
        signature = respondent.finalize(self.key, self.ballot, signed, self.blinded.inverse)
        body = {
            "agency": AGENCY,
            "ballot": text(self.ballot),
            "signature": text(signature),
            "answers": {"q1": "5"},
            "receipt": RECEIPT,
            **changes,
        }
        return await office.client.post(f"{CITIZENS}/ballot-responses", json=body)


async def test_an_invitation_is_given_for_a_ballot_and_the_ballot_brings_the_answers(
    office: Office,
) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)

    signed = await drawn.exchange(office, token)
    taken = await drawn.cast(office, signed)
    await office.post(f"{CITIZENS}/closing")

    assert signed.status_code == 201
    assert signed.json()["key"] == drawn.key.text
    assert taken.json() == {"accepted": True, "receipt": RECEIPT}
    [counted] = [f for f in await office.facts() if isinstance(f, events.ResponsesCounted)]
    assert [response.answers for response in counted.responses] == [{"q1": "5"}]
    assert (counted.receipts, counted.channel) == ((RECEIPT,), "invitation")


async def test_a_lost_reply_is_asked_for_again_and_another_ballot_is_refused(
    office: Office,
) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)

    first = await drawn.exchange(office, token)
    again = await drawn.exchange(office, token)
    another = await (await Drawn.by(office)).exchange(office, token)
    openly = await office.answer(token)

    assert first.json() == again.json()
    assert code_of(another) == code_of(openly) == (409, "token-spent")
    assert "Nếu không có thì phiếu đó chưa được nhận" in openly.json()["detail"]


async def test_a_ballot_is_cast_once(office: Office) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)
    signed = await drawn.exchange(office, token)

    await drawn.cast(office, signed)
    again = await drawn.cast(office, signed, receipt=f"{RECEIPT}-2")

    assert code_of(again) == (409, "ballot-spent")
    assert await office.waiting() == 1


async def test_a_ballot_that_cannot_be_signed_uses_up_no_invitation(office: Office) -> None:
    [token] = await office.invite(1)

    refused = [
        await office.client.post(f"{CITIZENS}/ballots", json={"token": token, "blinded": blinded})
        for blinded in ("AAAA", text(b"\xff" * 256), "A")
    ]

    assert {code_of(answer) for answer in refused} == {(409, "ballot-malformed")}
    assert all("tải lại trang" not in answer.json()["detail"] for answer in refused)
    assert (await office.answer(token)).status_code == 201


async def test_what_is_not_signed_as_it_says_is_not_taken(office: Office) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)
    signed = await drawn.exchange(office, token)

    refused = [
        await drawn.cast(office, signed, ballot=text(drawn.ballot[:-1] + b"x")),
        await drawn.cast(office, signed, signature=text(b"\x01" * 256)),
        await drawn.cast(office, signed, agency="so-noi-vu"),
    ]
    wrong = await drawn.cast(office, signed, answers={"q1": "9"})

    assert {code_of(answer) for answer in refused} == {(409, "ballot-malformed")}
    assert code_of(wrong) == (409, "answers-invalid")
    assert (await drawn.cast(office, signed)).status_code == 201


async def test_an_open_link_is_given_for_no_ballot(office: Office) -> None:
    link = {"agency": AGENCY, "answers_max": 5, "answers_per_day_max": 5}
    opened = await office.put(f"{CITIZENS}/links/portal", link)

    refused = await (await Drawn.by(office)).exchange(office, opened.json()["token"])

    assert code_of(refused) == (409, "token-without-ballot")


async def test_keys_are_published_once_by_survey_officers_and_destroyed_at_the_end(
    office: Office,
) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)

    again = await office.post(f"{CITIZENS}/ballot-keys", key="again")
    by_others = await office.as_(NOBODY).post(f"{CITIZENS}/ballot-keys", key="others")
    await office.post(f"{CITIZENS}/closing")
    late = await drawn.exchange(office, token)

    assert again.json()["facts"] == []
    assert code_of(by_others) == not_permitted(NOBODY)
    assert late.status_code == 409
    assert await office.outside.ballots.make(f"2021/citizens/{AGENCY}") != drawn.key.text


async def test_a_closing_that_is_refused_destroys_no_keys() -> None:
    async with open_office() as office:
        await office.put(CITIZENS, ASKED_OF_CITIZENS)
        await office.post(f"{CITIZENS}/ballot-keys", key="keys")
        early = await office.post(f"{CITIZENS}/closing", key="early")
        await office.post(f"{CITIZENS}/opening", key="open")
        [token] = await office.invite(1)

        signed = await (await Drawn.by(office)).exchange(office, token)

        assert code_of(early) == (409, "survey-not-open")
        assert signed.status_code == 201


async def test_shortly_before_the_closing_no_ballot_is_given_and_the_code_answers_openly(
    office: Office,
) -> None:
    late, early = await office.invite(2)
    drawn = await Drawn.by(office)
    signed = await drawn.exchange(office, early)
    office.clock.set(CLOSES - EXCHANGE_ENDS_BEFORE)

    refused = await (await Drawn.by(office)).exchange(office, late)
    again = await drawn.exchange(office, early)
    openly = await office.answer(late)
    office.clock.set(CLOSES - timedelta(seconds=1))
    taken = await drawn.cast(office, again)

    assert code_of(refused) == (409, "exchange-over")
    assert "theo cách thường, hạn chót: 08:00 20/12/2021" in refused.json()["detail"]
    assert again.json() == signed.json()
    assert (openly.status_code, taken.status_code) == (201, 201)


async def test_until_then_ballots_are_given(office: Office) -> None:
    [token] = await office.invite(1)
    office.clock.set(CLOSES - EXCHANGE_ENDS_BEFORE - timedelta(seconds=1))

    assert (await (await Drawn.by(office)).exchange(office, token)).status_code == 201


async def test_an_officer_who_closes_waits_for_ballots_that_are_out_and_no_more_are_given(
    office: Office,
) -> None:
    first, second = await office.invite(2)
    drawn = await Drawn.by(office)
    signed = await drawn.exchange(office, first)

    out = await office.post(f"{CITIZENS}/closing")
    refused = await (await Drawn.by(office)).exchange(office, second)
    again = await drawn.exchange(office, first)
    openly = await office.answer(second)
    taken = await drawn.cast(office, signed)
    closed = await office.post(f"{CITIZENS}/closing")

    assert code_of(out) == (409, "ballots-out")
    assert out.json()["details"] == {"count": "1"}
    assert code_of(refused) == (409, "exchange-ended")
    assert again.json() == signed.json()
    assert (openly.status_code, taken.status_code) == (201, 201)
    assert closed.status_code == 200
    [counted] = [f for f in await office.facts() if isinstance(f, events.ResponsesCounted)]
    assert len(counted.responses) == 2


async def test_ballots_that_never_come_back_are_given_up_by_who_says_so(office: Office) -> None:
    [token] = await office.invite(1)
    drawn = await Drawn.by(office)
    signed = await drawn.exchange(office, token)

    closed = await office.post(f"{CITIZENS}/closing", {"despite_ballots": True})
    late = await drawn.cast(office, signed)

    assert closed.status_code == 200
    assert code_of(late) == (409, "survey-closed")


async def test_what_was_shut_already_waits_for_no_ballot(office: Office) -> None:
    [token] = await office.invite(1)
    await (await Drawn.by(office)).exchange(office, token)
    await office.outside.urn.shut("2021/citizens")

    assert (await office.post(f"{CITIZENS}/closing")).status_code == 200


async def test_others_may_not_stop_ballots_by_closing(office: Office) -> None:
    [token] = await office.invite(1)

    refused = await office.as_(NOBODY).post(f"{CITIZENS}/closing")

    assert code_of(refused) == not_permitted(NOBODY)
    assert (await (await Drawn.by(office)).exchange(office, token)).status_code == 201


async def test_where_no_keys_are_published_there_are_no_ballots(office: Office) -> None:
    path = f"{CITIZENS.removesuffix('citizens')}leaders"
    body = {"token": "x" * 20, "blinded": "AAAA"}
    await office.ask(path, {**ASKED_OF_CITIZENS, "title": "Phiếu khác"})

    refused = await office.client.post(f"{path}/ballots", json=body)

    assert code_of(refused) == (409, "ballot-key-missing")
