"""What everybody may ask of the checkpoints: they say how long a ledger is, and nothing of it.

Whoever has one can ask whether a fact stands in it, and whether every later one goes on from it.
Nobody needs a right for that: sizes and hashes tell nothing of what was declared or decided.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from services.ranking.application.notes import Kept, Notes
from services.ranking.application.trees import Trees
from shared.kernel.errors import Missing, Refused
from shared.ledger import cosignature, note
from shared.ledger.note import COSIGNATURE, Illegible, Key, Note, Signature
from shared.ports import Clock, Document, Notary

Body = Mapping[str, Any]

_SIZE_DIGITS = 20
"""So that sizes in texts sort as numbers do."""


class Checkpoints:
    """The checkpoints of all ledgers, what witnesses said of them, and the proofs between them."""

    def __init__(self, trees: Trees, notes: Notes, notary: Notary, clock: Clock) -> None:
        self._trees = trees
        self._notes = notes
        self._notary = notary
        self._clock = clock

    # -------------------------------------------------------------------------- checkpoints

    async def listed(self, cycle: str, after: str, limit: int) -> Sequence[Document]:
        """The checkpoints of a cycle by their size, with the names of those who signed each."""
        all_of_them = await self._notes.checkpoints(cycle)
        lines = await self._notes.cosignatures(cycle)
        behind = [kept for kept in all_of_them if _name(kept) > after][:limit]
        return [
            Document(_name(kept), kept.number, _body(kept, _whole(kept, lines))) for kept in behind
        ]

    async def signed(self, cycle: str, size: int | None = None) -> bytes:
        """A checkpoint as a note with all signatures; the newest, where no size is named."""
        kept = await self._checkpoint(cycle, size)
        return note.to_bytes(_whole(kept, await self._notes.cosignatures(cycle)))

    async def key(self, cycle: str) -> Body:
        """The keys by which the notes can be checked, and the alarm where one was raised."""
        newest = await self._checkpoint(cycle, None)
        alarm = await self._notes.alarm(cycle)
        keys = await self._notes.keys(cycle)
        return {
            "cycle": cycle,
            "origin": newest.checkpoint.origin,
            "key": keys[-1] if keys else None,
            "former_keys": keys[:-1],
            "witness_keys": [note.to_verifier_key(each) for each in self._notary.witnesses],
            "alarm": alarm and alarm.body and _public(alarm.body),
            "acknowledged": [_public(each) for each in await self._notes.acknowledged(cycle)],
        }

    async def cosign(self, cycle: str, size: int, line: str) -> Body:
        """Take the line of a known witness; again, or with a later time, it is no news."""
        kept = await self._checkpoint(cycle, size)
        try:
            signature = note.from_line(line)
        except Illegible as error:
            raise Refused("cosignature-malformed", reason=str(error)) from error
        witness = self._witness(signature)
        cosigned = Note(kept.note.text, (signature,))
        if not cosignature.is_cosigned(cosigned, witness, self._notary.verify):
            raise Refused("cosignature-wrong", name=witness.name, size=str(size))
        await self._notes.cosign(cycle, cosigned.text, signature, self._clock.now())
        return _body(kept, _whole(kept, await self._notes.cosignatures(cycle)))

    # ------------------------------------------------------------------------------- proofs

    async def inclusion(self, cycle: str, number: int | None, size: int | None) -> Body:
        """That an entry stands in the ledger of a size (RFC 6962, 2.1.1).

        Without a size it is that of the newest checkpoint, without a number its last entry.
        """
        size = (await self._checkpoint(cycle, None)).checkpoint.size if size is None else size
        number = size if number is None else number
        if not 1 <= number <= size:
            raise Missing("number-unknown", number=str(number), size=str(size))
        tree = await self._trees.of(cycle, size)
        return {
            "cycle": cycle,
            "number": number,
            "leaf": tree.leaf(number - 1).hex(),
            "size": size,
            "root": tree.root(size).hex(),
            "path": _hexed(tree.inclusion(number - 1, size)),
        }

    async def consistency(self, cycle: str, first: int | None, second: int | None) -> Body:
        """That the ledger of one size begins that of another (RFC 6962, 2.1.2).

        Without sizes they are those of the newest checkpoint, and of the one before it.
        """
        sizes = [kept.checkpoint.size for kept in await self._notes.checkpoints(cycle)]
        if second is None:
            second = (await self._checkpoint(cycle, None)).checkpoint.size
        if first is None:
            first = max((size for size in sizes if size < second), default=0)
        if first > second:
            raise Refused("sizes-reversed", first=str(first), second=str(second))
        tree = await self._trees.of(cycle, second)
        return {
            "cycle": cycle,
            "from": {"size": first, "root": tree.root(first).hex()},
            "to": {"size": second, "root": tree.root(second).hex()},
            "path": _hexed(tree.consistency(first, second)),
        }

    # ------------------------------------------------------------------------------ helpers

    async def _checkpoint(self, cycle: str, size: int | None) -> Kept:
        for kept in reversed(await self._notes.checkpoints(cycle)):
            if size in {None, kept.checkpoint.size}:
                return kept
        if size is None:
            raise Missing("checkpoint-unknown", cycle=cycle)
        raise Missing("checkpoint-unknown", cycle=cycle, size=str(size))

    def _witness(self, signature: Signature) -> Key:
        for key in self._notary.witnesses:
            if (key.name, key.id) == (signature.name, signature.key_id):
                assert key.type == COSIGNATURE, "a witness has a key for this alone"
                return key
        raise Refused("witness-unknown", name=signature.name)


def _public(alarm: Body) -> Body:
    """An alarm without who acknowledged it: the decision speaks for them."""
    return {name: value for name, value in alarm.items() if name != "acknowledged_by"}


def _name(kept: Kept) -> str:
    return f"{kept.checkpoint.size:0{_SIZE_DIGITS}d}"


def _whole(kept: Kept, lines: Mapping[str, Sequence[Signature]]) -> Note:
    """The note with the lines of all who signed it, the log first."""
    text = kept.note.text
    return Note(text, (*kept.note.signatures, *lines.get(text, ())))


def _body(kept: Kept, whole: Note) -> Body:
    return {
        "size": kept.checkpoint.size,
        "root": kept.checkpoint.root.hex(),
        "at": kept.at.isoformat(),
        "signed_by": [line.name for line in whole.signatures],
    }


def _hexed(path: Sequence[bytes]) -> Sequence[str]:
    return [each.hex() for each in path]
