"""The judge looks into every inbox: what is missing there, or is too much, is said by its place."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import pytest
from msgspec import structs

from shared.events.codec import Stored
from shared.ports import EventStore, Tracking
from shared.runtime.keep import ALTERED, PARKED
from shared.runtime.react import STOPPED, track_of
from shared.runtime.service import Outside
from tests.faults.judged.diary import Diary
from tests.faults.judged.judge import findings
from tests.faults.judged.remains import VIEWS, Remains, Told, is_heard, kept_by
from tests.faults.kill.cycle import CYCLE
from tests.faults.real.remains import alarms
from tests.support.outside import memory_outside
from tests.support.told import whole_cycle
from tests.support.wanted import WANTED

SAYS = {
    "submission": ("cycle/", "submission/"),
    "appraisal": ("appraisal/",),
    "survey": ("survey/",),
    "ranking": (),
}
SCORE, PROOF = "submission/2021/so-y-te@1", "submission/2021/so-y-te@2"

READY = "2026-11-27 01:50:00,000 INFO services: ranking worker is ready\n"
AWAY = "2026-11-27 01:50:01,000 ERROR aiokafka: Unable connect to node with id 1\n"
CRASHED = """\
Traceback (most recent call last):
  File "services/ranking/__main__.py", line 7, in <module>
ValueError: odd
"""

Facts = Sequence[Stored]


def _without_the_last(facts: Facts) -> Facts:
    return [fact for fact in facts if fact.id != PROOF]


def _without_the_first(facts: Facts) -> Facts:
    return [fact for fact in facts if fact.id != SCORE]


def _in_other_words(facts: Facts) -> Facts:
    return [structs.replace(f, body=f.body + b" ") if f.id == SCORE else f for f in facts]


def _of_nobody(facts: Facts) -> Facts:
    return [*facts, structs.replace(facts[0], stream="survey/2021/leaders", version=1)]


def _beside(kind: str) -> Callable[[Facts], Facts]:
    def change(facts: Facts) -> Facts:
        return [*facts, *(f.kept_in(kind + f.stream) for f in facts if f.id == SCORE)]

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (list, []),
        (_without_the_last, [f"lost: {PROOF} is not in the inbox of appraisal"]),
        (
            _without_the_first,
            [
                f"gap: {PROOF} in the inbox of appraisal",
                f"lost: {SCORE} is not in the inbox of appraisal",
            ],
        ),
        (_in_other_words, [f"altered: {SCORE} in the inbox of appraisal"]),
        (_of_nobody, ["invented: survey/2021/leaders@1 in the inbox of appraisal"]),
        (_beside(PARKED), [f"set aside: {PARKED}{SCORE} beside the inbox of appraisal"]),
        (_beside(ALTERED), [f"set aside: {ALTERED}{SCORE} beside the inbox of appraisal"]),
        (_beside(STOPPED), [f"set aside: {STOPPED}{SCORE} beside the inbox of appraisal"]),
    ],
)
def test_what_an_inbox_holds_is_held_against_what_was_said(
    change: Callable[[Facts], Facts], found: Sequence[str]
) -> None:
    assert asyncio.run(_found(change)) == found


async def test_what_goes_on_is_not_said_to_be_stopped() -> None:
    worlds = await _worlds(_beside(STOPPED))
    reached = Tracking(track_of(SCORE.partition("@")[0]), 1)
    await worlds["appraisal"].store.append([], tracking=reached)

    assert (await kept_by("appraisal", worlds["appraisal"], CYCLE)).beside == []


@pytest.mark.parametrize("change", [_without_the_first, _without_the_last])
def test_what_was_not_heard_yet_is_waited_for(change: Callable[[Facts], Facts]) -> None:
    said = whole_cycle()
    heard = {service: _wanted(service, said) for service in WANTED}

    assert is_heard(said, heard)
    assert not is_heard(said, {**heard, "appraisal": change(heard["appraisal"])})


def test_a_receipt_that_was_acknowledged_and_is_not_in_the_log_is_lost() -> None:
    diary = Diary(receipts={"a-receipt"})

    assert asyncio.run(_found(list, diary, "receipt")) == ["lost receipt: a-receipt"]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (AWAY, []),
        (f"{READY}{CRASHED}", [f"log: {READY.strip()} | {' | '.join(CRASHED.splitlines())}"]),
        (f"{CRASHED}{READY}", [f"log: {' | '.join(CRASHED.splitlines())}"]),
    ],
    ids=["a server is away", "at last", "at first"],
)
def test_a_process_that_died_of_an_error_is_found(said: str, found: Sequence[str]) -> None:
    """Nobody has logged it, and it follows whatever was logged before."""
    assert asyncio.run(_found(list, about="log: ", log=alarms(said))) == found


async def _found(
    change: Callable[[Facts], Facts],
    diary: Diary | None = None,
    about: str = "the inbox of",
    log: str = "",
) -> Sequence[str]:
    """What the judge says about something, where the inbox of appraisal is changed."""
    worlds = await _worlds(change)
    nothing = {"root": "", "digest": "", "claims": ()}
    remains = Remains(
        told=Told(b"", nothing, "", {}, {}),
        kept={service: await kept_by(service, worlds[service], CYCLE) for service in VIEWS},
        topic=[],
        files={},
        verified=nothing,
        log=log,
    )
    return sorted(each for each in findings(diary or Diary(), remains) if about in each)


async def _worlds(change: Callable[[Facts], Facts]) -> Mapping[str, Outside]:
    said, worlds = whole_cycle(), {service: memory_outside() for service in VIEWS}
    for service, world in worlds.items():
        await world.store.append([f for f in said if f.stream.startswith(SAYS[service])])
        if service in WANTED:
            await _hear(world.inbox, service, change if service == "appraisal" else list)
    return worlds


async def _hear(inbox: EventStore, service: str, change: Callable[[Facts], Facts]) -> None:
    await inbox.append(change(_wanted(service, whole_cycle())))


def _wanted(service: str, said: Facts) -> Facts:
    return [fact for fact in said if fact.stream.startswith(WANTED[service])]
