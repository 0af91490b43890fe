"""Who signs the ledgers, and who may countersign them, from what a process was told."""

from pathlib import Path

from shared.adapters.signature import Ed25519Signer, FileSigner, signer_of_pem, verify
from shared.events.submission import Mode
from shared.kernel.errors import Refused
from shared.ledger import note
from shared.ledger.note import COSIGNATURE, Illegible, Key
from shared.ports import Notary

KEY_FILE = "checkpoint-key.pem"
ORIGIN = "cchc-{mode}"
ORIGIN_CHARACTERS_MAX = 200
COMMENT = "#"


def own_notary(folder: Path, mode: Mode) -> Notary:
    """The notary of the embedded mode: it keeps its key in a folder, and knows no witness."""
    signer = FileSigner(folder / KEY_FILE)
    return Notary(ORIGIN.format(mode=mode), signer=signer, witnesses=(), verify=verify)


def checked_origin(text: str) -> str:
    """The name with which those of all ledgers begin; raises ValueError where it is none."""
    is_apart = not text.startswith("/") and not text.endswith("/")
    if not (note.is_name(text) and is_apart and len(text) <= ORIGIN_CHARACTERS_MAX):
        raise ValueError("cchc.example.gov.vn")
    return text


def read_signer(path: Path) -> Ed25519Signer:
    """The signer whose private key lies in a file; raises `Refused("checkpoint-key-unusable")`."""
    try:
        return signer_of_pem(path.read_text("ascii"))
    except (OSError, ValueError) as error:
        raise Refused("checkpoint-key-unusable", file=str(path), reason=str(error)) from error


def read_witnesses(path: Path | None) -> tuple[Key, ...]:
    """The keys of witnesses, one a line; raises `Refused("witnesses-unreadable")`."""
    if path is None:
        return ()
    try:
        lines = path.read_text("utf-8").splitlines()
        wanted = [line.strip() for line in lines if line.strip() and not line.startswith(COMMENT)]
        return tuple(_witness(line) for line in wanted)
    except (OSError, ValueError) as error:
        raise Refused("witnesses-unreadable", file=str(path), reason=str(error)) from error


def _witness(text: str) -> Key:
    key = note.from_verifier_key(text)
    if key.type != COSIGNATURE:
        raise Illegible(f"the key of a witness is of the type 4: {text}")
    return key
