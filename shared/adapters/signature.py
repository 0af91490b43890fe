"""Ed25519 keys (RFC 8032) in files: made once, by whoever comes first, and read ever after."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


def private_key(path: Path) -> str:
    """The private key in a file, as PEM; a new one, readable by its owner only, if there is none.

    Two processes that begin at once get the same key: the file appears whole, or not at all.
    """
    if not path.exists():
        _make(path)
    return path.read_text("ascii")


def _make(path: Path) -> None:
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_new_pem())
        file.flush()
        os.fsync(descriptor)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass  # Somebody else was first, and theirs is the key.
    finally:
        temporary.unlink()


def _new_pem() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
