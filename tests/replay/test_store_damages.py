"""Every kind of damage to a ledger's store is found, and named; what is not is said to be so."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.ranking.application import Notes, Rebuilder, Signing, Trees
from services.ranking.application.generations import CYCLES, DRAWN
from shared.adapters.eventstore.sqlite import SqliteEventStore
from shared.ledger import note
from shared.ports import Document
from tests.support import tally
from tests.support.damaged.stores import NOTHING, Shown, damages, of_documents, row, verdict
from tests.support.failing import everything
from tests.support.ranking import Ranking, came_to
from tests.support.small_cycle import CYCLE, OPENED_AT
from tests.support.witness import WITNESS

DAMAGES_MIN = 20
UNFOUND_BY_ALL = {"none", "the newest checkpoint removed"}

Record = Callable[[str, Any], None]


async def keep(service: Ranking, path: Path) -> int:
    """Keep the ledger in a file, with its checkpoints and a witness's line; gives its size."""
    inbox = service.outside.inbox
    notes = Notes(inbox)
    _, second, newest = await notes.checkpoints(CYCLE)
    line = note.from_line(WITNESS.line(note.to_bytes(second.note)))
    await notes.cosign(CYCLE, second.note.text, line, OPENED_AT)
    store = SqliteEventStore(path)
    await store.append(await everything(inbox))
    await store.close()
    return newest.checkpoint.size


async def verdicts(service: Ranking, path: Path) -> tuple[str, str, str]:
    """What is said of a ledger: from the ledger, from the topic, and by whoever signs."""
    store = SqliteEventStore(path)
    try:
        rebuilder = Rebuilder(replace(service.stores(), inbox=store), "again")
        ledger = await came_to(rebuilder, "ledger", "never")
        topic = await came_to(rebuilder, "topic", "never")
        notes, outside = Notes(store), service.outside
        await Signing(Trees(store), notes, outside.notary, outside.clock).step()
        alarm = await notes.alarm(CYCLE)
    finally:
        await store.close()
    return verdict(ledger.body), verdict(topic.body), alarm.code if alarm else NOTHING


async def show(service: Ranking, shown: Shown) -> None:
    """Let other documents serve, drawn from as many entries."""
    documents = service.outside.documents
    whole = await documents.get(CYCLES, CYCLE)
    assert whole is not None
    for collection in DRAWN:
        of_it = [(key, body) for (name, key), body in shown.items() if name == collection]
        await documents.drop(collection)
        await documents.put(
            collection, [Document(key, whole.position, body) for key, body in of_it]
        )


async def test_every_damage_to_the_store_of_a_ledger_is_named_by_whoever_looks(
    published: Ranking, tmp_path: Path, record_property: Record
) -> None:
    sound, path, rows = tmp_path / "sound.db", tmp_path / "inbox.db", {}
    size = await keep(published, sound)
    unfound = set()

    for damage in damages(size):
        shutil.copy(sound, path)
        with closing(sqlite3.connect(path)) as file, file:
            damage.do(file)
        found = await verdicts(published, path)
        assert found == (damage.ledger, damage.topic, damage.signing), damage.name
        if set(found) == {NOTHING}:
            unfound.add(damage.name)
        rows[row(damage.name, *found)] = {"finders": sum(each != NOTHING for each in found)}
        path.unlink()
    for name, shown, expected in of_documents(await published.documents()):
        await show(published, shown)
        found = await verdicts(published, sound)
        assert found == (expected, expected, NOTHING), name
        rows[row(name, *found)] = {"finders": 2}

    tally.count(record_property, "damages to a store: from ledger, from topic, by who signs", rows)
    assert len(rows) >= DAMAGES_MIN
    assert unfound == UNFOUND_BY_ALL
