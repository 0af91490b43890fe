"""The survey over HTTP: what was answered is counted in batches, corrected, and shown to few."""

import json
from collections.abc import AsyncIterator

import pytest

from shared.events import survey as events
from tests.support.small_cycle import CYCLE
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    LISTED,
    NOBODY,
    OFFICER,
    Office,
    code_of,
    open_office,
)

BATCH = 20


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    """Citizens are asked about the departments."""
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED_OF_CITIZENS)
        yield office


async def test_answers_are_counted_in_batches(office: Office) -> None:
    await office.answer_all("5" * (2 * BATCH - 1))
    too_few = await office.step("count")
    [token] = await office.invite(1, key="one-more")
    await office.answer(token, "1")

    enough = await office.step("count")

    assert (too_few, enough) == (0, BATCH)
    shown = (await office.get(CITIZENS)).json()
    assert (shown["counted"], shown["batches"]) == (BATCH, 1)


async def test_results_are_counts_and_a_share(office: Office) -> None:
    await office.answer_all("5543")
    await office.post(f"{CITIZENS}/closing")

    mine, others = (await office.get(f"{CITIZENS}/results")).json()

    assert mine["agency"] == "so-noi-vu"
    assert (mine["counts"], mine["share"]) == ({}, None)
    assert others == {
        "agency": AGENCY,
        "question": "q1",
        "item": "9.1",
        "counts": {"3": 1, "4": 1, "5": 2},
        "valid": 4,
        "share": "0.75",
    }


async def test_paper_is_entered_once_per_key(office: Office) -> None:
    path = f"{CITIZENS}/paper-responses"
    batch = {"responses": [{"agency": AGENCY, "answers": {"q1": option}} for option in "54"]}

    first = await office.post(path, batch)
    again = await office.post(path, batch)
    other = await office.post(path, {"responses": batch["responses"][:1]})
    by_another_key = await office.post(path, batch, key="k-2")

    assert [first.json(), again.json(), by_another_key.json()] == [{"accepted": True}] * 3
    assert code_of(other) == (409, "idempotency-key-reused")
    assert await office.outside.urn.waiting("2021/citizens") == 4


async def test_paper_is_entered_whole_or_not_at_all(office: Office) -> None:
    right = {"agency": AGENCY, "answers": {"q1": "5"}}
    wrong = {"agency": AGENCY, "answers": {"q1": "9"}}

    refused = await office.post(f"{CITIZENS}/paper-responses", {"responses": [right, wrong]})

    assert code_of(refused) == (409, "answers-invalid")
    assert await office.outside.urn.waiting("2021/citizens") == 0


async def test_excluded_answers_stay_in_the_log_and_count_no_more(office: Office) -> None:
    await office.answer_all("5551")
    await office.post(f"{CITIZENS}/closing", key="close")
    [counted] = [fact for fact in await office.facts() if isinstance(fact, events.ResponsesCounted)]
    place = [response.answers["q1"] for response in counted.responses].index("1")
    body = {"batch": 1, "positions": [place], "reason": "Phiếu của Nguyễn Văn A bị trùng."}

    first = await office.post(f"{CITIZENS}/exclusions", body)
    again = await office.post(f"{CITIZENS}/exclusions", body, key="k-2")

    assert len(first.json()["facts"]) == 1
    assert again.json()["facts"] == []
    assert "Nguyễn" not in (await office.bodies())[-1].decode()
    [_, mine] = (await office.get(f"{CITIZENS}/results")).json()
    assert (mine["valid"], mine["share"]) == (3, "1")


@pytest.mark.parametrize(("place", "code"), [((1, 0), "batch-unknown"), ((2, 0), "batch-unknown")])
async def test_what_was_not_counted_cannot_be_excluded(
    place: tuple[int, int], code: str, office: Office
) -> None:
    body = {"batch": place[0], "positions": [place[1]], "reason": "Nhầm."}

    assert code_of(await office.post(f"{CITIZENS}/exclusions", body)) == (404, code)


async def test_a_place_behind_the_end_of_a_batch_cannot_be_excluded(office: Office) -> None:
    await office.answer_all("5")
    await office.post(f"{CITIZENS}/closing", key="close")
    body = {"batch": 1, "positions": [0, 1], "reason": "Nhầm."}

    refused = await office.post(f"{CITIZENS}/exclusions", body)

    assert code_of(refused) == (404, "response-unknown")
    assert (await office.get(CITIZENS)).json()["excluded"] == 0


async def test_a_certified_result_counts_beside_the_answers(office: Office) -> None:
    path = f"{CITIZENS}/results/{AGENCY}"
    body = {"counts": {"q1": {"5": 3, "1": 1}}, "source": "Bưu điện tỉnh", "document": "12/BC-BĐ"}
    await office.answer_all("5")
    await office.post(f"{CITIZENS}/closing", key="close")

    first = await office.put(path, body)
    again = await office.put(path, body)
    mended = await office.put(path, {**body, "counts": {"q1": {"5": 4}}})

    assert [len(answer.json()["facts"]) for answer in (first, again, mended)] == [1, 0, 1]
    [_, mine] = (await office.get(f"{CITIZENS}/results")).json()
    assert (mine["counts"], mine["share"]) == ({"5": 5}, "1")


@pytest.mark.parametrize(
    ("counts", "code"),
    [({"q2": {"5": 1}}, "question-unknown"), ({"q1": {"9": 1}}, "option-unknown")],
)
async def test_a_certified_result_that_does_not_fit_is_refused(
    counts: dict[str, dict[str, int]], code: str, office: Office
) -> None:
    body = {"counts": counts, "source": "Bưu điện tỉnh", "document": "12/BC-BĐ"}

    refused = await office.put(f"{CITIZENS}/results/{AGENCY}", body)

    assert code_of(refused) == (409, "result-invalid")
    assert [flaw["code"] for flaw in refused.json()["errors"]] == [code]


async def test_who_runs_no_survey_changes_nothing(office: Office) -> None:
    callers = [NOBODY, f"agency@{AGENCY}", "council@so-noi-vu", "administrator", "auditor"]
    requests = [
        ("closing", None),
        ("invitations", {"agency": AGENCY, "count": 1}),
        ("paper-responses", {"responses": [{"agency": AGENCY, "answers": {"q1": "5"}}]}),
        ("exclusions", {"batch": 1, "positions": [0], "reason": "Nhầm."}),
    ]

    answers = [
        await office.as_(who).post(f"{CITIZENS}/{path}", body)
        for who in callers
        for path, body in requests
    ]

    assert {code_of(answer) for answer in answers} == {(403, "role-not-allowed")}
    assert len(await office.facts()) == 2


@pytest.mark.parametrize("reading", ["turnout", "results"])
async def test_turnout_and_results_are_for_those_who_watch_over_the_survey(
    reading: str, office: Office
) -> None:
    callers = [OFFICER, "administrator", "auditor", NOBODY, f"agency@{AGENCY}", "council@so-noi-vu"]

    answers = [await office.as_(who).get(f"{CITIZENS}/{reading}") for who in callers]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 403, 403, 403]


async def test_no_reading_of_a_questionnaire_that_does_not_exist(office: Office) -> None:
    readings = [f"{LISTED}/nothing{part}" for part in ("", "/turnout", "/results")]

    answers = [await office.get(path) for path in readings]

    assert {code_of(answer) for answer in answers} == {(404, "questionnaire-unknown")}


async def test_a_fact_of_answers_says_nothing_of_who_gave_them(office: Office) -> None:
    [token] = await office.invite(1)
    body = {"token": token, "answers": {"q1": "4"}}
    headers = {
        "Authorization": f"Bearer agency@{AGENCY}",
        "X-Correlation-Id": "my-own-correlation",
        "Idempotency-Key": "my-own-key",
        "User-Agent": "my-own-browser",
    }
    await office.client.post(f"{CITIZENS}/responses", json=body, headers=headers)
    await office.post(f"{CITIZENS}/closing", key="close")

    [fact] = [body for body in await office.bodies() if b"ResponsesCounted" in body]

    assert json.loads(fact) == {
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "id": "survey/2021/citizens@3",
        "source": "/survey",
        "subject": "survey/2021/citizens",
        "type": "survey.ResponsesCounted.v1",
        "time": "2021-11-25T00:00:00Z",
        "data": {
            "cycle": CYCLE,
            "questionnaire": "citizens",
            "batch": 1,
            "responses": [{"agency": AGENCY, "answers": {"q1": "4"}}],
        },
    }
