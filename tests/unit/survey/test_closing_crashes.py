"""A closing that somebody began is finished, wherever it broke off, and by nobody too early."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from services.survey.application.closing import LEFT_AFTER
from services.survey.domain import questionnaire as domain
from services.survey.policy import CloseCycle
from shared.events import codec, submission
from shared.events import survey as events
from shared.events.envelope import Context, Sealed
from tests.support.frail import Crashed, Line
from tests.support.small_cycle import at, opened_cycle
from tests.support.survey_desk import (
    CITIZENS,
    ENOUGH,
    OFFICER,
    URN,
    Desk,
    desk_over,
    drop,
    opened_desk,
)

CALLS_MAX = 80
WITHDRAWN = submission.CycleWithdrawn(
    cycle="2021",
    decision=submission.LegalAct(number="9/QĐ", on=at(11, 22).date()),
    because=Sealed(key="k", text="t"),
)
EXTENDED = submission.DeadlineExtended(
    cycle="2021",
    phase="survey",
    agency=None,
    until=at(12, 27),
    decision=submission.LegalAct(number="9/QĐ", on=at(12, 19).date()),
    because=Sealed(key="k", text="t"),
)
CAUSE = opened_cycle()[0]


@dataclass
class Keyring:
    """Names of keys that sign ballots."""

    names: set[str] = field(default_factory=lambda: {"2021/citizens/so-y-te"})

    async def make(self, name: str) -> str:
        """Nobody asks for one here."""
        raise AssertionError(name)

    async def sign(self, name: str, blinded: bytes) -> bytes:
        """Nobody asks for it here."""
        raise AssertionError(name, blinded)

    async def destroy(self, name: str) -> None:
        """Forget it."""
        self.names.discard(name)

    def verify(self, public_key: str, ballot: bytes, signature: bytes) -> bool:
        """Nobody asks for it here."""
        raise AssertionError(public_key, ballot, signature)


def context(desk: Desk) -> Context:
    return Context(desk.clock.now(), OFFICER.reference)


async def answered(keys: Keyring) -> Desk:
    """A questionnaire that gives ballots, and answers that wait in its urn."""
    opened = await opened_desk()
    desk = desk_over(replace(opened.outside, ballots=keys), opened.clock)
    command = domain.AdoptBallotKeys((("so-y-te", "a key"),))
    await desk.shelf.decide(*CITIZENS, command, context(desk))
    await drop(desk.outside.urn, "so-y-te", ENOUGH + 1)
    return desk


def over(line: Line, desk: Desk) -> Desk:
    world = desk.outside
    frail = replace(
        world, store=line.to(world.store), urn=line.to(world.urn), ballots=line.to(world.ballots)
    )
    return desk_over(frail, desk.clock)


async def withdraw(desk: Desk) -> None:
    stored = codec.encode("cycle/2021", 3, Context(desk.clock.now()), WITHDRAWN)
    await desk.outside.inbox.append([stored])


async def turn(desk: Desk, seconds: int) -> None:
    """So many turns of the worker, a second each."""
    for _ in range(seconds):
        desk.clock.set(desk.clock.now() + timedelta(seconds=1))
        await desk.surveys.count_waiting()
        await desk.surveys.follow_calendar()


async def closed_once(desk: Desk, keys: Keyring) -> str:
    """Why it was closed, once, with every answer in it."""
    [closed] = [fact for fact in await desk.facts() if isinstance(fact, events.SurveyClosed)]
    assert closed.responses == len(await desk.counted()) == ENOUGH + 1
    assert await desk.waiting() == 0
    assert keys.names == set()
    return closed.closed_by


@pytest.mark.parametrize("afterwards", [False, True])
async def test_what_an_officer_began_to_close_the_worker_closes_within_seconds(
    *, afterwards: bool
) -> None:
    crashes, finished = 0, list[str]()
    while crashes < CALLS_MAX:
        keys = Keyring()
        desk = await answered(keys)
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        dying = over(line, desk).surveys
        try:
            await dying.close_by_hand(OFFICER, CITIZENS, context(desk), despite_ballots=False)
        except Crashed:
            crashes += 1
        else:
            break

        await turn(desk.restarted(), 10)

        if (await desk.outside.urn.standing(URN)).shut:
            assert await closed_once(desk, keys) == "survey-officer", line.said
            finished.append(line.said[-1])
        else:  # It is as open as before: the officer heard nothing, and says it again.
            await drop(desk.outside.urn, "so-noi-vu", 1)

    assert {"end_exchange", "shut", "draw", "append", "discard", "destroy"} <= set(line.said)
    assert {"draw", "append", "discard", "destroy"} <= set(finished)


@pytest.mark.parametrize("afterwards", [False, True])
async def test_what_a_withdrawal_began_to_close_the_worker_closes(*, afterwards: bool) -> None:
    crashes = 0
    while crashes < CALLS_MAX:
        keys = Keyring()
        desk = await answered(keys)
        await withdraw(desk)
        line = Line(dies_at=crashes + 1, afterwards=afterwards)
        try:
            await over(line, desk).surveys.perform(CloseCycle("2021"), CAUSE, None)
        except Crashed:
            crashes += 1
        else:
            break

        await turn(desk.restarted(), 10)

        assert await closed_once(desk, keys) == "withdrawal", line.said

    assert {"shut", "draw", "append", "discard", "destroy"} <= set(line.said)


async def test_what_is_half_closed_when_its_time_is_over_was_closed_by_the_calendar() -> None:
    keys = Keyring()
    desk = await answered(keys)
    await desk.outside.urn.shut(URN)
    desk.clock.set(at(12, 20))

    assert await desk.surveys.follow_calendar() == 1

    assert await closed_once(desk, keys) == "calendar"


async def test_what_the_calendar_half_closed_is_the_calendars_though_its_end_is_put_off() -> None:
    desk = await opened_desk()
    desk.clock.set(at(12, 20))
    await desk.outside.urn.shut(URN)  # Here the worker died.
    stored = codec.encode("cycle/2021", 3, Context(desk.clock.now()), EXTENDED)
    await desk.outside.inbox.append([stored])

    await turn(desk, 2 * LEFT_AFTER.seconds)

    [closed] = [fact for fact in await desk.facts() if isinstance(fact, events.SurveyClosed)]
    assert closed.closed_by == "calendar"


async def test_whoever_is_at_it_is_left_alone_as_long_as_something_is_recorded() -> None:
    desk = await opened_desk()
    await desk.outside.urn.shut(URN)
    for number in range(3 * LEFT_AFTER.seconds):
        command = domain.EnterPile(f"pile-{number}", (("so-y-te", 1),), ("a", "b"))
        await desk.shelf.decide(*CITIZENS, command, context(desk))
        await turn(desk, 1)

    before = [fact for fact in await desk.facts() if isinstance(fact, events.SurveyClosed)]
    await turn(desk, LEFT_AFTER.seconds)

    assert before == []
    assert isinstance((await desk.facts())[-1], events.SurveyClosed)


async def test_an_open_urn_is_closed_by_nobody_before_its_time() -> None:
    desk = await answered(Keyring())

    await turn(desk, 3 * LEFT_AFTER.seconds)

    assert not [fact for fact in await desk.facts() if isinstance(fact, events.SurveyClosed)]
