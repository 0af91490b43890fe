"""What a witness keeps: its key, the log's key, and the newest checkpoint that it was shown.

witness-key.pem       its private key, made when it is first needed
CYCLE.log-key         by which key the log of a cycle signs, as the witness first heard it
CYCLE.checkpoint      the newest checkpoint that it countersigned, as a signed note
CYCLE.other-SIZE      a checkpoint that does not go on from that one: the proof of two histories
"""

from pathlib import Path

from shared.adapters import durable
from shared.adapters.signature import FileSigner
from shared.kernel.errors import Refused
from shared.ledger import note
from shared.ledger.note import COSIGNATURE, Key, Note

KEY_FILE = "witness-key.pem"


class Office:
    """One witness, by its name and its folder."""

    def __init__(self, folder: Path, name: str) -> None:
        if not note.is_name(name):
            raise Refused("witness-name-malformed", name=name)
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._signer = FileSigner(folder / KEY_FILE)
        self._name = name

    @property
    def key(self) -> Key:
        """By which everybody can check its lines."""
        return Key(self._name, COSIGNATURE, self._signer.public_key)

    def sign(self, message: bytes) -> bytes:
        """Sign with the private key."""
        return self._signer.sign(message)

    def log_key(self, cycle: str) -> Key | None:
        """The key of a log, as it was first heard."""
        path = self._folder / f"{cycle}.log-key"
        if not path.exists():
            return None
        try:
            return note.from_verifier_key(path.read_text("utf-8").strip())
        except ValueError as error:
            raise Refused("witness-file-damaged", file=str(path), reason=str(error)) from error

    def trust(self, cycle: str, key: Key) -> None:
        """Hold the key of a log from now on."""
        self._keep(f"{cycle}.log-key", note.to_verifier_key(key).encode())

    def held(self, cycle: str) -> Note | None:
        """The newest checkpoint that was countersigned."""
        path = self._folder / f"{cycle}.checkpoint"
        if not path.exists():
            return None
        try:
            return note.from_bytes(path.read_bytes())
        except ValueError as error:
            raise Refused("witness-file-damaged", file=str(path), reason=str(error)) from error

    def hold(self, cycle: str, checkpoint: Note) -> None:
        """Hold a checkpoint from now on, durably, before anybody sees the line below it."""
        self._keep(f"{cycle}.checkpoint", note.to_bytes(checkpoint))

    def keep_other(self, cycle: str, size: int, checkpoint: Note) -> Path:
        """Keep a checkpoint that is of another history; where it lies is told."""
        return self._keep(f"{cycle}.other-{size}", note.to_bytes(checkpoint))

    def _keep(self, name: str, written: bytes) -> Path:
        path = self._folder / name
        durable.replace(path, written)
        return path
