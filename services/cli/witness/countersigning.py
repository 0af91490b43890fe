"""One look at a log, as C2SP has a witness do it (https://c2sp.org/tlog-witness).

The log's signature is checked, then that the checkpoint goes on from the one that is held (RFC
6962, 2.1.2); then it is held, and only then countersigned, while nobody else looks with the same
key. So no two histories ever bear the line of one witness, whatever happens in between.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.cli.witness.office import Office
from shared.adapters import signature
from shared.adapters.client import Client
from shared.kernel.errors import Missing, Refused
from shared.ledger import checkpoint, cosignature, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.note import ED25519, Illegible, Key, Note
from shared.ledger.proof import is_beginning


@dataclass(frozen=True, slots=True)
class Countersigned:
    """A checkpoint that was signed; it goes on from one of `before` entries, 0 if none was held."""

    cycle: str
    size: int
    before: int
    root: str
    line: str

    @property
    def body(self) -> Mapping[str, Any]:
        """For programs."""
        return asdict(self)


async def countersign(system: Client, office: Office, cycle: str, *, at_s: int) -> Countersigned:
    """Look at the newest checkpoint of a cycle, and countersign it.

    Raises `Refused` with `witness-log-unsigned` where the log's key did not sign it; and where it
    is kept, and not signed: with `witness-checkpoint-older`, `witness-history-forked` or
    `witness-history-unproved`.
    """
    path = f"/ranking/cycles/{cycle}"
    with office.locked():
        key = office.log_key(cycle) or _key(await system.get(f"{path}/log-key"), cycle)
        shown = _note(await system.text(f"{path}/checkpoints/latest"))
        if not note.is_signed(shown, key, signature.verify):
            raise Refused("witness-log-unsigned", name=key.name)
        newest, held = _checkpoint(shown, key), office.held(cycle)
        if held is not None and (why_not := await _differs(system, path, held, newest)):
            raise Refused(
                why_not,
                cycle=cycle,
                held=str(held.size),
                shown=str(newest.size),
                file=str(office.keep_other(cycle, shown)),
            )
        office.hold(cycle, shown, key)
        line = note.to_line(cosignature.cosigned(shown.text, office.key, office.sign, at_s=at_s))
        handed_in = f"{path}/checkpoints/{newest.size}/cosignatures"
        await system.post(handed_in, {"line": line}, key=f"witness-{newest.size}-{at_s}")
    return Countersigned(cycle, newest.size, held.size if held else 0, newest.root.hex(), line)


async def _differs(system: Client, path: str, held: Checkpoint, newest: Checkpoint) -> str | None:
    """By which code the newest checkpoint is not signed; None where it goes on from what is held.

    Only two roots of one size prove that the log has signed two histories.
    """
    if newest.size < held.size:
        return "witness-checkpoint-older"
    if newest.size == held.size:
        return None if newest.root == held.root else "witness-history-forked"
    proof = await _proof(system, path, held.size, newest.size)
    goes_on = is_beginning(held.size, held.root, newest.size, newest.root, proof)
    return None if goes_on else "witness-history-unproved"


async def _proof(system: Client, path: str, first: int, second: int) -> list[bytes]:
    """The path from one size to the other, as the log tells it; empty where it tells none."""
    sizes = {"from": first, "to": second}
    try:
        told = await system.get(f"{path}/proofs/consistency", **sizes)
        return [bytes.fromhex(each) for each in told["path"]]
    except (Refused, Missing, KeyError, TypeError, ValueError):
        return []  # It owes one, and an empty path proves nothing.


def _key(told: Any, cycle: str) -> Key:  # noqa: ANN401 - an answer
    """The key that a log says is its own: whoever asks first has to believe it, or compare it."""
    try:
        key = note.from_verifier_key(told["key"])
    except (KeyError, TypeError, AttributeError, Illegible) as error:
        raise _not_understood(error) from error
    if key.type != ED25519 or not key.name.endswith(f"/{cycle}"):
        raise Refused("witness-log-of-another-cycle", name=key.name, cycle=cycle)
    return key


def _note(told: bytes) -> Note:
    try:
        return note.from_bytes(told)
    except Illegible as error:
        raise _not_understood(error) from error


def _checkpoint(shown: Note, key: Key) -> Checkpoint:
    try:
        read = checkpoint.from_text(shown.text)
    except Illegible as error:
        raise _not_understood(error) from error
    if read.origin != key.name:
        raise Refused("witness-log-unsigned", name=key.name)
    return read


def _not_understood(error: Exception) -> Refused:
    return Refused("witness-answer-malformed", reason=str(error))
