"""Comments over HTTP: read by moderators, page by page, and released or removed once."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import httpx
import pytest

from shared.events import survey as events
from shared.ports import Slip, Verdict
from tests.support.survey_office import (
    AGENCY,
    ASKED_OF_CITIZENS,
    CITIZENS,
    Office,
    answer_body,
    code_of,
    open_office,
)

HELD_BACK = 20
ENOUGH = 2 * HELD_BACK
URN = "2021/citizens"
ANSWER = {"answers": {"q1": "4"}, "choices": {}, "hasty": False}
WORDS = {"code": "words", "text": "Ý kiến khác?", "kind": "free-text", "required": False}
ASKED = {**ASKED_OF_CITIZENS, "questions": [*ASKED_OF_CITIZENS["questions"], WORDS]}
COMMENTS = f"{CITIZENS}/comments"


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with open_office() as office:
        await office.ask(CITIZENS, ASKED)
        yield office


async def write(office: Office, count: int, first: int = 0, agency: str = AGENCY) -> None:
    """So many people write something on paper."""
    slips = []
    for number in range(first, first + count):
        said = ({"question": "words", "text": f"Ý kiến {number}"},)
        slips.append((agency, Slip(ANSWER, f"receipt-{agency}-{number}", said)))
    await office.outside.urn.drop(URN, f"{agency}-{first}", slips, digest="d")


async def comment(office: Office, token: str) -> None:
    """Somebody answers, and writes something."""
    body = answer_body(token, {"q1": "5"}, comments={"words": "Ý kiến"})
    (await office.client.post(f"{CITIZENS}/responses", json=body)).raise_for_status()


async def listed(office: Office, query: str = "") -> tuple[Sequence[dict[str, Any]], str | None]:
    page = (await office.get(f"{COMMENTS}{query}")).json()
    return page["items"], page["next"]


async def remove(office: Office, path: str) -> httpx.Response:
    return await office.client.delete(path, headers={"Authorization": f"Bearer {office.who}"})


async def written(office: Office, count: int) -> Sequence[str]:
    """The paths of comments in a survey that is closed."""
    await write(office, count)
    assert (await office.post(f"{CITIZENS}/closing", key="close")).status_code == 200
    comments, _ = await listed(office)
    return [f"{COMMENTS}/{comment['comment']}" for comment in comments]


async def recorded(office: Office) -> list[str | None]:
    facts = [fact for fact in await office.facts() if isinstance(fact, events.CommentReleased)]
    return [await office.outside.seals.open(fact.text) for fact in facts]


async def test_what_people_write_is_read_together_and_released_or_forgotten(
    office: Office,
) -> None:
    *tokens, last = await office.invite(ENOUGH)
    for token in tokens:
        await comment(office, token)
    await office.step("release")
    too_few, _ = await listed(office)
    await comment(office, last)
    await office.step("release")

    waiting, _ = await listed(office)
    first, second, *_ = [f"{COMMENTS}/{comment['comment']}" for comment in waiting]
    released = await office.post(f"{first}/release", {"text": "Ý kiến đã lược tên."})
    again = await office.post(f"{first}/release", {"text": "Ý kiến đã lược tên."})
    removed = [await remove(office, second), await remove(office, second)]
    left, _ = await listed(office)

    assert (len(too_few), len(waiting), len(left)) == (0, HELD_BACK, HELD_BACK - 2)
    assert {comment["agency"] for comment in waiting} == {AGENCY}
    assert [answer.status_code for answer in (released, again, *removed)] == [200] * 4
    assert await recorded(office) == ["Ý kiến đã lược tên."]


async def test_what_is_no_name_of_a_comment_is_told_as_that(office: Office) -> None:
    removed = await remove(office, f"{COMMENTS}/short")
    released = await office.post(f"{COMMENTS}/short/release", {})

    assert [answer.status_code for answer in (removed, released)] == [422, 422]
    assert all("tên một ý kiến" in answer.text for answer in (removed, released))


async def test_each_turn_of_counting_leaves_comments_to_a_loop_of_their_own(
    office: Office,
) -> None:
    """Whether enough of them wait is asked of all that wait, under locks: not each second."""
    await write(office, ENOUGH)

    await office.step("count")
    counted = (await office.get(CITIZENS)).json()["counted"]
    before, _ = await listed(office)
    released = await office.step("release")
    after, _ = await listed(office)

    assert (counted, len(before), released, len(after)) == (HELD_BACK, 0, HELD_BACK, HELD_BACK)


async def test_a_list_says_when_there_are_more_and_nothing_waits_behind_for_ever(
    office: Office,
) -> None:
    await written(office, 55)

    first, cursor = await listed(office)
    second, end = await listed(office, f"?cursor={cursor}")

    texts = {comment["text"] for comment in (*first, *second)}
    assert (len(first), len(second), end) == (50, 5, None)
    assert len(texts) == 55
    [hidden, *_] = second
    answer = await office.post(f"{COMMENTS}/{hidden['comment']}/release", {})
    assert answer.status_code == 200
    assert await recorded(office) == [hidden["text"]]


async def test_the_first_moderator_is_right_and_the_second_is_told(office: Office) -> None:
    one, two = await written(office, 2)
    other = office.as_("survey-officer/2")
    await office.post(f"{one}/release", {})
    await remove(office, two)

    alike = await other.post(f"{one}/release", {}, key="k-2")
    reworded = await other.post(f"{one}/release", {"text": "Lời khác."}, key="k-3")
    released = await remove(other, one)
    removed = await other.post(f"{two}/release", {}, key="k-4")

    assert alike.status_code == 200
    assert code_of(reworded) == code_of(released) == (409, "comment-released")
    assert code_of(removed) == (409, "comment-removed")
    assert len(await recorded(office)) == 1


async def test_a_comment_that_nobody_knows_is_neither_released_nor_removed(
    office: Office,
) -> None:
    unknown = f"{COMMENTS}/{'x' * 22}"

    answers = [await office.post(f"{unknown}/release", {}), await remove(office, unknown)]

    assert [code_of(answer) for answer in answers] == [(404, "comment-unknown")] * 2


async def test_the_service_does_what_was_decided_before_a_crash(office: Office) -> None:
    await written(office, 1)
    [comment] = await office.outside.urn.comments(URN, limit=9)
    verdict = Verdict(
        "released", "survey-officer:2", office.outside.seals.digest("comment", b"as it is")
    )
    await office.outside.urn.claim_comment(URN, comment.name, verdict)

    assert (await office.step("comments"), await office.step("comments")) == (1, 0)
    assert await recorded(office) == [comment.text]
