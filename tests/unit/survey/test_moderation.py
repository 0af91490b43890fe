"""A comment is released or removed once, whatever crashes, and however many decide at once."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.survey.application import Moderation
from shared.adapters.memory import MemoryClock, MemoryKeys
from shared.adapters.sealing import SECRET_BYTES, KeyedSeals
from shared.events import codec
from shared.events import survey as events
from shared.events.envelope import Context, Recorded, Sealed
from shared.kernel.actor import Actor
from shared.kernel.errors import Missing, Problem, Refused
from shared.ports import Comment, Slip, Verdict
from shared.runtime.service import Outside
from tests.support.frail import Crashed, Line
from tests.support.survey_desk import CITIZENS, STREAM, URN, Desk, desk_over, opened_desk

ONE = Actor(id="one", role="survey-officer")
TWO = Actor(id="two", role="survey-officer")
CALLS_MAX = 40
RECORDING = 4
"""After the questionnaire was read, the comment claimed, and the questionnaire read again."""
WORDS = "Chờ lâu."
ANSWER = {"answers": {"q1": "4"}, "choices": {}, "hasty": False}


def moderation(outside: Outside) -> Moderation:
    """A process, which remembers nothing of the one before."""
    desk = desk_over(outside, MemoryClock(outside.clock.now()))
    return Moderation(desk.shelf, outside.urn, outside.seals, outside.clock)


def over(line: Line, outside: Outside) -> Outside:
    return replace(outside, store=line.to(outside.store), urn=line.to(outside.urn))


def said_by(who: Actor, desk: Desk) -> Context:
    return Context(desk.clock.now(), who.reference, idempotency_key="k", request_digest="r")


async def write(desk: Desk, count: int, agency: str = "so-y-te") -> None:
    """So many people write something about an agency."""
    said = [{"question": "words", "text": WORDS}]
    slips = [(agency, Slip(ANSWER, f"{agency}-{number}", said)) for number in range(count)]
    await desk.outside.urn.drop(URN, f"{agency}-{count}", slips, digest="d")


async def readable(desk: Desk) -> list[Comment]:
    return list(await moderation(desk.outside).waiting(ONE, CITIZENS, limit=1_000))


async def written(count: int) -> tuple[Desk, list[Comment]]:
    """A survey that is over, and what people wrote."""
    desk = await opened_desk()
    await write(desk, count)
    await close(desk)
    return desk, await readable(desk)


async def close(desk: Desk) -> None:
    await desk.surveys.close(ONE, *CITIZENS, "survey-officer", said_by(ONE, desk))


async def released(desk: Desk) -> list[Recorded]:
    stored = await desk.outside.store.stream(STREAM, limit=1_000)
    facts = [codec.decode(fact.body) for fact in stored]
    return [fact for fact in facts if isinstance(fact.data, events.CommentReleased)]


async def release(outside: Outside, desk: Desk, name: str, text: str | None = None) -> None:
    await moderation(outside).release(ONE, CITIZENS, name, text, said_by(ONE, desk))


async def nothing_is_left(desk: Desk) -> bool:
    kept = await desk.outside.urn.claimed(limit=10)
    return list(kept) == [] and await readable(desk) == []


# ---------------------------------------------------------------------------------- each agency


async def test_a_moderator_reads_no_single_comment_about_a_small_agency(desk: Desk) -> None:
    await write(desk, 60, "so-y-te")
    await write(desk, 39, "so-noi-vu")

    assert [await desk.surveys.release_comments() for _ in range(2)] == [40, 0]

    assert Counter(each.agency for each in await readable(desk)) == {"so-y-te": 40}
    await close(desk)
    assert Counter(each.agency for each in await readable(desk)) == {"so-y-te": 60, "so-noi-vu": 39}


@pytest.fixture
async def desk() -> Desk:
    return await opened_desk()


async def test_what_was_never_moderated_can_be_when_the_survey_is_over() -> None:
    desk, [one, two] = await written(2)

    await release(desk.outside, desk, one.name)
    await moderation(desk.outside).remove(ONE, CITIZENS, two.name, said_by(ONE, desk))

    [fact] = await released(desk)
    assert fact.data.agency == "so-y-te"
    assert await desk.outside.seals.open(fact.data.text) == WORDS
    assert await nothing_is_left(desk)


# ---------------------------------------------------------------------------------------- crashes


@pytest.mark.parametrize("afterwards", [False, True])
@pytest.mark.parametrize("again", [False, True], ids=["the worker ends it", "said again"])
async def test_a_release_that_crashes_anywhere_is_recorded_once(
    *, afterwards: bool, again: bool
) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        desk, [comment] = await written(1)
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await release(over(line, desk.outside), desk, comment.name, "Đã lược tên.")
        except Crashed:
            crashes += 1
        else:
            break

        was_claimed = await readable(desk) == []
        if again:
            await release(desk.outside, desk, comment.name, "Đã lược tên.")
        await moderation(desk.outside).finish_all()
        await moderation(desk.outside).finish_all()

        facts = await released(desk)
        assert len(facts) == (was_claimed or again)
        assert [fact.context.actor for fact in facts] == [ONE.reference] * len(facts)
        texts = [await desk.outside.seals.open(fact.data.text) for fact in facts]
        assert texts == ["Đã lược tên."] * len(facts)
        assert await readable(desk) == ([] if facts else [comment])
        assert list(await desk.outside.urn.claimed(limit=10)) == []

    assert 4 <= crashes < CALLS_MAX


async def test_a_claim_that_fails_each_time_keeps_nobody_behind_it_waiting() -> None:
    desk, comments = await written(3)
    bad, *_ = comments
    for comment in comments:
        verdict = Verdict("released", ONE.reference, "d")
        await desk.outside.urn.claim_comment(URN, comment.name, verdict, text=comment.name)
    process = moderation(replace(desk.outside, seals=Unsealable(bad.name)))

    finished = [await process.finish_all(claims_max=1) for _ in range(4)]

    assert finished == [0, 1, 1, 0]
    assert len(await released(desk)) == len(comments) - 1
    assert [claim.comment.name for claim in await desk.outside.urn.claimed(limit=10)] == [bad.name]
    assert await moderation(desk.outside).finish_all(claims_max=1) == 1


class Unsealable(KeyedSeals):
    """Seals that take one text never."""

    def __init__(self, text: str) -> None:
        super().__init__(MemoryKeys(), bytes(SECRET_BYTES))
        self._text = text

    async def seal(self, text: str, *, like: Sequence[Sealed] = ()) -> Sealed:
        if text == self._text:
            raise Refused("text-invalid")
        return await super().seal(text, like=like)


@pytest.mark.parametrize("afterwards", [False, True])
async def test_a_removal_that_crashes_anywhere_releases_nothing(*, afterwards: bool) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        desk, [comment] = await written(1)
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        process = moderation(over(line, desk.outside))
        try:
            await process.remove(ONE, CITIZENS, comment.name, said_by(ONE, desk))
        except Crashed:
            crashes += 1
        else:
            break

        was_claimed = await readable(desk) == []
        await moderation(desk.outside).finish_all()

        assert await released(desk) == []
        assert await readable(desk) == ([] if was_claimed else [comment])
        assert list(await desk.outside.urn.claimed(limit=10)) == []

    assert 2 <= crashes < CALLS_MAX


async def test_a_fact_that_was_recorded_before_the_crash_is_not_recorded_in_other_words() -> None:
    desk, [comment] = await written(1)
    line = Line(dies_at=RECORDING, afterwards=True)
    with pytest.raises(Crashed):
        await release(over(line, desk.outside), desk, comment.name)
    assert line.said[-1] == "append"
    assert len(await released(desk)) == 1

    with pytest.raises(Refused, match="comment-released"):
        await release(desk.outside, desk, comment.name, "Lời khác.")

    assert await moderation(desk.outside).finish_all() == 1
    [fact] = await released(desk)
    assert await desk.outside.seals.open(fact.data.text) == WORDS


# ------------------------------------------------------------------------------------ two at once


@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    st.sampled_from(["alike", "in other words", "removes"]),
)
@settings(max_examples=60)
async def test_of_two_moderators_the_first_is_right_and_the_log_says_it_once(
    ones: list[int], twos: list[int], how: str
) -> None:
    desk, [comment] = await written(1)
    one = moderation(over(Line(pauses=ones), desk.outside))
    two = moderation(over(Line(pauses=twos), desk.outside))
    by_two = said_by(TWO, desk)
    words = "Lời khác." if how == "in other words" else None
    second = (
        two.remove(TWO, CITIZENS, comment.name, by_two)
        if how == "removes"
        else two.release(TWO, CITIZENS, comment.name, words, by_two)
    )

    outcomes = await asyncio.gather(
        one.release(ONE, CITIZENS, comment.name, None, said_by(ONE, desk)),
        second,
        moderation(desk.outside).finish_all(),
        return_exceptions=True,
    )

    await moderation(desk.outside).finish_all()
    refused = [each.code for each in outcomes if isinstance(each, Problem)]
    facts = await released(desk)
    if how == "alike":
        assert (refused, len(facts)) == ([], 1)
    else:
        removed = refused == ["comment-removed"]
        assert removed or refused == ["comment-released"]
        assert len(facts) == (not removed)
    assert await nothing_is_left(desk)


async def test_who_comes_later_hears_what_was_decided() -> None:
    desk, [one, two] = await written(2)
    process = moderation(desk.outside)
    await process.release(ONE, CITIZENS, one.name, None, said_by(ONE, desk))
    await process.remove(ONE, CITIZENS, two.name, said_by(ONE, desk))

    await process.release(TWO, CITIZENS, one.name, None, said_by(TWO, desk))
    await process.remove(TWO, CITIZENS, two.name, said_by(TWO, desk))
    with pytest.raises(Refused, match="comment-released"):
        await process.remove(TWO, CITIZENS, one.name, said_by(TWO, desk))
    with pytest.raises(Refused, match="comment-removed"):
        await process.release(TWO, CITIZENS, two.name, None, said_by(TWO, desk))
    with pytest.raises(Missing, match="comment-unknown"):
        await process.remove(TWO, CITIZENS, "unknown", said_by(TWO, desk))

    assert [fact.context.actor for fact in await released(desk)] == [ONE.reference]


async def test_the_log_names_no_comment_of_the_urn_and_no_key_that_a_caller_could_send() -> None:
    desk, [comment] = await written(1)

    await release(desk.outside, desk, comment.name)

    [fact] = await released(desk)
    key = fact.context.idempotency_key
    assert key is not None
    assert " " in key
    stored = await desk.outside.store.stream(STREAM, limit=1_000)
    assert all(comment.name.encode() not in each.body for each in stored)
