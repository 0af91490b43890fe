"""Ranking over HTTP: what is to be forgotten, and by how many people."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.events import codec, submission, survey
from shared.events import ranking as events
from shared.events.envelope import Context
from shared.ports import REMOVED, Look, Person
from tests.support.forgotten import PERSON, REASON, SHREDDINGS, forgotten, proposed, seconded
from tests.support.ranking import Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.stories import told_by
from tests.support.told import SEALED, whole_cycle

WHY = "Đính chính theo đề nghị của ông Nguyễn Văn A."
FORGETTING = f"/cycles/{CYCLE}/people/{PERSON}/forgetting"
TODAY = date(2022, 2, 1)
TOLD_AT = datetime(2022, 2, 1, tzinfo=UTC)
LOOK = Look(TOLD_AT, "auditor:k-1", "Thanh tra.")
EXPLAINED = codec.encode(
    "submission/2021/another",
    1,
    Context(TOLD_AT, "agency:u-17"),
    submission.ExplanationGiven(cycle=CYCLE, agency="another", item="1.1", text=SEALED),
)
RELEASED = codec.encode(
    "survey/2021/another",
    1,
    Context(TOLD_AT, "survey-officer:u-17"),
    survey.CommentReleased(
        cycle=CYCLE, questionnaire="another", agency="so-y-te", question="q9", text=SEALED
    ),
)
SEEN = Person("u-18", "https://sso.example", "binh@example.gov.vn", "Trần Bình")
PUBLICATIONS = f"/cycles/{CYCLE}/publications"


@pytest.fixture
async def service() -> AsyncIterator[Ranking]:
    """A cycle whose result was published, and corrected for a reason."""
    async with ranking() as service:
        await service.hear(whole_cycle())
        await service.approve()
        await service.publish()
        await change(service)
        await service.approve()
        await service.publish(2, WHY)
        yield service


async def reason_of_correction(service: Ranking) -> str:
    body = (await service.get(PUBLICATIONS, "auditor")).json()
    reason: str = body["publications"][1]["because"]
    return reason


async def facts_of_privacy(service: Ranking) -> list[type]:
    told = await told_by(service.outside.store)
    found = [codec.decode(each.body).data for each in told]
    return [type(fact) for fact in found if isinstance(fact, events.PrivacyFact)]


async def test_one_proposes_another_agrees_and_the_text_is_gone(service: Ranking) -> None:
    first = await proposed(service)
    before = await reason_of_correction(service)
    second = await seconded(service, "another-administrator")

    assert (first.status_code, second.status_code) == (201, 200)
    assert before == WHY
    assert await reason_of_correction(service) == REMOVED
    assert await facts_of_privacy(service) == [events.ShreddingProposed, events.TextsShredded]


async def test_nobody_shreds_alone_in_whichever_role(service: Ranking) -> None:
    await proposed(service)

    alone = await seconded(service, "administrator")

    assert (alone.status_code, alone.json()["code"]) == (403, "second-person-required")
    assert await reason_of_correction(service) == WHY


@pytest.mark.parametrize("who", ["council", "auditor", "so-y-te", ""])
async def test_only_administrators_propose_agree_and_forget(service: Ranking, who: str) -> None:
    answers = [
        await proposed(service, who),
        await seconded(service, who),
        await service.post(FORGETTING, who, {"reason": REASON}),
    ]

    refusal = "role-not-allowed" if who else "sign-in-needed"
    assert {answer.json()["code"] for answer in answers} == {refusal}
    assert await facts_of_privacy(service) == []


async def test_the_same_proposal_again_is_no_news(service: Ranking) -> None:
    await proposed(service)

    again = await proposed(service, "another-administrator")

    assert again.json()["facts"] == []


async def test_agreeing_again_is_no_news_and_a_third_finds_it_done(service: Ranking) -> None:
    await proposed(service)
    await seconded(service, "another-administrator")

    again = await seconded(service, "another-administrator")
    third = await seconded(service, "administrator")

    assert again.json()["facts"] == []
    assert third.json()["code"] == "shredding-over"


async def test_what_was_shredded_is_not_there_to_be_shredded_again(service: Ranking) -> None:
    await proposed(service)
    await seconded(service, "another-administrator")
    [reason] = [each for each in await texts_of_privacy(service) if each]

    one_by_one = {"facts": [f"result/{CYCLE}@4"], "reason": REASON}
    again = await service.post(SHREDDINGS, "administrator", one_by_one)

    assert reason == REASON
    assert again.json()["code"] == "nothing-to-shred"


async def test_a_text_goes_by_its_fact(service: Ranking) -> None:
    body = {"facts": [f"result/{CYCLE}@4"], "reason": REASON}

    proposal = await service.post(SHREDDINGS, "another-administrator", body)
    await seconded(service, "administrator")

    assert proposal.status_code == 201
    assert await reason_of_correction(service) == REMOVED


async def test_a_fact_without_a_text_and_one_of_nowhere_are_named(service: Ranking) -> None:
    for fact in (f"result/{CYCLE}@1", "submission/2021/so-y-te@999", "nothing"):
        body = {"facts": [fact], "reason": REASON}
        answer = await service.post(SHREDDINGS, "administrator", body)

        assert (answer.status_code, answer.json()["code"]) == (404, "text-unknown")
        assert fact in answer.json()["detail"]


async def test_a_person_or_facts_are_named_and_not_both(service: Ranking) -> None:
    for body in ({}, {"person": PERSON, "facts": [f"result/{CYCLE}@4"]}):
        answer = await service.post(SHREDDINGS, "administrator", {**body, "reason": REASON})

        assert (answer.status_code, answer.json()["code"]) == (409, "person-or-facts")


@pytest.mark.parametrize("wanted", [{"facts": [EXPLAINED.id]}, {"person": "u-17"}])
async def test_what_is_still_to_be_decided_keeps_its_texts(wanted: dict[str, Any]) -> None:
    async with ranking() as service:
        await service.hear([*whole_cycle(), EXPLAINED])
        early = await service.post(SHREDDINGS, "administrator", {**wanted, "reason": REASON})
        await service.approve()
        await service.publish()
        late = await service.post(SHREDDINGS, "administrator", {**wanted, "reason": REASON})

    assert (early.status_code, early.json()["code"]) == (409, "texts-still-needed")
    assert EXPLAINED.id in early.json()["detail"]
    assert late.status_code == 201


async def test_what_a_respondent_wrote_belongs_to_nobody_and_goes_by_its_fact() -> None:
    async with ranking() as service:
        await service.hear([*whole_cycle(), RELEASED])
        await service.approve()
        await service.publish()
        of_officer = {"person": "u-17", "reason": REASON}
        by_person = await service.post(SHREDDINGS, "administrator", of_officer)
        one_by_one = {"facts": [RELEASED.id], "reason": REASON}
        by_fact = await service.post(SHREDDINGS, "administrator", one_by_one)

    assert by_person.json()["code"] == "nothing-to-shred"
    assert by_fact.status_code == 201


async def test_a_person_is_forgotten_once_more_each_time_that_it_is_said(service: Ranking) -> None:
    met = Person(PERSON, "https://sso.example", "an.nguyen@example.gov.vn", "Nguyễn Văn An")
    directory = service.outside.directory
    await directory.meet(met, "administrator", TODAY)

    first = await forgotten(service)
    entry = await directory.look_up(PERSON, LOOK)
    second = await service.post(FORGETTING, "another-administrator", {"reason": REASON})

    assert (first.status_code, second.status_code) == (201, 201)
    assert entry is None
    assert (await facts_of_privacy(service)).count(events.PersonForgotten) == 2


async def test_who_acted_in_no_fact_is_unknown_and_what_was_sent_for_an_id_stands_nowhere(
    service: Ranking,
) -> None:
    typed = "an.nguyen@example.gov.vn"

    answer = await service.post(
        f"/cycles/{CYCLE}/people/{typed}/forgetting", "administrator", {"reason": REASON}
    )

    assert (answer.status_code, answer.json()["code"]) == (404, "person-unknown")
    assert await facts_of_privacy(service) == []


async def test_who_acted_is_found_by_the_log_and_who_only_came_here_by_the_directory() -> None:
    async with ranking() as service:
        await service.hear([*whole_cycle(), EXPLAINED])
        await service.outside.directory.meet(SEEN, "agency", TODAY)
        answers = [
            await service.post(
                f"/cycles/{CYCLE}/people/{person}/forgetting", "administrator", {"reason": REASON}
            )
            for person in ("u-17", SEEN.id, "u-1")
        ]

    assert [answer.status_code for answer in answers] == [201, 201, 404]


async def test_who_was_at_another_service_alone_is_forgotten_by_whoever_says_so(
    service: Ranking,
) -> None:
    body = {"reason": REASON, "despite_unknown": True}

    answer = await service.post(f"/cycles/{CYCLE}/people/u-2/forgetting", "administrator", body)

    assert answer.status_code == 201
    assert await facts_of_privacy(service) == [events.PersonForgotten]


async def test_to_be_forgotten_is_told_twice_and_is_no_news(service: Ranking) -> None:
    await service.outside.directory.meet(SEEN, "agency", TODAY)
    path, body = f"/cycles/{CYCLE}/people/{SEEN.id}/forgetting", {"reason": REASON}

    first = await service.post(path, "administrator", body, key="once")
    await service.outside.directory.forget(SEEN.id)
    again = await service.post(path, "administrator", body, key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()


async def test_nobody_has_themselves_forgotten(service: Ranking) -> None:
    answer = await service.post(FORGETTING, "administrator", {"reason": REASON})

    assert (answer.status_code, answer.json()["code"]) == (403, "person-is-yourself")
    assert await facts_of_privacy(service) == []


async def test_a_cycle_that_nobody_has_heard_of_has_nothing_to_forget(service: Ranking) -> None:
    reason = {"reason": REASON}
    answers = [
        await service.post("/cycles/1999/people/p-1/forgetting", "administrator", reason),
        await service.post("/cycles/1999/shreddings", "administrator", {**reason, "person": "p-1"}),
        await service.post("/cycles/1999/shreddings/shredding-1/seconding", "administrator", None),
        await service.get("/cycles/1999/shreddings", "auditor"),
    ]

    assert [answer.status_code for answer in answers] == [404] * 4
    assert await facts_of_privacy(service) == []


async def test_the_table_and_its_digest_stay_whatever_is_forgotten(service: Ranking) -> None:
    before = (await service.get(f"/cycles/{CYCLE}/hindrances", "council")).json()
    await forgotten(service)
    after = (await service.get(f"/cycles/{CYCLE}/hindrances", "council")).json()

    assert after["digest"] == before["digest"]
    assert after["hindrances"] == before["hindrances"]
    assert after["counted_to"] == before["counted_to"] + 3


async def texts_of_privacy(service: Ranking) -> list[str]:
    body = (await service.get(SHREDDINGS, "auditor")).json()
    return [each["reason"] for each in body["shreddings"]]
