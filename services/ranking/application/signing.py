"""The signing of checkpoints, by the worker alone: one log never signs two histories.

A checkpoint is signed as soon as a fact of the cycle's result is in the ledger (an approval, a
publication, a correction), and beside that now and then while the ledger grows. Before that, and
at the first look after a start, the ledger is held against the newest checkpoint: it has to begin
with the very entries of which that one speaks. After a start everything is read anew, and all
former ones are looked at, too: none may be missing. Where it is otherwise, nothing is signed any
more, and an alarm is raised that every process tells. So it is after another worker has signed or
said something, and for as long as an alarm stands: it ends when such a look finds all well.

Two workers who sign at once do no harm: a checkpoint takes the next number of its ledger, and the
store gives that to one of them. Whoever comes second has shown nobody what it signed. What stands
on something is read before it: cosignatures, then checkpoints, then their keys and the entries.
So whatever another one adds meanwhile is no more than is looked for.
"""

import logging
from collections.abc import Iterable, Sequence
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

Found = tuple[Kept | None, Log, str]

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
        self._known: dict[str, Kept] = {}
        """The newest checkpoint that was found right here: what a process has seen it holds to."""
        self._said: dict[str, int] = {}
        """The number of what was said last when all was found well, 0 while nothing ever was."""
        self._logged: dict[str, str] = {}

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
        said = await self._notes.alarm(cycle)
        try:
            last, log, code = await self._check(cycle, said)
        except Refused as refusal:
            self._waiting.add(cycle)  # Until all is well, whether the store grows or not.
            await self._say(cycle, said, refusal.code, str(refusal))
            return False
        if not await self._say(cycle, said, code):
            return False
        now = self._clock.now()
        self._waiting.discard(cycle)
        if _is_due(log, last, now):
            return await self._sign(cycle, log, last, now)
        if code or (last is not None and log.tree.size > last.checkpoint.size):
            self._waiting.add(cycle)
        return False

    async def _check(self, cycle: str, said: Alarm | None) -> Found:
        """The newest checkpoint, the ledger that goes on from it, and what was acknowledged.

        Raises `Refused` where the ledger is not what was signed for it, here or elsewhere. Nothing
        is said that did not stand already unless a second look, at all there is, finds it too.
        """
        try:
            last = await self._notes.last(cycle)
            if not self._is_familiar(cycle, last, said):
                return await self._check_all(cycle, said)
            log = await self._hold(cycle, former := [last] if last else [])
            await self._check_signed(cycle, former)
        except Refused as refusal:
            if refusal.code == _code(said):
                raise
            return await self._check_all(cycle, said)
        return last, log, WELL

    def _is_familiar(self, cycle: str, last: Kept | None, said: Alarm | None) -> bool:
        """Whether nobody else has signed or said anything since all was found well here."""
        number = said.number if said else 0
        is_same = last == self._known.get(cycle)
        return is_same and self._said.get(cycle) == number and _code(said) == WELL

    async def _check_all(self, cycle: str, said: Alarm | None) -> Found:
        """The same by everything in the store, of which nothing is known yet.

        A hole in the record that was acknowledged is signed over: the ledger was held against all
        that is left of it, and against what was seen here before.
        """
        self._notes.forget(cycle)
        cosigned = await self._notes.cosignatures(cycle)
        former = await self._notes.checkpoints(cycle)
        log = await self._hold(cycle, former, anew=True)
        last = former[-1] if former else None
        try:
            await self._check_signed(cycle, former)
            _check_order(former, cosigned)
        except Refused as refusal:
            if said is None or said.act is None or said.code != refusal.code:
                raise
            return last, log, refusal.code
        if last is not None:
            self._known[cycle] = last
        return last, log, WELL

    async def _hold(self, cycle: str, former: Sequence[Kept], *, anew: bool = False) -> Log:
        """The ledger, which goes on from these checkpoints, and from that which is known here."""
        log = await self._trees.now(cycle, anew=anew)
        if former and former[-1].checkpoint.origin != self._origin(cycle):
            raise Refused("checkpoint-of-another-log", origin=former[-1].checkpoint.origin)
        for kept in filter(None, (self._known.get(cycle), *reversed(former))):
            _hold_against(log, kept.checkpoint)
        return log

    async def _check_signed(self, cycle: str, former: Sequence[Kept]) -> None:
        """The log has signed them, and what is known here is among them."""
        known, size = self._known.get(cycle), former[-1].checkpoint.size if former else 0
        if known is not None and size < known.checkpoint.size:
            raise Refused("checkpoint-lost", size=str(known.checkpoint.size))
        keys = await self._notes.keys(cycle)
        for kept in former:
            if not any(self._has_signed(key, kept.note) for key in keys):
                raise Refused("checkpoint-unsigned", size=str(kept.checkpoint.size))

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
        self._known[cycle] = kept
        _log.info("checkpoint %d of %s: %d entries", number, cycle, size)
        return True

    async def _say(self, cycle: str, said: Alarm | None, code: str, refusal: str = "") -> bool:
        """Keep what a look came to, unless that stands already; whether it stands now.

        It does not where somebody else has said something since this look began.
        """
        if refusal and self._logged.get(cycle) != refusal:
            _log.error("nothing is signed for the ledger of %s: %s", cycle, refusal)
        self._logged[cycle] = refusal
        number = said.number if said else 0
        if code != _code(said):
            number += 1
            try:
                await self._notes.raise_alarm(cycle, Alarm(number, self._clock.now(), code))
            except Conflict:
                self._waiting.add(cycle)
                return False
        if code == WELL:
            self._said[cycle] = number
        return True

    def _origin(self, cycle: str) -> str:
        return f"{self._notary.origin}/{cycle}"

    def _has_signed(self, text: str, signed: Note) -> bool:
        try:
            key = note.from_verifier_key(text)
        except Illegible:
            return False
        return key.type == ED25519 and note.is_signed(signed, key, self._notary.verify)


def _check_order(former: Sequence[Kept], cosigned: Iterable[str]) -> None:
    """All that was signed is there in its order, and what a witness has signed is among it."""
    size = 0
    for number, kept in enumerate(former, start=1):
        if kept.number != number or kept.checkpoint.size <= size:
            raise Refused("checkpoint-lost", size=str(kept.checkpoint.size))
        size = kept.checkpoint.size
    signed = {kept.note.text for kept in former}
    for text in cosigned:
        if text not in signed:
            raise Refused("checkpoint-lost", size=text.split("\n")[1])


def _code(said: Alarm | None) -> str:
    return said.code if said else WELL


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
