"""The signing of checkpoints, by the worker alone: one log never signs two histories.

A checkpoint is signed as soon as a fact of the cycle's result is in the ledger (an approval, a
publication, a correction), and beside that now and then while the ledger grows. Before that, and
at the first look after a start, the ledger is held against the newest checkpoint: it has to begin
with the very entries of which that one speaks. After a start all former ones are looked at, too:
none may be missing. Where it is otherwise, nothing is signed any more, and an alarm is raised that
every process tells.

Two workers who sign at once do no harm: a checkpoint takes the next number of its ledger, and the
store gives that to one of them. Whoever comes second has shown nobody what it signed.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.ranking.application.notes import Alarm, Kept, Notes
from services.ranking.application.trees import Log, Trees
from shared.kernel.errors import Conflict, Refused
from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.note import ED25519, Illegible, Key, Note
from shared.ports import Clock, Notary

CHECKPOINT_EVERY = timedelta(hours=1)
"""How old the newest checkpoint may get while the ledger grows."""

WELL = ""

_log = logging.getLogger(__name__)


class Signing:
    """Signs the checkpoints of all ledgers."""

    def __init__(self, trees: Trees, notes: Notes, notary: Notary, clock: Clock) -> None:
        self._trees = trees
        self._notes = notes
        self._notary = notary
        self._clock = clock
        self._end = -1
        self._waiting: set[str] = set()
        self._known: dict[str, Checkpoint] = {}
        self._alarms: dict[str, str] = {}

    async def step(self) -> int:
        """Look at every ledger that has grown since its last checkpoint; returns how many signed.

        What fails for one ledger is raised when the others were looked at.
        """
        end = await self._notes.end()
        cycles = sorted(self._waiting) if end == self._end else await self._notes.cycles()
        signed, failures = 0, list[Exception]()
        for cycle in cycles:
            try:
                signed += await self._look(cycle)
            except Exception as error:  # noqa: BLE001 - no ledger keeps another from being signed
                failures.append(error)
        if failures:
            raise failures[0]
        self._end = end
        return signed

    async def _look(self, cycle: str) -> bool:
        """Sign if it is time; the newest checkpoint is read first, so that the tree has it all."""
        try:
            last = await self._notes.last(cycle)
            log = await self._trees.now(cycle)
            await self._check(cycle, log, last)
        except Refused as refusal:
            await self._say(cycle, refusal.code, str(refusal))
            return False
        await self._say(cycle, WELL)
        now = self._clock.now()
        self._waiting.discard(cycle)
        if _is_due(log, last, now):
            return await self._sign(cycle, log, last, now)
        if last is not None and log.tree.size > last.checkpoint.size:
            self._waiting.add(cycle)
        return False

    async def _check(self, cycle: str, log: Log, last: Kept | None) -> None:
        """Raises `Refused` where the ledger is not what was signed for it, here or elsewhere."""
        known = self._known.get(cycle)
        if known is not None and (last is None or last.checkpoint.size < known.size):
            raise Refused("checkpoint-lost", size=str(known.size))
        if last is None:
            await self._check_all(cycle, log, ())
            return
        if last.checkpoint.origin != self._origin(cycle):
            raise Refused("checkpoint-of-another-log", origin=last.checkpoint.origin)
        for signed in filter(None, (known, last.checkpoint)):
            _hold_against(log, signed)
        former = [last] if known else await self._notes.checkpoints(cycle)
        keys = await self._notes.keys(cycle)
        for kept in former:
            if not any(self._has_signed(key, kept.note) for key in keys):
                raise Refused("checkpoint-unsigned", size=str(kept.checkpoint.size))
        if known is None:
            await self._check_all(cycle, log, former)
        self._known[cycle] = last.checkpoint

    async def _check_all(self, cycle: str, log: Log, former: Sequence[Kept]) -> None:
        """All that was signed is there in its order, and what a witness has signed is among it."""
        size = 0
        for number, kept in enumerate(former, start=1):
            if kept.number != number or kept.checkpoint.size <= size:
                raise Refused("checkpoint-lost", size=str(kept.checkpoint.size))
            _hold_against(log, kept.checkpoint)
            size = kept.checkpoint.size
        signed = {kept.note.text for kept in former}
        for text in await self._notes.cosignatures(cycle):
            if text not in signed:
                raise Refused("checkpoint-lost", size=text.split("\n")[1])

    async def _sign(self, cycle: str, log: Log, last: Kept | None, at: datetime) -> bool:
        signer = self._notary.signer
        assert signer is not None, "who runs this has the key"
        size, origin = log.tree.size, self._origin(cycle)
        signed = Checkpoint(origin, size, log.tree.root(size))
        key = Key(origin, ED25519, signer.public_key)
        text = checkpoint.to_text(signed)
        written = Note(text, (note.signed(text, key, signer.sign),))
        number = last.number + 1 if last is not None else 1
        try:
            kept = Kept(number, at, written, signed)
            await self._notes.keep(cycle, kept, note.to_verifier_key(key))
        except Conflict:
            return False  # Somebody else has signed this one; the next look sees it.
        self._known[cycle] = signed
        _log.info("checkpoint %d of %s: %d entries", number, cycle, size)
        return True

    async def _say(self, cycle: str, code: str, refusal: str = "") -> None:
        """Say and keep what a look came to, unless the last one came to the same."""
        if self._alarms.get(cycle) == code:
            return
        if code:
            _log.error("nothing is signed for the ledger of %s: %s", cycle, refusal)
        said = await self._notes.alarm(cycle)
        if code != (said.code if said else WELL):
            number = said.number + 1 if said else 1
            await self._notes.raise_alarm(cycle, Alarm(number, self._clock.now(), code))
        self._alarms[cycle] = code

    def _origin(self, cycle: str) -> str:
        return f"{self._notary.origin}/{cycle}"

    def _has_signed(self, text: str, signed: Note) -> bool:
        try:
            key = note.from_verifier_key(text)
        except Illegible:
            return False
        return key.type == ED25519 and note.is_signed(signed, key, self._notary.verify)


def _is_due(log: Log, last: Kept | None, now: datetime) -> bool:
    if last is None:
        return log.tree.size > 0
    size = last.checkpoint.size
    is_old = now - last.at >= CHECKPOINT_EVERY
    return log.result > size or (log.tree.size > size and is_old)


def _hold_against(log: Log, signed: Checkpoint) -> None:
    if signed.size > log.tree.size:
        raise Refused("ledger-cut", size=str(signed.size), left=str(log.tree.size))
    if log.tree.root(signed.size) != signed.root:
        raise Refused("ledger-rewritten", size=str(signed.size))
