"""A store of ledgers that somebody who has the database writes anew, behind everybody's back."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from services.ranking.application.notes import CHECKPOINT
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.ledger import entry
from shared.ledger.entry import Entry
from shared.runtime.number import LEDGER
from tests.support.signing_office import FACTS, Office
from tests.support.small_cycle import CYCLE, OPENED_AT

PUT_ENTRY = "update stored_events set state = ? where originator_id = ? and originator_version = ?"
REMOVE = "delete from stored_events where originator_id = ? and originator_version = ?"
SIGNED = 9
EXCHANGED = 3


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Office]:
    """The office on a store in a file."""
    store = SqliteEventStore(path)
    try:
        yield Office(store)
    finally:
        await store.close()


def rewrite(path: Path, statement: str, *values: object) -> None:
    """What somebody does who has the database."""
    connection = sqlite3.connect(path)
    with connection:
        changed = connection.execute(statement, values).rowcount
    connection.close()
    assert changed >= 1


def exchange_an_entry(path: Path) -> None:
    """Let an agency have said something else."""
    _put(path, FACTS[EXCHANGED - 1].replace(b"3.25", b"4.00"))


def put_it_back(path: Path) -> None:
    """Let the entry that was exchanged stand as it stood."""
    _put(path, FACTS[EXCHANGED - 1])


def remove(path: Path, number: int) -> None:
    """Take a checkpoint away."""
    rewrite(path, REMOVE, CHECKPOINT + CYCLE, number)


async def signed_and_exchanged(path: Path) -> None:
    """A ledger of which an entry was exchanged after all of it was signed."""
    async with opened(path) as office:
        await office.number(*FACTS[:SIGNED])
        await office.worker().step()
    exchange_an_entry(path)


def _put(path: Path, fact: bytes) -> None:
    kept = entry.to_bytes(Entry(OPENED_AT, fact))
    rewrite(path, PUT_ENTRY, kept, LEDGER + CYCLE, EXCHANGED)
