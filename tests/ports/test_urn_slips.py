"""What the urn promises of ballots, paper, receipts and comments, held against each adapter."""

import asyncio

import pytest

from shared.kernel.errors import Problem, Refused
from shared.ports import Box, Turnout, Urn
from tests.support.urns import (
    AGENCY,
    DAY,
    INVITED,
    LEADERS,
    OTHER,
    PAPER,
    SIPAS,
    count_waiting,
    draw,
    draw_from,
    drop,
    invite,
    link,
    papers,
    slip,
    spend,
)


async def remarks(urn: Urn, questionnaire: str = SIPAS) -> list[str]:
    return [each.text for each in await urn.comments(questionnaire, limit=100)]


async def test_answers_lie_in_the_box_of_their_agency_and_channel(urn: Urn) -> None:
    await invite(urn, "hash")
    await link(urn, "link")
    await spend(urn, "hash", 0)
    await spend(urn, "link", 1)
    await urn.cast(SIPAS, OTHER, "ballot", slip(2))
    await drop(urn, 2, first=10, agency=OTHER)

    assert await urn.waiting(SIPAS) == {
        INVITED: 1,
        Box(AGENCY, "link"): 1,
        Box(OTHER, "invitation"): 1,
        Box(OTHER, "paper"): 2,
    }
    assert await urn.waiting(LEADERS) == {}


async def test_a_ballot_is_cast_once(urn: Urn) -> None:
    await urn.cast(SIPAS, AGENCY, "ballot", slip(0))

    with pytest.raises(Refused, match="ballot-spent"):
        await urn.cast(SIPAS, AGENCY, "ballot", slip(1))
    await urn.cast(LEADERS, AGENCY, "ballot", slip(2))

    assert await draw(urn, 1) == [0]


async def test_of_fifty_that_cast_a_ballot_one_does(urn: Urn) -> None:
    outcomes = await asyncio.gather(
        *(urn.cast(SIPAS, AGENCY, "ballot", slip(number)) for number in range(50)),
        return_exceptions=True,
    )

    assert outcomes.count(None) == 1
    assert await draw(urn, 1) == [outcomes.index(None)]


async def test_a_ballot_that_was_refused_is_not_spent(urn: Urn) -> None:
    await urn.cast(SIPAS, AGENCY, "ballot", slip(0))
    with pytest.raises(Refused, match="receipt-taken"):
        await urn.cast(SIPAS, AGENCY, "another", slip(0))

    await urn.cast(SIPAS, AGENCY, "another", slip(1))

    assert await urn.waiting(SIPAS) == {INVITED: 2}


async def test_a_receipt_that_lies_in_the_urn_is_taken(urn: Urn) -> None:
    await invite(urn, "hash", "another")
    await spend(urn, "hash", 7)

    with pytest.raises(Refused, match="receipt-taken"):
        await spend(urn, "another", 7)
    with pytest.raises(Refused, match="receipt-taken"):
        await drop(urn, 3, first=6)

    await spend(urn, "another", 8)
    assert await urn.waiting(SIPAS) == {INVITED: 2}
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(2, 2)}


async def test_a_receipt_that_comes_twice_at_once_is_refused_to_one_alone(urn: Urn) -> None:
    tokens = [f"token-{number}" for number in range(20)]
    await invite(urn, *tokens)
    await link(urn, "link", uses_max=1)
    twice = [3, 4, 5]

    outcomes = await asyncio.gather(
        *(spend(urn, token, number) for number, token in enumerate(tokens)),
        *(urn.cast(SIPAS, AGENCY, f"ballot-{number}", slip(number)) for number in twice),
        spend(urn, "unknown", 3),
        spend(urn, "link", 100),
        return_exceptions=True,
    )

    codes = [each.code for each in outcomes if isinstance(each, Problem)]
    assert sorted(codes) == ["receipt-taken"] * len(twice) + ["token-unknown"]
    for number, place in zip(twice, range(20, 23), strict=True):
        assert (outcomes[number] is None) != (outcomes[place] is None)
    assert sorted(await draw(urn, 1) or []) == [*range(20), 100]


async def test_papers_with_the_same_receipt_are_put_in_not_at_all(urn: Urn) -> None:
    with pytest.raises(Refused, match="receipt-taken"):
        await urn.drop(SIPAS, "key", [*papers(3), *papers(1)], digest="d")

    assert await count_waiting(urn) == 0
    assert await urn.dropped(SIPAS, "key", digest="d") is False
    assert await urn.drop(SIPAS, "key", papers(3), digest="d") is True


async def test_papers_are_put_in_once_per_key(urn: Urn) -> None:
    first = await drop(urn, 3, key="paper-1")
    again = await drop(urn, 3, first=10, key="paper-1")
    other = await urn.drop(LEADERS, "paper-1", papers(1, 20), digest="d")

    assert (first, again, other) == (True, False, True)
    assert sorted(await draw(urn, 1) or []) == [0, 1, 2]


async def test_of_twenty_that_drop_under_a_key_one_does(urn: Urn) -> None:
    outcomes = await asyncio.gather(
        *(drop(urn, 2, first=10 * number, key="key") for number in range(20))
    )

    assert outcomes.count(True) == 1
    assert await urn.waiting(SIPAS) == {PAPER: 2}


async def test_a_key_that_comes_with_another_digest_is_refused(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", papers(1), digest="d")

    assert await urn.dropped(SIPAS, "key", digest="d") is True
    assert await urn.dropped(SIPAS, "unheard", digest="d") is False
    with pytest.raises(Refused, match="idempotency-key-reused"):
        await urn.dropped(SIPAS, "key", digest="other")
    with pytest.raises(Refused, match="idempotency-key-reused"):
        await urn.drop(SIPAS, "key", papers(1), digest="other")


async def test_a_shut_urn_takes_nothing_more(urn: Urn) -> None:
    await invite(urn, "hash")
    await link(urn, "link")
    await drop(urn, 1)

    await urn.shut(SIPAS)
    await urn.shut(SIPAS)

    for late in (
        spend(urn, "hash", 1),
        spend(urn, "link", 1),
        urn.cast(SIPAS, AGENCY, "ballot", slip(1)),
        drop(urn, 1, first=1),
    ):
        with pytest.raises(Refused, match="survey-closed"):
            await late
    assert await urn.waiting(SIPAS) == {PAPER: 1}
    assert await urn.turnout(SIPAS) == {AGENCY: Turnout(1, 0, 0)}


async def test_what_was_put_in_before_the_shutting_is_still_no_news(urn: Urn) -> None:
    await invite(urn, "hash")
    await spend(urn, "hash", 0)
    await urn.cast(SIPAS, AGENCY, "ballot", slip(1))
    await drop(urn, 1, first=2)
    await urn.shut(SIPAS)

    with pytest.raises(Refused, match="token-spent"):
        await spend(urn, "hash", 3)
    with pytest.raises(Refused, match="ballot-spent"):
        await urn.cast(SIPAS, AGENCY, "ballot", slip(3))
    assert await drop(urn, 1, first=2) is False


async def test_a_shut_urn_can_be_emptied_and_the_others_are_open(urn: Urn) -> None:
    await drop(urn, 2)
    await urn.shut(SIPAS)

    assert len(await draw(urn, 1) or []) == 2
    assert await urn.drop(LEADERS, "key", papers(1, 10), digest="d") is True


async def test_comments_are_read_only_after_their_release(urn: Urn) -> None:
    await invite(urn, "hash")
    await urn.spend(SIPAS, "hash", slip(0, "đợi lâu", "phòng nóng"), day=DAY)
    await urn.cast(SIPAS, OTHER, "ballot", slip(1, "tốt"))

    assert await urn.release(SIPAS, least=3) == 0
    assert await remarks(urn) == []
    assert await urn.release(SIPAS, least=1) == 3
    assert await urn.release(SIPAS, least=1) == 0
    await urn.drop(SIPAS, "key", [(AGENCY, slip(2, "chưa đọc"))], digest="d")

    found = await urn.comments(SIPAS, limit=100)
    assert sorted((each.agency, each.question, each.text) for each in found) == [
        (OTHER, "remark", "tốt"),
        (AGENCY, "remark", "phòng nóng"),
        (AGENCY, "remark", "đợi lâu"),
    ]
    assert await remarks(urn, LEADERS) == []


async def test_comments_of_a_shut_urn_are_released_however_few(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", [(AGENCY, slip(0, "đợi lâu"))], digest="d")
    await urn.shut(SIPAS)

    assert await urn.release(LEADERS, least=20) == 0
    assert await urn.release(SIPAS, least=20) == 1
    assert await remarks(urn) == ["đợi lâu"]


async def test_comments_come_by_their_names_so_many_as_are_wanted(urn: Urn) -> None:
    said = [(AGENCY, slip(number, str(number))) for number in range(20)]
    await urn.drop(SIPAS, "key", said, digest="d")
    await urn.release(SIPAS, least=1)

    found = await urn.comments(SIPAS, limit=12)

    names = [each.name for each in found]
    assert names == sorted(names)
    assert len(set(names)) == 12
    assert [each.text for each in found] != [str(number) for number in range(12)]


async def test_a_comment_that_was_removed_is_forgotten(urn: Urn) -> None:
    said = [(AGENCY, slip(number, str(number))) for number in range(3)]
    await urn.drop(SIPAS, "key", said, digest="d")
    await urn.release(SIPAS, least=1)
    first, second, third = await urn.comments(SIPAS, limit=100)

    await urn.remove_comment(SIPAS, first.name)
    await urn.remove_comment(SIPAS, first.name)
    await urn.remove_comment(LEADERS, second.name)

    assert await urn.comments(SIPAS, limit=100) == [second, third]


async def test_a_comment_stays_when_its_answer_is_drawn(urn: Urn) -> None:
    await urn.drop(SIPAS, "key", [(AGENCY, slip(0, "đợi lâu"))], digest="d")
    drawn = await draw_from(urn, 1, [PAPER])
    await urn.discard(SIPAS, 1)

    await urn.release(SIPAS, least=1)

    assert drawn is not None
    assert list(drawn.answers) == [{"q1": "0"}]
    assert await remarks(urn) == ["đợi lâu"]
