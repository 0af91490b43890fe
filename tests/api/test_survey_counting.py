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
    answer_body,
    code_of,
    not_permitted,
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
    await office.step("count")
    too_few = (await office.get(CITIZENS)).json()
    [token] = await office.invite(1, key="one-more")
    await office.answer(token, "1")

    await office.step("count")

    enough = (await office.get(CITIZENS)).json()
    assert [too_few["counted"], enough["counted"], enough["batches"]] == [0, BATCH, 1]


async def test_everybody_finds_the_receipts_of_what_was_counted_and_of_nothing_else(
    office: Office,
) -> None:
    tokens = await office.invite(2 * BATCH)
    given = [(await office.answer(token)).json()["receipt"] for token in tokens]
    path = f"{CITIZENS}/receipts"

    before = (await office.as_(NOBODY).get(path)).json()
    await office.step("count")
    meanwhile = (await office.as_(NOBODY).get(path)).json()
    await office.post(f"{CITIZENS}/closing")
    after = (await office.as_(NOBODY).get(path)).json()

    assert before == {"counted": 0, "receipts": []}
    assert meanwhile["counted"] == BATCH
    assert set(meanwhile["receipts"]) < set(given)
    assert after == {"counted": 2 * BATCH, "receipts": sorted(given)}


async def test_results_are_counts_and_a_share(office: Office) -> None:
    await office.answer_all("5543")
    await office.post(f"{CITIZENS}/closing")

    mine, others = (await office.get(f"{CITIZENS}/results")).json()["results"]

    assert mine["agency"] == "so-noi-vu"
    assert (mine["counts"], mine["share"]) == ({}, None)
    assert {name: others[name] for name in ("agency", "question", "item", "valid", "share")} == {
        "agency": AGENCY,
        "question": "q1",
        "item": "9.1",
        "valid": 4,
        "share": "0.75",
    }
    assert others["counts"] == {"3": 1, "4": 1, "5": 2}


async def test_excluded_answers_stay_in_the_log_and_count_no_more(office: Office) -> None:
    await office.answer_all("5551")
    await office.post(f"{CITIZENS}/closing", key="close")
    [counted] = [fact for fact in await office.facts() if isinstance(fact, events.ResponsesCounted)]
    place = [response.answers["q1"] for response in counted.responses].index("1")
    body = {"batch": 1, "positions": [place], "reason": "Phiếu của Nguyễn Văn A bị trùng."}

    alone = await office.post(f"{CITIZENS}/exclusions", body, key="k-1")
    lost = await office.post(f"{CITIZENS}/exclusions", body, key="k-1")
    twice = await office.post(f"{CITIZENS}/exclusions", body, key="k-2")
    meanwhile = (await office.get(f"{CITIZENS}/results")).json()["results"]
    agreed = await office.second(key="k-3")
    again = await office.post(f"{CITIZENS}/exclusions", body, key="k-4")

    assert [len(answer.json()["facts"]) for answer in (alone, agreed)] == [1, 1]
    assert lost.json() == alone.json()
    assert [code_of(answer) for answer in (twice, again)] == [
        (409, "exclusion-proposed-already"),
        (409, "answers-excluded-already"),
    ]
    assert "Nguyễn" not in b"".join(await office.bodies()).decode()
    assert meanwhile[1]["valid"] == 4
    [_, mine] = (await office.get(f"{CITIZENS}/results")).json()["results"]
    assert (mine["valid"], mine["share"]) == (3, "1")
    [shown] = (await office.get(f"{CITIZENS}/exclusions")).json()
    assert shown["reason"] == body["reason"]
    assert shown["responses"] == [{"agency": AGENCY, "answers": {"q1": "1"}, "choices": {}}]
    assert (shown["status"], shown["by"], shown["seconded_by"]) == (
        "excluded",
        "survey-officer:survey-officer-1",
        "administrator:administrator-1",
    )


async def test_whoever_looks_for_what_is_not_to_count_sees_the_batch(office: Office) -> None:
    await office.answer_all("51")
    await office.post(f"{CITIZENS}/closing", key="close")
    body = {"batch": 1, "positions": [0], "reason": "Trùng."}
    await office.post(f"{CITIZENS}/exclusions", body, key="k-1")
    await office.second(key="k-2")

    shown = (await office.get(f"{CITIZENS}/batches/1")).json()
    beyond = await office.get(f"{CITIZENS}/batches/2")
    by_others = await office.as_(NOBODY).get(f"{CITIZENS}/batches/1")

    [counted] = [fact for fact in await office.facts() if isinstance(fact, events.ResponsesCounted)]
    assert [(each["position"], each["answers"], each["excluded"]) for each in shown] == [
        (0, counted.responses[0].answers, True),
        (1, counted.responses[1].answers, False),
    ]
    assert code_of(beyond) == (404, "batch-unknown")
    assert code_of(by_others) == not_permitted(NOBODY)


async def test_nobody_excludes_alone_and_a_proposal_may_come_to_nothing(office: Office) -> None:
    await office.answer_all("51")
    await office.post(f"{CITIZENS}/closing", key="close")
    body = {"batch": 1, "positions": [0], "reason": "Nhầm."}
    await office.post(f"{CITIZENS}/exclusions", body)
    [proposed] = (await office.get(f"{CITIZENS}/exclusions")).json()
    path = f"{CITIZENS}/exclusions/{proposed['exclusion']}"

    alone = await office.post(f"{path}/seconding", key="k-2")
    dropped = await office.post(f"{path}/dropping", {"reason": "Không trùng."}, key="k-3")
    too_late = await office.as_("administrator").post(f"{path}/seconding", key="k-4")

    assert code_of(alone) == (403, "second-person-required")
    assert len(dropped.json()["facts"]) == 1
    assert code_of(too_late) == (409, "exclusion-closed")
    assert (await office.get(CITIZENS)).json()["excluded"] == 0


@pytest.mark.parametrize(("place", "code"), [((1, 0), "batch-unknown"), ((2, 0), "batch-unknown")])
async def test_what_was_not_counted_cannot_be_excluded(
    place: tuple[int, int], code: str, office: Office
) -> None:
    body = {"batch": place[0], "positions": [place[1]], "reason": "Nhầm."}

    assert code_of(await office.post(f"{CITIZENS}/exclusions", body)) == (404, code)


async def test_a_place_that_is_none_is_all_that_is_wrong(office: Office) -> None:
    body = {"batch": 1, "positions": [-1], "reason": "Nhầm."}

    refused = await office.post(f"{CITIZENS}/exclusions", body)

    assert [(each["pointer"], each["code"]) for each in refused.json()["errors"]] == [
        ("/positions/0", "number-below")
    ]


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

    first = await office.certify(path, body)
    again = await office.certify(path, body)
    mended = await office.certify(path, {**body, "counts": {"q1": {"5": 4}}})

    assert [len(answer.json()["facts"]) for answer in (first, again, mended)] == [1, 0, 1]
    [_, mine] = (await office.get(f"{CITIZENS}/results")).json()["results"]
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
        ("exclusions", {"batch": 1, "positions": [0], "reason": "Nhầm."}),
    ]
    administrators_may = {("administrator", "exclusions")}

    answers = [
        await office.as_(who).post(f"{CITIZENS}/{path}", body)
        for who in callers
        for path, body in requests
        if (who, path) not in administrators_may
    ]

    assert {code_of(answer) for answer in answers} == {not_permitted(who) for who in callers}
    assert len(await office.facts()) == 2


@pytest.mark.parametrize("reading", ["turnout", "results"])
async def test_turnout_and_results_are_for_those_who_watch_over_the_survey(
    reading: str, office: Office
) -> None:
    callers = [OFFICER, "administrator", "auditor", NOBODY, f"agency@{AGENCY}", "council@so-noi-vu"]

    answers = [await office.as_(who).get(f"{CITIZENS}/{reading}") for who in callers]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 401, 403, 403]


async def test_no_reading_of_a_questionnaire_that_does_not_exist(office: Office) -> None:
    readings = [f"{LISTED}/nothing{part}" for part in ("", "/turnout", "/results")]

    answers = [await office.get(path) for path in readings]

    assert {code_of(answer) for answer in answers} == {(404, "questionnaire-unknown")}


async def test_a_fact_of_answers_says_nothing_of_who_gave_them(office: Office) -> None:
    [token] = await office.invite(1)
    body = answer_body(token, {"q1": "4"})
    headers = {
        "Authorization": f"Bearer agency@{AGENCY}",
        "X-Correlation-Id": "my-own-correlation",
        "Idempotency-Key": "my-own-key",
        "User-Agent": "my-own-browser",
    }
    await office.client.post(f"{CITIZENS}/responses", json=body, headers=headers)
    await office.post(f"{CITIZENS}/closing", key="close")

    [fact] = [body for body in await office.bodies() if b"ResponsesCounted" in body]

    told = json.loads(fact)
    assert len(told["data"].pop("receipts")) == 1
    assert told == {
        "specversion": "1.0",
        "datacontenttype": "application/json",
        "id": "survey/2021/citizens@4",
        "source": "/survey",
        "subject": "survey/2021/citizens",
        "type": "survey.ResponsesCounted.v2",
        "time": "2021-11-25T00:00:00Z",
        "data": {
            "cycle": CYCLE,
            "questionnaire": "citizens",
            "batch": 1,
            "channel": "invitation",
            "responses": [{"agency": AGENCY, "answers": {"q1": "4"}, "choices": {}}],
            "hasty": 0,
        },
    }
