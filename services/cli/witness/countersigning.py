"""One look at a log, as C2SP has a witness do it (https://c2sp.org/tlog-witness).

The log's signature is checked, then that the checkpoint goes on from the one that is held (RFC
6962, 2.1.2); then it is held, and only then countersigned. So whatever happens in between, no two
histories ever bear the line of one witness.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from services.cli.witness.office import Office
from shared.adapters import signature
from shared.adapters.client import Client
from shared.kernel.errors import Refused
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

    Raises `Refused` with `witness-log-unsigned` where the log's key did not sign it, and with
    `witness-history-differs` where it does not go on from what is held; it is kept then.
    """
    path = f"/ranking/cycles/{cycle}"
    key = office.log_key(cycle) or _key(await system.get(f"{path}/log-key"), cycle)
    shown = _note(await system.text(f"{path}/checkpoints/latest"))
    if not note.is_signed(shown, key, signature.verify):
        raise Refused("witness-log-unsigned", name=key.name)
    newest, held = _checkpoint(shown, key), office.held(cycle)
    before = _checkpoint(held, key) if held else None
    if before is not None and not await _goes_on(system, path, before, newest):
        kept = office.keep_other(cycle, newest.size, shown)
        raise Refused(
            "witness-history-differs",
            cycle=cycle,
            held=str(before.size),
            shown=str(newest.size),
            file=str(kept),
        )
    office.trust(cycle, key)
    office.hold(cycle, shown)
    line = note.to_line(cosignature.cosigned(shown.text, office.key, office.sign, at_s=at_s))
    handed_in = f"{path}/checkpoints/{newest.size}/cosignatures"
    await system.post(handed_in, {"line": line}, key=f"witness-{newest.size}-{at_s}")
    return Countersigned(cycle, newest.size, before.size if before else 0, newest.root.hex(), line)


async def _goes_on(system: Client, path: str, before: Checkpoint, newest: Checkpoint) -> bool:
    """Whether the ledger of the newest checkpoint begins with that of the one before."""
    if newest.size < before.size:
        return False
    proof: list[bytes] = []
    if newest.size > before.size:
        sizes = {"from": before.size, "to": newest.size}
        told = await system.get(f"{path}/proofs/consistency", **sizes)
        try:
            proof = [bytes.fromhex(each) for each in told["path"]]
        except (KeyError, TypeError, ValueError) as error:
            raise _not_understood(error) from error
    return is_beginning(before.size, before.root, newest.size, newest.root, proof)


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
