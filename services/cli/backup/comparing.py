"""What was restored, held against what was signed, what was saved, and what each service has said.

The ledgers are counted again by the offline verifier, from their bytes and the signed checkpoints
alone: roots, and the digest of every table that was approved or published.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from services.cli.backup.copied import is_whole
from services.ranking import main as ranking
from shared.adapters import signature
from shared.adapters.backup import Fault, Saved, folder, lines
from shared.events import codec
from shared.events.codec import Stored
from shared.ledger import entry, note
from shared.ledger.note import Illegible, Key
from shared.ports import EventStore
from shared.runtime.number import LEDGER, entries
from shared.runtime.react import named
from shared.runtime.service import Outside
from shared.verify import Given, Unusable, verify_entries

CHECKPOINT, LOG_KEY = "checkpoint/", "log-key/"
PAGE_FACTS = 500
NAMED_MAX = 100
"""So many facts, or files, are named."""


@dataclass(slots=True)
class Compared:
    """What a comparison came to: how much was compared, by name, and what is not as it should be.

    More faults than are named are counted.
    """

    counts: dict[str, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def count(self, name: str, number: int = 1) -> None:
        """Count what was compared."""
        self.counts[name] = self.counts.get(name, 0) + number

    def find(self, code: str, **details: str) -> None:
        """Note what is wrong."""
        if len(self.faults) < NAMED_MAX:
            self.faults.append(Fault(code, details))
        else:
            self.count("faults_not_named")


async def notes_of(inbox: EventStore, saved: Saved, came: Compared) -> Sequence[Stored]:
    """The notes that were saved, which have to be at least those beside the ledgers."""
    notes = list(lines.stored(saved.path(folder.NOTES)))
    known = {(each.stream, each.version): each.body for each in notes}
    for kind in ranking.NOTES:
        async for stream in named(inbox, kind):
            for each in await inbox.stream(stream, limit=len(notes) + 1):
                if known.get((each.stream, each.version)) != each.body:
                    came.find("drill-note-differs", note=each.id)
    came.count("notes", len(notes))
    return notes


async def ledgers(inbox: EventStore, notes: Sequence[Stored], came: Compared) -> None:
    """Count every ledger again, and hold it against what was signed and stated."""
    cycles = {each.stream.partition("/")[2] for each in notes}
    async for stream in named(inbox, LEDGER):
        cycles.add(stream.removeprefix(LEDGER))
    for cycle in sorted(cycles):
        facts = [kept.fact async for _, kept in entries(inbox, LEDGER + cycle)]
        _verify(cycle, facts, notes, came)


def _verify(cycle: str, facts: Sequence[bytes], notes: Sequence[Stored], came: Compared) -> None:
    keys = list(_keys(cycle, notes))
    signed = [entry.from_bytes(each.body).fact for each in _of(CHECKPOINT + cycle, notes)]
    came.count("checkpoints", len(signed))
    came.count("facts", len(facts))
    if not signed and facts:
        came.find("drill-nothing-signed", cycle=cycle)
    try:
        report = verify_entries(facts, Given(signature.verify, keys, signed))
    except Unusable as unusable:
        came.find("drill-ledger-unusable", cycle=cycle, because=unusable.code)
        return
    came.count("results", len(report.claims))
    for fault in report.faults:
        place = {"cycle": cycle, "entry": str(fault.number), "fault": fault.code}
        because = f"{fault.vietnamese} · {fault.english}"
        came.find("drill-ledger-differs", because=because, **place)


def _keys(cycle: str, notes: Sequence[Stored]) -> Sequence[Key]:
    """The keys by which the log has signed; one that is none is none of them."""
    found: list[Key] = []
    for each in _of(LOG_KEY + cycle, notes):
        try:
            found.append(note.from_verifier_key(entry.from_bytes(each.body).fact.decode()))
        except (Illegible, UnicodeDecodeError):
            continue  # What it signed is without a known signature then, and is named.
    return found


def _of(stream: str, notes: Sequence[Stored]) -> Sequence[Stored]:
    return [each for each in notes if each.stream == stream]


# --- Facts, and the files that they name


async def facts(worlds: Mapping[str, Outside], came: Compared) -> None:
    """See that the ledgers have every fact of every service, byte by byte."""
    inbox = worlds[ranking.NAME].inbox
    told: set[bytes] = set()
    async for stream in named(inbox, LEDGER):
        async for _, kept in entries(inbox, stream):
            told.add(sha256(kept.fact).digest())
    for world in worlds.values():
        async for fact in said(world.store):
            came.count("facts_of_services")
            if sha256(fact.body).digest() not in told:
                came.find("drill-fact-lost", fact=fact.id)


async def evidence(worlds: Mapping[str, Outside], came: Compared) -> None:
    """See that every file that a fact names can be read as it was."""
    for world in worlds.values():
        seen: set[str] = set()
        async for fact in said(world.store):
            name = _file_of(fact)
            if name and name not in seen:
                seen.add(name)
                came.count("files_named")
                if not await is_whole(world.files, name):
                    came.find("drill-file-missing", sha256=name, fact=fact.id)


async def said(store: EventStore) -> AsyncIterator[Stored]:
    """All that a service has said, in the order in which it did."""
    after = 0
    while page := await store.log(after=after, limit=PAGE_FACTS):
        for logged in page:
            yield logged.fact
        after = page[-1].position


def _file_of(fact: Stored) -> str | None:
    """The file that a fact names, by its SHA-256; what cannot be read here names none."""
    try:
        told: Any = codec.decode(fact.body).data
    except codec.Unreadable:
        return None
    name: str | None = getattr(getattr(told, "file", told), "sha256", None)
    return name
