"""What a witness keeps: its key, the log's key, and the newest checkpoint that it was shown.

witness-key.pem           its private key
witness-key.pub           the verifier key to it, in which its name stands
CYCLE.log-key             by which key the log of a cycle signs, as the witness first heard it
CYCLE.checkpoint          the newest checkpoint that it countersigned, as a signed note
CYCLE.other-SIZE-ROOT     a checkpoint that was not shown to go on from that one
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from shared.adapters import durable
from shared.adapters.process import lock_directory
from shared.adapters.signature import FileSigner
from shared.kernel.errors import Refused
from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.note import COSIGNATURE, Key, Note

PRIVATE_KEY = "witness-key.pem"
PUBLIC_KEY = "witness-key.pub"
ROOT_DIGITS = 16


class Office:
    """One witness with its key, in its folder."""

    def __init__(self, folder: Path, key: Key) -> None:
        self.key = key
        self._folder = folder
        self._signer = FileSigner(folder / PRIVATE_KEY)
        if self._signer.public_key != key.public:
            path = folder / PRIVATE_KEY
            raise Refused("witness-file-damaged", file=str(path), reason="another key")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other look out: what is held is compared, and exchanged, by one alone.

        Raises `Unavailable("data-directory-in-use")`.
        """
        with lock_directory(self._folder):
            yield

    def sign(self, message: bytes) -> bytes:
        """Sign with the private key."""
        return self._signer.sign(message)

    def log_key(self, cycle: str) -> Key | None:
        """The key of a log, as it was first heard."""
        path = self._folder / f"{cycle}.log-key"
        return _key(path) if path.exists() else None

    def held(self, cycle: str) -> Checkpoint | None:
        """The newest checkpoint that was countersigned."""
        path = self._folder / f"{cycle}.checkpoint"
        if not path.exists():
            return None
        try:
            return checkpoint.from_text(note.from_bytes(path.read_bytes()).text)
        except ValueError as error:
            raise Refused("witness-file-damaged", file=str(path), reason=str(error)) from error

    def hold(self, cycle: str, shown: Note, key: Key) -> None:
        """Hold a checkpoint, and the key that signed it, durably, before anybody sees the line."""
        held, size = self.held(cycle), checkpoint.from_text(shown.text).size
        assert held is None or held.size <= size, "what is held never gets shorter"
        self._keep(f"{cycle}.log-key", note.to_verifier_key(key).encode())
        self._keep(f"{cycle}.checkpoint", note.to_bytes(shown))

    def keep_other(self, cycle: str, shown: Note) -> Path:
        """Keep a checkpoint that was not shown to go on from the one that is held; says where."""
        other = checkpoint.from_text(shown.text)
        name = f"{cycle}.other-{other.size}-{other.root.hex()[:ROOT_DIGITS]}"
        return self._keep(name, note.to_bytes(shown))

    def _keep(self, name: str, written: bytes) -> Path:
        path = self._folder / name
        durable.replace(path, written)
        return path


def founded(folder: Path, name: str) -> Office:
    """The office in a folder, which is made, with a key of that name, where there is none."""
    if not note.is_name(name):
        raise Refused("witness-name-malformed", name=name)
    if not (folder / PUBLIC_KEY).exists():
        with lock_directory(folder):
            key = Key(name, COSIGNATURE, FileSigner(folder / PRIVATE_KEY).public_key)
            durable.replace(folder / PUBLIC_KEY, note.to_verifier_key(key).encode())
    return found(folder, name)


def found(folder: Path, name: str) -> Office:
    """The office in a folder, which it was founded in under that very name.

    Raises `Refused` with `witness-unfounded` or `witness-name-differs`: whoever mistypes one of the
    two would begin anew, and believe whatever the log says.
    """
    path = folder / PUBLIC_KEY
    if not path.exists():
        raise Refused("witness-unfounded", folder=str(folder), name=name)
    key = _key(path)
    if key.name != name:
        raise Refused("witness-name-differs", folder=str(folder), name=name, known=key.name)
    return Office(folder, key)


def _key(path: Path) -> Key:
    try:
        return note.from_verifier_key(path.read_text("utf-8").strip())
    except ValueError as error:
        raise Refused("witness-file-damaged", file=str(path), reason=str(error)) from error
