"""Ed25519 (RFC 8032): keys in files, made once and read ever after, and what they sign.

A public key is 32 bytes, a signature 64.
"""

import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)


class Ed25519Signer:
    """Signs with a private key, which does not leave this object."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @property
    def public_key(self) -> bytes:
        """By which everybody can check the signatures."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The one signature that this key gives to a message."""
        return self._key.sign(message)


class FileSigner:
    """Signs with the key in a file, which is made when it is first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._signer: Ed25519Signer | None = None

    @property
    def public_key(self) -> bytes:
        """By which everybody can check the signatures."""
        return self._opened().public_key

    def sign(self, message: bytes) -> bytes:
        """The one signature that this key gives to a message."""
        return self._opened().sign(message)

    def _opened(self) -> Ed25519Signer:
        if self._signer is None:
            self._signer = signer_of_pem(private_key(self._path))
        return self._signer


def signer_of_seed(seed: bytes) -> Ed25519Signer:
    """The signer whose private key RFC 8032 writes as these 32 bytes."""
    return Ed25519Signer(Ed25519PrivateKey.from_private_bytes(seed))


def signer_of_pem(pem: str) -> Ed25519Signer:
    """The signer whose private key is written as PEM; raises ValueError where it is no such key."""
    try:
        loaded = load_pem_private_key(pem.encode(), password=None)
    except (TypeError, UnsupportedAlgorithm) as error:
        raise ValueError(str(error)) from error  # It has a password, or is of an unknown kind.
    match loaded:
        case Ed25519PrivateKey() as key:
            return Ed25519Signer(key)
        case _:
            raise ValueError("the key is none of Ed25519")


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the private key to this public one has signed the message."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


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
