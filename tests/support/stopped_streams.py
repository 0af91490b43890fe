"""An inbox with a sick stream and a well one, and how it is read what of them is stopped."""

from collections.abc import Sequence

from shared.adapters.memory import MemoryEventStore
from shared.events.codec import Stored
from shared.kernel.errors import Conflict, Forbidden, Missing, Problem, Stale, Unavailable
from shared.runtime.parked import Parked, StoppedStream
from tests.support.claims import stored

SICK, WELL = "submission/2021/so-y-te", "submission/2021/so-noi-vu"
POISON = f"{SICK}@2"
NOW = 0.0
"""Stopped streams are tried again with every step."""

FAILURES = [
    Missing("cycle-unknown"),
    Forbidden("role-not-allowed"),
    Stale("version-required"),
    Problem("scheme-invalid"),
    Conflict("table-changed"),
    Unavailable("stream-unreadable", fact=POISON),
    KeyError("Nguyễn Văn A"),
    AssertionError(),
]


async def inbox_with(*facts: Stored) -> MemoryEventStore:
    inbox = MemoryEventStore()
    await inbox.append(facts)
    return inbox


async def an_inbox() -> MemoryEventStore:
    """Two streams of three facts, each of which leads to a command."""
    return await inbox_with(
        *(stored(version, f"{version}", stream) for version in (1, 2, 3) for stream in (SICK, WELL))
    )


async def stopped(inbox: MemoryEventStore, store: MemoryEventStore) -> Sequence[StoppedStream]:
    return (await Parked(inbox, store).waiting()).stopped


def ids(stream: str, *versions: int) -> list[str]:
    return [f"{stream}@{version}" for version in versions]
