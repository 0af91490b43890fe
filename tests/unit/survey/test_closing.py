"""How a survey ends: by the calendar, to the last answer, through crashes."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec
import pytest

from services.survey.application import CountedReceipts, Counting
from services.survey.domain.filled import Filled, answer_of
from services.survey.domain.limits import BATCH_ANSWERS_MAX, BATCH_ANSWERS_MIN, QUESTIONS_MAX
from shared.adapters.memory import MemoryUrn, SeededChance
from shared.events import codec, submission
from shared.events import survey as events
from shared.events.envelope import Context, Sealed
from shared.kernel.errors import Conflict, Refused, Unavailable
from shared.ports import Box
from tests.support.small_cycle import at
from tests.support.small_questionnaire import ADOPTED, SCALE, question
from tests.support.survey_desk import (
    ENOUGH,
    OFFICER,
    STREAM,
    URN,
    Desk,
    desk_over,
    drop,
    on_paper,
    opened_desk,
)


@pytest.fixture
async def desk() -> Desk:
    return await opened_desk()


async def test_closing_by_the_calendar_counts_the_rest_and_takes_no_more(desk: Desk) -> None:
    *tokens, late = await desk.invite(4)
    for token in tokens:
        await desk.answer(token)
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 1

    closed = (await desk.facts())[-1]
    assert closed == events.SurveyClosed(
        cycle="2021", questionnaire="citizens", closed_by="calendar", responses=3
    )
    assert len(await desk.counted()) == 3
    with pytest.raises(Refused) as refused:
        await desk.answer(late)
    assert refused.value.code == "survey-closed"
    assert await desk.surveys.follow_calendar() == 0


@pytest.mark.parametrize("answers", [ENOUGH + 1, 250 + 1, 250 + BATCH_ANSWERS_MIN])
async def test_no_batch_is_smaller_than_it_takes_to_hide(desk: Desk, answers: int) -> None:
    for token in await desk.invite(answers):
        await desk.answer(token)
    await desk.surveys.count_waiting()
    desk.clock.set(at(12, 20))

    await desk.surveys.follow_calendar()

    sizes = [len(f.responses) for f in await desk.facts() if isinstance(f, events.ResponsesCounted)]
    assert sum(sizes) == answers
    assert min(sizes) >= BATCH_ANSWERS_MIN


async def test_answers_that_come_after_the_end_are_refused_before_anybody_has_closed(
    desk: Desk,
) -> None:
    [token] = await desk.invite(1)
    desk.clock.set(at(12, 20))

    with pytest.raises(Refused) as refused:
        await desk.answer(token)

    assert refused.value.code == "survey-closed"


async def test_the_longest_questionnaire_is_counted_to_the_last_answer(desk: Desk) -> None:
    questions = tuple(
        question(f"{place:032}", item="9.1", options=SCALE) for place in range(QUESTIONS_MAX)
    )
    long = msgspec.structs.replace(ADOPTED, questionnaire="long", questions=questions)
    context = Context(desk.clock.now(), OFFICER.reference)
    await desk.surveys.adopt(OFFICER, long, context)
    await desk.surveys.open(OFFICER, "2021", "long", context)
    answers = Filled({each.code: "5" for each in questions})
    slips = [on_paper("so-y-te", answer_of(long, answers, hasty=False)) for _ in range(500)]
    await desk.outside.urn.drop("2021/long", "paper", slips, digest="d")
    desk.clock.set(at(12, 20))

    await desk.surveys.follow_calendar()

    closed = await desk.surveys.questionnaire(OFFICER, "2021", "long")
    assert (closed["status"], closed["counted"]) == ("closed", 500)


async def test_answers_that_came_by_few_ways_are_counted_way_by_way(desk: Desk) -> None:
    for token in await desk.invite(BATCH_ANSWERS_MIN):
        await desk.answer(token)
    await drop(desk.outside.urn, "so-y-te", BATCH_ANSWERS_MIN)
    await drop(desk.outside.urn, "so-noi-vu", 3)
    desk.clock.set(at(12, 20))

    await desk.surveys.follow_calendar()

    batches = [f for f in await desk.facts() if isinstance(f, events.ResponsesCounted)]
    told = [(f.channel, {r.agency for r in f.responses}, len(f.responses)) for f in batches]
    assert sorted(told) == [
        ("invitation", {"so-y-te"}, BATCH_ANSWERS_MIN),
        ("paper", {"so-noi-vu"}, 3),
        ("paper", {"so-y-te"}, BATCH_ANSWERS_MIN),
    ]


async def test_few_answers_by_one_way_hide_among_the_others_about_the_agency(desk: Desk) -> None:
    for token in await desk.invite(3):
        await desk.answer(token)
    await drop(desk.outside.urn, "so-y-te", BATCH_ANSWERS_MIN)
    desk.clock.set(at(12, 20))

    await desk.surveys.follow_calendar()

    [batch] = [f for f in await desk.facts() if isinstance(f, events.ResponsesCounted)]
    assert (batch.channel, len(batch.responses)) == ("mixed", BATCH_ANSWERS_MIN + 3)


async def test_one_questionnaire_that_cannot_be_counted_keeps_no_other_waiting(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = msgspec.structs.replace(ADOPTED, questionnaire="a-broken-one")
    context = Context(desk.clock.now(), OFFICER.reference)
    await desk.surveys.adopt(OFFICER, broken, context)
    await desk.surveys.open(OFFICER, "2021", "a-broken-one", context)
    shut = desk.outside.urn.shut

    async def fail_for_one(questionnaire: str) -> None:
        if questionnaire == "2021/a-broken-one":
            raise Conflict("busy")
        await shut(questionnaire)

    monkeypatch.setattr(desk.outside.urn, "shut", fail_for_one)
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 1
    assert isinstance((await desk.facts())[-1], events.SurveyClosed)


async def test_who_asks_again_after_the_closing_gets_what_was_answered_before(desk: Desk) -> None:
    desk.clock.set(at(12, 19))
    first = await desk.invite(2)
    desk.clock.set(at(12, 20))
    await desk.surveys.follow_calendar()

    assert await desk.invite(2) == first
    with pytest.raises(Refused):
        await desk.invite(2, key="new")


async def test_an_extended_deadline_keeps_it_open(desk: Desk) -> None:
    extended = submission.DeadlineExtended(
        cycle="2021",
        phase="survey",
        agency=None,
        until=at(12, 27),
        decision=submission.LegalAct(number="9/QĐ", on=at(12, 19).date()),
        because=Sealed(key="k", text="t"),
    )
    await desk.outside.inbox.append([codec.encode("cycle/2021", 3, Context(at(12, 19)), extended)])
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 0


async def test_the_calendar_opens_what_is_due(desk: Desk) -> None:
    other = msgspec.structs.replace(ADOPTED, questionnaire="second", opens=at(11, 25))
    await desk.surveys.adopt(OFFICER, other, Context(desk.clock.now(), OFFICER.reference))

    assert await desk.surveys.follow_calendar() == 0
    desk.clock.set(at(11, 25))
    assert await desk.surveys.follow_calendar() == 1


@pytest.mark.parametrize("crash", ["before-counting", "before-discarding"])
async def test_a_crash_while_counting_neither_loses_nor_doubles(desk: Desk, crash: str) -> None:
    for token in await desk.invite(ENOUGH):
        await desk.answer(token)
    drawn = await desk.outside.urn.draw(
        URN, [Box("so-y-te", "invitation")], batch=1, least=1, most=250
    )
    if crash == "before-discarding":
        assert drawn is not None
        fact = events.ResponsesCounted(
            cycle="2021",
            questionnaire="citizens",
            batch=1,
            channel="invitation",
            responses=tuple(
                events.Response(agency="so-y-te", answers=answer["answers"], choices={})
                for answer in drawn.answers
            ),
            receipts=tuple(sorted(drawn.receipts)),
            hasty=0,
        )
        await desk.outside.store.append([codec.encode(STREAM, 4, Context(at(11, 22)), fact)])

    again = desk.restarted()
    again.clock.set(at(12, 20))
    await again.surveys.follow_calendar()

    assert len(await again.counted()) == ENOUGH
    assert await again.waiting() == 0


async def test_two_workers_count_every_answer_once(desk: Desk) -> None:
    twin = desk.restarted()
    for token in await desk.invite(10 * BATCH_ANSWERS_MIN):
        await desk.answer(token)

    await asyncio.gather(
        *(worker.surveys.count_waiting() for worker in (desk, twin) for _ in range(3))
    )
    context = Context(desk.clock.now(), OFFICER.reference)
    await desk.surveys.close(OFFICER, "2021", "citizens", "survey-officer", context)

    assert len(await desk.counted()) == 10 * BATCH_ANSWERS_MIN


class UrnAway(MemoryUrn):
    """An urn whose server is away."""

    async def drawn(self, _: str) -> Sequence[int]:
        """What was drawn cannot be told."""
        raise Unavailable("database-unavailable")


async def test_while_the_urn_is_away_counting_and_the_calendar_say_so(desk: Desk) -> None:
    away = desk_over(replace(desk.outside, urn=UrnAway(SeededChance(1))), desk.clock).surveys
    desk.clock.set(at(12, 20))

    for work in (away.count_waiting, away.follow_calendar):
        with pytest.raises(Unavailable, match="database-unavailable"):
            await work()


class Sleeper(MemoryUrn):
    """An urn one of whose callers falls asleep after it has looked how many wait."""

    def __init__(self) -> None:
        super().__init__(SeededChance(1))
        self.asleep = asyncio.Event()
        self.awake = asyncio.Event()

    async def waiting(self, questionnaire: str) -> Mapping[Box, int]:
        """How many answers of each box have not been drawn."""
        waiting = await super().waiting(questionnaire)
        if not self.asleep.is_set():
            self.asleep.set()
            await self.awake.wait()
        return waiting


async def test_who_slept_while_another_counted_leaves_the_last_batch_enough(desk: Desk) -> None:
    urn = Sleeper()
    outside = replace(desk.outside, urn=urn)
    workers = [desk_over(outside, desk.clock) for _ in range(2)]
    counted = [
        Counting(worker.shelf, urn, CountedReceipts(worker.shelf, urn), desk.clock)
        for worker in workers
    ]
    await drop(urn, "so-noi-vu", 2 * BATCH_ANSWERS_MAX + BATCH_ANSWERS_MIN)

    slept = asyncio.create_task(counted[0].count_some("2021", "citizens"))
    await urn.asleep.wait()
    turns = [await counted[1].count_some("2021", "citizens") for _ in range(2)]
    urn.awake.set()

    assert turns == [2 * BATCH_ANSWERS_MAX, 0]
    assert await slept == 0
    assert await urn.waiting(URN) == {Box("so-noi-vu", "paper"): BATCH_ANSWERS_MIN}
