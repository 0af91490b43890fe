"""What else the survey asks of who sends: open links with their limits, and receipts."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    OFFICER,
    Office,
    answer_body,
    code_of,
    open_office,
)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked about the departments."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        yield office


async def respond(office: Office, token: str, receipt: str) -> Any:  # noqa: ANN401 - a response
    body = answer_body(token, {"q1": "5"}, receipt=receipt)
    return await office.client.post(f"{CITIZENS}/responses", json=body)


async def test_anybody_answers_by_an_open_link_until_it_is_closed(office: Office) -> None:
    path = f"{CITIZENS}/links/portal"
    body = {"agency": AGENCY, "answers_max": 10, "answers_per_day_max": 2}
    opened = await office.put(path, body)
    again = await office.put(path, body)
    other = await office.put(path, {**body, "answers_max": 11})
    token = opened.json()["token"]
    receipts = [f"my-own-receipt-with-the-number-{number}" for number in range(4)]

    answers = [await respond(office, token, receipt) for receipt in receipts[:3]]
    closed = await office.post(f"{path}/closing", {"reason": "Bị lạm dụng."})
    late = await respond(office, token, receipts[3])

    assert opened.json() == again.json()
    assert code_of(other) == (409, "link-taken")
    assert [answer.status_code for answer in answers[:2]] == [201, 201]
    assert code_of(answers[2]) == (409, "link-full-today")
    assert closed.status_code == 200
    assert code_of(late) == (409, "link-closed")
    assert (await office.used(AGENCY))["by_link"] == 2


async def test_links_are_listed_with_their_limits_closed_ones_too(office: Office) -> None:
    body = {"agency": AGENCY, "answers_max": 10, "answers_per_day_max": 2}
    for link in ("portal", "kiosk"):
        await office.put(f"{CITIZENS}/links/{link}", body)
    await office.post(f"{CITIZENS}/links/portal/closing", {"reason": "Bị lạm dụng."})

    listed = await office.get(f"{CITIZENS}/links")

    assert listed.json() == [
        {"link": "kiosk", **body, "is_closed": False},
        {"link": "portal", **body, "is_closed": True},
    ]


async def test_who_sends_no_receipt_is_told_how_to_make_one(office: Office) -> None:
    [token] = await office.invite(1)
    body = answer_body(token, {"q1": "5"})
    del body["receipt"]

    refused = await office.client.post(f"{CITIZENS}/responses", json=body)

    [flaw] = refused.json()["errors"]
    assert code_of(refused) == (422, "request-invalid")
    assert (flaw["pointer"], flaw["code"]) == ("/receipt", "receipt-missing")
    assert "22" in flaw["detail"]
    assert (await office.answer(token)).status_code == 201


@pytest.mark.parametrize(
    ("said", "flaw"),
    [
        ({"comments": {"q1": "x" * 2_001}}, ("/comments/q1", "string-too-long")),
        ({"answers": {"q1": ["5"]}}, ("/answers/q1", "answers-take-one")),
    ],
)
async def test_what_does_not_fit_its_member_is_told_in_the_words_for_it(
    said: Mapping[str, object], flaw: tuple[str, str], office: Office
) -> None:
    body = {**answer_body("A" * 20, {}), **said}

    refused = await office.client.post(f"{CITIZENS}/responses", json=body)

    [found] = refused.json()["errors"]
    assert (found["pointer"], found["code"]) == flaw


@pytest.mark.parametrize("accepted", ["application/pdf", "text/csv;q=0, text/plain"])
async def test_invitations_in_a_form_that_cannot_be_given_are_not_made(
    accepted: str, office: Office
) -> None:
    body, headers = {"agency": AGENCY, "count": 3}, {"Idempotency-Key": "invite"}
    headers |= {"Authorization": f"Bearer {OFFICER}", "Accept": accepted}

    refused = await office.client.post(f"{CITIZENS}/invitations", json=body, headers=headers)

    assert code_of(refused) == (406, "not-acceptable")
    assert "text/csv" in refused.json()["detail"]
    assert (await office.get(f"{CITIZENS}/invitations")).json() == []


async def test_a_receipt_is_good_for_one_answer(office: Office) -> None:
    one, other = await office.invite(2)
    receipt = "my-own-receipt-of-22-chars"

    taken = await respond(office, one, receipt)
    refused = await respond(office, other, receipt)

    assert taken.json() == {"accepted": True, "receipt": receipt}
    assert code_of(refused) == (409, "receipt-taken")
    assert (await office.answer(other)).status_code == 201
