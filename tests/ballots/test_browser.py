"""The respondent's ballot.js against our server, whose replies are lost, and which lies."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.support import ballot_client as client
from tests.support.ballot_browser import BallotError, Browser
from tests.support.ballot_office import (
    AGENCY,
    OTHER,
    TOKEN,
    Asked,
    Office,
    from_base64url,
    to_base64url,
)

ANSWERS = {"q1": "5", "q2": "4"}
COMMENTS = {"q9": "Cán bộ một cửa rất tận tình."}
SLIP = {"answers": ANSWERS, "choices": {"q3": ["a", "b"]}, "comments": COMMENTS}
TIMES = 20
# What a request says of the connection and of the program, and all people alike.
OF_EVERYBODY = {
    *("accept", "accept-encoding", "accept-language", "cache-control", "connection"),
    *("content-length", "content-type", "host", "pragma", "sec-fetch-mode", "user-agent"),
}

State = dict[str, str]


@pytest.fixture
def signed(page: Browser, office: Office, begun: State) -> State:
    state: State = page.call("exchange", office.url, TOKEN, begun)
    return state


def values(body: Mapping[str, Any]) -> set[str]:
    """All that a request says, in one place or another."""
    return {json.dumps(value) for value in body.values()}


def headers(asked: Asked) -> dict[str, str]:
    """What a request says beside its content."""
    return {name: value for name, value in asked.headers.items() if name != "content-length"}


# ------------------------------------------------------------------------------ our own server


def test_node_can_do_what_a_browser_has_to(page: Browser) -> None:
    assert page.call("isPossible") is True


def test_an_invitation_becomes_a_ballot_and_the_ballot_an_answer(
    page: Browser, office: Office, signed: State
) -> None:
    given = page.call("cast", office.url, signed, SLIP)

    assert given == {"receipt": signed["receipt"], "again": False}
    assert office.cast == {signed["ballot"]: {**SLIP, "receipt": signed["receipt"]}}


def test_what_was_not_chosen_or_written_is_sent_as_nothing(
    page: Browser, office: Office, signed: State
) -> None:
    page.call("cast", office.url, signed, {"answers": ANSWERS})

    assert office.asked[-1].body["choices"] == {}
    assert office.asked[-1].body["comments"] == {}


def test_the_second_request_shares_nothing_with_the_first(
    page: Browser, office: Office, signed: State
) -> None:
    page.call("cast", office.url, signed, SLIP)
    first, second = office.asked

    assert set(first.body) == {"token", "blinded"}
    assert values(first.body).isdisjoint(values(second.body))
    assert first.headers.keys() | second.headers.keys() <= OF_EVERYBODY
    assert headers(first) == headers(second)


def test_a_signed_state_holds_nothing_that_the_server_saw(begun: State, signed: State) -> None:
    assert set(signed) == {"step", "agency", "key", "ballot", "signature", "receipt"}
    assert not {begun["blinded"], begun["inverse"], TOKEN} & set(signed.values())


def test_a_ballot_is_of_the_form_that_the_server_takes(office: Office, signed: State) -> None:
    ballot, signature = (from_base64url(signed[name]) for name in ("ballot", "signature"))

    assert office.ballots.verify(office.key(), ballot, signature)


def test_ballots_factors_and_receipts_are_never_the_same(page: Browser, office: Office) -> None:
    states = [page.call("begin", AGENCY, office.key()) for _ in range(TIMES)]
    prepared = client.new_ballot().hex()
    blinded = [page.call("blind", office.key(), prepared) for _ in range(TIMES)]

    assert len({state["ballot"] for state in states}) == TIMES
    assert len({each["blinded"] for each in blinded}) == TIMES
    assert len({each["inverse"] for each in blinded}) == TIMES


# ------------------------------------------------------------------------------- lost replies


def test_a_lost_signature_is_asked_for_again(page: Browser, office: Office, begun: State) -> None:
    office.lose = 1

    with pytest.raises(BallotError, match="no-answer"):
        page.call("exchange", office.url, TOKEN, begun)
    state = page.call("exchange", office.url, TOKEN, begun)

    assert state["ballot"] == begun["ballot"]
    assert page.call("cast", office.url, state, SLIP)["again"] is False


def test_an_answer_whose_reply_was_lost_counts_once(
    page: Browser, office: Office, signed: State
) -> None:
    office.lose = 1

    with pytest.raises(BallotError, match="no-answer"):
        page.call("cast", office.url, signed, SLIP)
    given = page.call("cast", office.url, signed, {"answers": {"q1": "1"}})

    assert given == {"receipt": signed["receipt"], "again": True}
    assert [slip["answers"] for slip in office.cast.values()] == [ANSWERS]


def test_what_the_server_refuses_is_told_by_its_code(
    page: Browser, office: Office, signed: State
) -> None:
    another = page.call("begin", AGENCY, office.key())

    with pytest.raises(BallotError, match="token-spent") as refused:
        page.call("exchange", office.url, TOKEN, another)

    assert refused.value.status == 409
    assert signed["step"] == "signed"


def test_a_changed_signature_is_refused_by_the_server(
    page: Browser, office: Office, signed: State
) -> None:
    other = page.call("begin", AGENCY, office.key())

    with pytest.raises(BallotError, match="ballot-malformed"):
        page.call("cast", office.url, {**signed, "ballot": other["ballot"]}, SLIP)

    assert office.cast == {}


# ---------------------------------------------------------------------------- a lying server


def test_a_key_that_is_not_the_published_one_is_found(
    page: Browser, office: Office, begun: State
) -> None:
    office.lies = {"key": office.key(OTHER)}

    with pytest.raises(BallotError, match="key-differs"):
        page.call("exchange", office.url, TOKEN, begun)


def test_a_signature_by_another_key_is_found(page: Browser, office: Office, begun: State) -> None:
    office.key(OTHER)
    office.lies = {"signature": to_base64url(office.sign(bytes(255) + b"\x02", OTHER))}

    with pytest.raises(BallotError, match="signature-invalid"):
        page.call("exchange", office.url, TOKEN, begun)


def test_a_right_signature_of_another_length_is_found(
    page: Browser, office: Office, begun: State
) -> None:
    office.key()
    right = office.sign(from_base64url(begun["blinded"]))
    office.lies = {"signature": to_base64url(b"\x00" + right)}

    with pytest.raises(BallotError, match="signature-invalid"):
        page.call("exchange", office.url, TOKEN, begun)


def test_another_agency_than_the_one_that_was_asked_about_is_found(
    page: Browser, office: Office, begun: State
) -> None:
    office.lies = {"agency": OTHER}

    with pytest.raises(BallotError, match="agency-differs"):
        page.call("exchange", office.url, TOKEN, begun)


def test_a_receipt_that_others_may_have_is_found(
    page: Browser, office: Office, signed: State
) -> None:
    office.lies = {"receipt": "one-for-all"}

    with pytest.raises(BallotError, match="receipt-differs"):
        page.call("cast", office.url, signed, SLIP)


@pytest.mark.parametrize(
    ("signature", "code"),
    [
        *[(text, "signature-invalid") for text in ("", "AAAA", "A" * 342)],
        *[(text, "reply-malformed") for text in ("not base64!", None)],
    ],
)
def test_what_is_no_signature_is_found(
    page: Browser, office: Office, begun: State, signature: str | None, code: str
) -> None:
    office.lies = {"signature": signature}

    with pytest.raises(BallotError, match=code):
        page.call("exchange", office.url, TOKEN, begun)


@pytest.mark.parametrize("text", ["", "AAAA", "not base64!"])
def test_what_is_no_key_is_refused(page: Browser, text: str) -> None:
    with pytest.raises(BallotError, match="key-invalid"):
        page.call("begin", AGENCY, text)


@pytest.mark.parametrize(("bits", "exponent"), [(1024, 65_537), (2048, 3)])
def test_a_key_that_is_too_small_or_has_another_exponent_is_refused(
    page: Browser, bits: int, exponent: int
) -> None:
    made = client.public(rsa.generate_private_key(exponent, bits).public_key())

    with pytest.raises(BallotError, match="key-invalid"):
        page.call("begin", AGENCY, made.text)


# ------------------------------------------------------------------------------------ the pause


def test_a_pause_is_random_and_keeps_its_limits(page: Browser) -> None:
    waited = {page.call("pause", 0.001, 0.02) for _ in range(TIMES)}

    assert len(waited) > 3
    assert all(0.001 <= each <= 0.02 for each in waited)


def test_a_pause_between_equal_limits_is_no_more_and_no_less(page: Browser) -> None:
    assert page.call("pause", 0.002, 0.002) == 0.002
