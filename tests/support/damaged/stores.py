"""Damages to the stores, and what a rebuild and the signing of checkpoints have to say of them."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from services.ranking.application.generations import AGENCIES, CYCLES
from services.ranking.application.notes import CHECKPOINT, COSIGNATURE, LOG_KEY
from shared.runtime.number import LEDGER
from tests.support.damaged.damage import OTHER_SCORE, SCORE
from tests.support.small_cycle import CYCLE

NOTHING = "-"
"""Nothing was found."""

Do = Callable[[sqlite3.Connection], None]
Shown = Mapping[tuple[str, str], Any]

_ASIDE = 1_000_000
"""Where an entry waits while another is moved: no ledger of a test is so long."""

_MOVE = """
    update stored_events set originator_version = ?
    where originator_id = ? and originator_version = ?
"""
_KEEP = """
    insert into stored_events
    select * from stored_events where originator_id = ? and originator_version = ?
"""
_REMOVE = "delete from stored_events where originator_id = ? and originator_version = ?"
_CUT = "delete from stored_events where originator_id = ? and originator_version > ?"
_PUT = "update stored_events set state = ? where originator_id = ? and originator_version = ?"
_READ = "select originator_version, state from stored_events where originator_id = ?"


@dataclass(frozen=True, slots=True)
class StoreDamage:
    """What somebody does to the file of the ledgers, and what has to be said of it.

    By a rebuild from the ledger, by one from the topic, and by whoever signs, after a start.
    """

    name: str
    do: Do
    ledger: str
    topic: str
    signing: str


def damages(size: int) -> Iterator[StoreDamage]:
    """Every damage to the published small cycle, whose ledger has so many entries.

    The newest checkpoint speaks of all of them.
    """
    yield StoreDamage("none", lambda _: None, NOTHING, NOTHING, NOTHING)
    for name, do, ledger, signing in _of_entries(size):
        is_the_same = ledger in {"ledger-cut", "entry-unreadable"}
        topic = ledger if is_the_same else "rebuild-sources-differ"
        yield StoreDamage(name, do, ledger, topic, signing)
    yield from _of_what_nobody_signed(size)
    for name, do, signing in _of_checkpoints():
        damaged = signing if signing == "checkpoint-damaged" else NOTHING
        yield StoreDamage(name, do, damaged, damaged, signing)


def _of_entries(size: int) -> Iterator[tuple[str, Do, str, str]]:
    rewritten = "ledger-rewritten"
    yield "a byte of a score", partial(_replace, SCORE, OTHER_SCORE), rewritten, rewritten
    other = partial(_replace, b"trang 2", b"trang 3")
    yield "a byte that counts for nothing", other, rewritten, rewritten
    later = partial(_replace, b":00.000000", b":00.000001")
    yield "a byte of the time of an entry", later, NOTHING, NOTHING
    nothing = partial(_put, b"x", LEDGER + CYCLE, 5)
    yield "an entry that is none any more", nothing, "entry-unreadable", "entry-lost"
    yield "an entry removed", partial(_remove, LEDGER + CYCLE, 5), "entry-missing", "entry-lost"
    moved = partial(_close_up, 3, size)
    yield "an entry removed, and those behind it moved up", moved, "ledger-cut", "ledger-cut"
    yield "two of one stream swapped", partial(_swap, 3, 4), "version-missing", rewritten
    yield "two of two streams swapped", partial(_swap, 4, 5), rewritten, rewritten
    yield "the tail cut", partial(_cut, LEDGER + CYCLE, size - 3), "ledger-cut", "ledger-cut"
    yield "a number twice", partial(_twice, 5), "entry-missing", "entry-lost"
    yield "a fact twice", partial(_copy, LEDGER + CYCLE, 3, 4), "version-repeated", rewritten
    skipped = partial(_replace, b"so-y-te@2", b"so-y-te@3")
    yield "a version of a stream skipped", skipped, "version-missing", rewritten
    foreign = partial(_replace, b"submission/2021/", b"submission/2020/")
    yield "a fact of another cycle", foreign, "fact-of-another-cycle", rewritten
    future = partial(_replace, b"ScoreSubmitted.v1", b"ScoreSubmitted.v9")
    yield "a fact of the future", future, "fact-unreadable", rewritten


def _of_what_nobody_signed(size: int) -> Iterator[StoreDamage]:
    """The same where no checkpoint speaks of it yet: who signs next signs what is there."""
    other = partial(_replace, SCORE, OTHER_SCORE)
    differ, prefix = "rebuild-sources-differ", "nothing signed, "
    yield StoreDamage(f"{prefix}a byte of a score", _unsigned(other), "differs", differ, NOTHING)
    other = partial(_replace, b"trang 2", b"trang 3")
    name = f"{prefix}a byte that counts for nothing"
    yield StoreDamage(name, _unsigned(other), NOTHING, differ, NOTHING)
    cut = _unsigned(partial(_cut, LEDGER + CYCLE, size - 3))
    yield StoreDamage(f"{prefix}the tail cut", cut, "not-met", "not-met", NOTHING)


def _of_checkpoints() -> Iterator[tuple[str, Do, str]]:
    """There are three of them, and a witness has countersigned the second."""
    place, lost = CHECKPOINT + CYCLE, "checkpoint-lost"
    yield "a checkpoint rolled back", partial(_copy, place, 2, 3), lost
    yield "a checkpoint removed before the newest", partial(_remove, place, 1), lost
    yield "the newest checkpoint removed", partial(_remove, place, 3), NOTHING
    yield "the countersigned one removed, too", partial(_cut, place, 1), lost
    yield "all checkpoints removed", partial(_cut, place, 0), lost
    yield "a checkpoint that is none any more", partial(_put, b"x", place, 3), "checkpoint-damaged"


def of_documents(served: Shown) -> Iterator[tuple[str, Shown, str]]:
    """What becomes of the documents that serve, and what every rebuild says of it."""
    agency = next(place for place in served if place[0] == AGENCIES)
    whole = (CYCLES, CYCLE)
    yield "a document changed", {**served, agency: {**served[agency], "rank": 9}}, "differs"
    left = {place: body for place, body in served.items() if place != agency}
    yield "a document removed", left, "differs"
    yield "a document too many", {**served, (AGENCIES, f"{CYCLE}/nobody"): {}}, "differs"
    further = {**served[whole], "counted_to": _ASIDE}
    yield "a document that goes too far", {**served, whole: further}, "not-met"


def verdict(came: Mapping[str, Any]) -> str:
    """What a rebuild says of a cycle, in a word."""
    if came["state"] == "stopped":
        problem = came["problem"]
        said: str = problem["details"].get("because", problem["code"])
        return said
    return NOTHING if came["state"] in {"serves", "made"} else str(came["state"])


def row(name: str, *verdicts: str) -> str:
    """A damage and its verdicts as a line."""
    return f"{name}: {', '.join(verdicts)}"


# --- What is done


def _replace(old: bytes, new: bytes, file: sqlite3.Connection) -> None:
    """Replace bytes in the first entry that has them."""
    entries = sorted(file.execute(_READ, (LEDGER + CYCLE,)).fetchall())
    number, state = next(each for each in entries if old in each[1])
    _put(state.replace(old, new), LEDGER + CYCLE, number, file)


def _put(state: bytes, stream: str, number: int, file: sqlite3.Connection) -> None:
    assert file.execute(_PUT, (state, stream, number)).rowcount == 1


def _remove(stream: str, number: int, file: sqlite3.Connection) -> None:
    assert file.execute(_REMOVE, (stream, number)).rowcount == 1


def _cut(stream: str, after: int, file: sqlite3.Connection) -> None:
    assert file.execute(_CUT, (stream, after)).rowcount >= 1


def _copy(stream: str, number: int, over: int, file: sqlite3.Connection) -> None:
    """Let an entry stand in the place of another one, too."""
    states = dict(file.execute(_READ, (stream,)).fetchall())
    _put(states[number], stream, over, file)


def _move(number: int, to: int, file: sqlite3.Connection) -> None:
    assert file.execute(_MOVE, (to, LEDGER + CYCLE, number)).rowcount == 1


def _swap(one: int, other: int, file: sqlite3.Connection) -> None:
    for number, to in ((one, _ASIDE), (other, one), (_ASIDE, other)):
        _move(number, to, file)


def _close_up(number: int, size: int, file: sqlite3.Connection) -> None:
    _remove(LEDGER + CYCLE, number, file)
    for each in range(number + 1, size + 1):
        _move(each, each - 1, file)


def _unsigned(do: Do) -> Do:
    """Do something to a ledger of which no checkpoint is left, nor any trace of one."""

    def done(file: sqlite3.Connection) -> None:
        for kind in (CHECKPOINT, COSIGNATURE, LOG_KEY):
            _cut(kind + CYCLE, 0, file)
        do(file)

    return done


def _twice(number: int, file: sqlite3.Connection) -> None:
    """Take the keys from the table, which would not have it, and keep an entry twice."""
    file.execute("alter table stored_events rename to before")
    file.execute("create table stored_events as select * from before")
    file.execute("drop table before")
    assert file.execute(_KEEP, (LEDGER + CYCLE, number)).rowcount == 1
