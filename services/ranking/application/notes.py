"""What is kept of the checkpoints, for ever and beside the ledgers that they speak of.

    checkpoint/{cycle}    the checkpoints in their order, as notes that the log's key has signed
    cosignature/{cycle}   a checkpoint's text again, each time with the line of one witness
    log-key/{cycle}       the keys by which the notes can be checked, the newest last
    alarm/{cycle}         what looking for a rewritten history came to, each time that it changed,
                          and the acts by which an alarm was acknowledged

All are kept as `shared.ledger.entry` writes them. They are no facts: nothing is counted from them,
and whoever follows the ledgers passes over them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from shared.events.codec import Stored
from shared.kernel.errors import Refused
from shared.ledger import checkpoint, entry, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.entry import Entry
from shared.ledger.note import Note, Signature
from shared.ports import EventStore
from shared.runtime.number import LEDGER
from shared.runtime.react import named

CHECKPOINT = "checkpoint/"
COSIGNATURE = "cosignature/"
LOG_KEY = "log-key/"
ALARM = "alarm/"
KINDS = (CHECKPOINT, COSIGNATURE, LOG_KEY, ALARM)
PAGE_NOTES = 1_000


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint as it was signed, and its number among those of its ledger."""

    number: int
    at: datetime
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Act:
    """Who acknowledged which alarm, by which decision and of which day; no text of a person's."""

    alarm: int
    by: str
    decision: str
    on: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the last look for a rewritten history came to; without a code all was well again.

    With an `act` it is the one before, which stands on, and hinders nobody any more.
    """

    number: int
    at: datetime
    code: str
    act: Act | None = None

    @property
    def named(self) -> int:
        """The number by which people name it."""
        return self.act.alarm if self.act else self.number

    @property
    def hinders(self) -> bool:
        """Whether nothing may be made public."""
        return bool(self.code) and self.act is None

    @property
    def body(self) -> dict[str, Any] | None:
        """The same as it is shown: nothing where all is well."""
        if not self.code:
            return None
        shown = {"number": self.named, "code": self.code, "at": self.at.isoformat()}
        if self.act is None:
            return shown
        decision = {"number": self.act.decision, "on": self.act.on}
        return {**shown, "acknowledged_by": self.act.by, "decision": decision}


class Notes:
    """The notes of all ledgers; several of these on one store do no harm.

    Whatever is kept here raises `Refused("checkpoint-damaged")` where it cannot be read any more.
    """

    def __init__(self, store: EventStore) -> None:
        self._store = store
        self._checkpoints: dict[str, list[Kept]] = {}
        self._cosigned: dict[str, list[Note]] = {}

    async def end(self) -> int:
        """A position that moves whenever a ledger grows, or something is kept of one."""
        return await self._store.end()

    async def cycles(self) -> Sequence[str]:
        """The cycles that have a ledger, or had one when a checkpoint was signed, by name."""
        found = {
            name.partition("/")[2]
            for kind in (LEDGER, CHECKPOINT)
            async for name in named(self._store, kind)
        }
        return sorted(found)

    def forget(self, cycle: str) -> None:
        """Forget what was read of a ledger, so that it is read from the store again."""
        self._checkpoints.pop(cycle, None)
        self._cosigned.pop(cycle, None)

    # -------------------------------------------------------------------------- checkpoints

    async def last(self, cycle: str) -> Kept | None:
        """The newest checkpoint, always from the store."""
        stored = await self._store.last(CHECKPOINT + cycle)
        return _kept(stored) if stored else None

    async def checkpoints(self, cycle: str) -> Sequence[Kept]:
        """All of them, the newest last."""
        known = self._checkpoints.get(cycle, [])
        read = await _behind(self._store, CHECKPOINT + cycle, len(known))
        known = [*known, *[_kept(stored) for stored in read]]
        if known and known[-1].number == len(known):
            self._checkpoints[cycle] = known  # One that is missing may come back, behind these.
        return known

    async def keep(self, cycle: str, kept: Kept, key: str) -> None:
        """Keep the next checkpoint, with its key where that is a new one.

        Raises `Conflict("version-taken")` where somebody else has kept a checkpoint of that number.
        """
        keys = await self.keys(cycle)
        news = [_stored(CHECKPOINT + cycle, kept.number, kept.at, note.to_bytes(kept.note))]
        if key not in keys[-1:]:
            news.append(_stored(LOG_KEY + cycle, len(keys) + 1, kept.at, key.encode()))
        await self._store.append(news)

    async def keys(self, cycle: str) -> Sequence[str]:
        """The verifier keys of the log, the newest last."""
        read = await _behind(self._store, LOG_KEY + cycle, 0)
        return [_entry(stored).fact.decode(errors="replace") for stored in read]

    # ------------------------------------------------------------------------- cosignatures

    async def cosignatures(self, cycle: str) -> Mapping[str, Sequence[Signature]]:
        """The lines of witnesses, by the text of the checkpoint that they stand under."""
        known = self._cosigned.get(cycle, [])
        read = await _behind(self._store, COSIGNATURE + cycle, len(known))
        known += [_note(stored) for stored in read if stored.version > len(known)]
        if known:
            self._cosigned[cycle] = known
        lines: dict[str, list[Signature]] = {}
        for cosigned in known:
            lines.setdefault(cosigned.text, []).extend(cosigned.signatures)
        return lines

    async def cosign(self, cycle: str, text: str, line: Signature, at: datetime) -> None:
        """Keep the line of a witness; the first of each witness under each checkpoint stays.

        Raises `Conflict("version-taken")` where another one came at the same moment.
        """
        before = (await self.cosignatures(cycle)).get(text, ())
        if (line.name, line.key_id) in {(each.name, each.key_id) for each in before}:
            return
        number = len(self._cosigned.get(cycle, [])) + 1
        written = note.to_bytes(Note(text, (line,)))
        await self._store.append([_stored(COSIGNATURE + cycle, number, at, written)])

    # ------------------------------------------------------------------------------- alarms

    async def alarm(self, cycle: str) -> Alarm | None:
        """What the last look came to, where any ever came to something."""
        stored = await self._store.last(ALARM + cycle)
        if stored is None:
            return None
        return _alarm(stored)

    async def acknowledged(self, cycle: str) -> Sequence[Mapping[str, Any]]:
        """Every alarm that was ever acknowledged, as it is shown."""
        alarms = map(_alarm, await _behind(self._store, ALARM + cycle, 0))
        return [alarm.body for alarm in alarms if alarm.act and alarm.body]

    async def raise_alarm(self, cycle: str, alarm: Alarm) -> None:
        """Keep what a look came to; raises `Conflict("version-taken")` as `keep` does."""
        said = alarm.code
        if alarm.act is not None:
            said = f"{said}\n{json.dumps(asdict(alarm.act), ensure_ascii=False)}"
        await self._store.append([_stored(ALARM + cycle, alarm.number, alarm.at, said.encode())])


async def _behind(store: EventStore, stream: str, after: int) -> Sequence[Stored]:
    """Everything in a stream behind a number."""
    found: list[Stored] = []
    while True:
        page = await store.stream(stream, after=after + len(found), limit=PAGE_NOTES)
        found += page
        if len(page) < PAGE_NOTES:
            return found


def _alarm(stored: Stored) -> Alarm:
    said = _entry(stored)
    code, _, act = said.fact.decode(errors="replace").partition("\n")
    try:
        return Alarm(stored.version, said.at, code, Act(**json.loads(act)) if act else None)
    except (TypeError, ValueError) as error:
        raise _damaged(stored) from error


def _kept(stored: Stored) -> Kept:
    read, signed = _entry(stored), _note(stored)
    try:
        return Kept(stored.version, read.at, signed, checkpoint.from_text(signed.text))
    except ValueError as error:
        raise _damaged(stored) from error


def _note(stored: Stored) -> Note:
    try:
        return note.from_bytes(_entry(stored).fact)
    except ValueError as error:
        raise _damaged(stored) from error


def _entry(stored: Stored) -> Entry:
    try:
        return entry.from_bytes(stored.body)
    except ValueError as error:
        raise _damaged(stored) from error


def _damaged(stored: Stored) -> Refused:
    return Refused("checkpoint-damaged", place=stored.id)


def _stored(stream: str, number: int, at: datetime, written: bytes) -> Stored:
    kind = stream.partition("/")[0]
    return Stored(stream, number, f"ledger-{kind}", entry.to_bytes(Entry(at, written)))
