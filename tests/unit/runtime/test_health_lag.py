"""How far behind a loop is: in facts, and in the seconds for which the oldest has waited."""

import asyncio
from collections.abc import Iterator

import pytest

from shared.runtime import health
from shared.runtime.health import LOOK_EVERY_S, LOOK_S_MAX, Health
from shared.runtime.loop import Loop
from shared.runtime.pulse import Progress
from tests.support import quick_time
from tests.support.watched_loop import AWAY, Source, hang, lag_after, unknown


def test_whoever_watches_outlives_what_a_look_meets(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> int | None:
        found: Iterator[Exception | Progress] = iter((ValueError("a mistake"), Progress(1, 8)))

        async def progress() -> Progress:
            each = next(found)
            if isinstance(each, Progress):
                return each
            raise each

        watch = Health([Loop("test", hang, progress=progress)])
        watching = asyncio.create_task(watch.watch())
        await asyncio.sleep(LOOK_EVERY_S / 2)
        [seen] = await watch.lags()
        watching.cancel()
        return seen.facts

    assert quick_time.run(main()) == 7
    assert "test cannot tell how far it is" in caplog.text


async def stands_still() -> Progress:
    """A source that takes a question, and never answers."""
    await asyncio.sleep(1_000_000)
    return Progress(0, 0)


def test_whoever_asks_is_answered_within_one_look_however_many_ask() -> None:
    async def main() -> list[float]:
        time_s = asyncio.get_running_loop().time
        watch = Health([Loop("test", hang, progress=stands_still)])
        watching = asyncio.create_task(watch.watch())

        async def took(at_s: float) -> float:
            await asyncio.sleep(at_s)
            await watch.lags()
            return time_s() - at_s

        moments_s = [0.25 * quarter for quarter in range(60)]
        took_s = await asyncio.gather(*(took(at_s) for at_s in moments_s))
        watching.cancel()
        return took_s

    took_s = quick_time.run(main())

    assert 0 < max(took_s) <= LOOK_S_MAX


def test_who_waits_for_one_that_stands_still_hears_how_the_others_stand_now() -> None:
    async def main() -> list[int | None]:
        ends = iter(range(10))

        async def answers() -> Progress:
            return Progress(0, next(ends))

        loops = [Loop("test", hang, progress=each) for each in (stands_still, answers)]
        watch = Health(loops)
        watching = asyncio.create_task(watch.watch())
        await asyncio.sleep(LOOK_S_MAX / 2)
        told = await watch.lags()
        watching.cancel()
        return [lag.facts for lag in told]

    assert quick_time.run(main()) == [None, 1]


def test_a_loop_that_always_fails_says_for_how_long() -> None:
    seen = lag_after(Loop("test", Source(0, failure=ValueError("a mistake")).step), 100)

    assert seen.failure == "ValueError"
    assert seen.failing_s >= 90


def told(*progress: Progress | None) -> list[tuple[int | None, float | None]]:
    """The lag at each of these looks, ten seconds after the one before; None: it was away."""

    async def main() -> list[tuple[int | None, float | None]]:
        found, seen = iter(progress), []

        async def look() -> Progress:
            each = next(found)
            if each is None:
                raise AWAY
            return each

        watch = Health([Loop("test", hang, progress=look)])
        for _ in progress:
            [lag] = await watch.lags()
            seen.append((lag.facts, lag.seconds))
            await asyncio.sleep(10)
        return seen

    return quick_time.run(main())


def test_lag_is_told_in_facts_and_in_seconds_for_which_the_oldest_has_waited() -> None:
    looks = [Progress(5, 5), Progress(5, 8), Progress(5, 9), Progress(8, 9), Progress(9, 9)]

    assert told(*looks) == [(0, 0.0), (3, 0.0), (4, 10.0), (1, 10.0), (0, 0.0)]


def test_who_is_always_a_little_behind_lags_a_little() -> None:
    assert told(*(Progress(each, each + 1) for each in range(400)))[-1] == (1, 0.0)


def test_a_lag_grows_on_while_nobody_can_tell_it() -> None:
    seen = told(Progress(5, 5), Progress(5, 8), None, Progress(5, 8))

    assert seen == [(0, 0.0), (3, 0.0), (None, 10.0), (3, 20.0)]


def test_whoever_reads_something_else_begins_anew() -> None:
    """As the members of a group do, when partitions are dealt."""
    seen = told(Progress(0, 4), Progress(0, 4), Progress(0, 2), Progress(0, 2))

    assert seen == [(4, 0.0), (4, 10.0), (2, 0.0), (2, 10.0)]


def test_the_looks_that_are_remembered_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "ENDS_REMEMBERED_MAX", 3)

    seen = told(*(Progress(0, end) for end in range(1, 9)), Progress(1, 8), Progress(2, 8))

    assert seen[-2:] == [(7, 70.0), (6, 20.0)]


def test_a_lag_that_cannot_be_told_is_unknown() -> None:
    async def main() -> list[tuple[object, object]]:
        watch = Health([Loop("test", hang, progress=unknown), Loop("without", hang)])
        bodies = [lag.body for lag in await watch.lags()]
        return [(body["lag_facts"], body["lag_s"]) for body in bodies]

    assert quick_time.run(main()) == [(None, None)] * 2


@pytest.mark.parametrize(("waiting", "told"), [(0, None), (3, 3)])
def test_who_fails_is_behind_for_as_long_as_it_fails(waiting: int, told: int | None) -> None:
    """Nothing may wait by its own account; but it knows not what it left half done."""
    lag = lag_after(Source(waiting, failure=AWAY).loop(), 100)

    assert lag.facts == told
    assert lag.seconds is not None
    assert lag.seconds >= 90
