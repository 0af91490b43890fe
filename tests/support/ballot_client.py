"""A respondent's half of RFC 9474 in Python: Prepare, Blind and Finalize, for tests alone.

Whatever is drawn by lot in earnest may be given here, so that known answers can be compared.
"""

import base64
import hashlib
import secrets
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from shared.adapters.blind_signature import verify

PREFIX_BYTES = 32
HASH_BYTES = SALT_BYTES = 48


@dataclass(frozen=True, slots=True)
class Blinded:
    """What goes to the server, and what undoes it."""

    message: bytes
    inverse: int


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as numbers, and as it was given."""

    text: str
    modulus: int
    exponent: int

    @property
    def size_bytes(self) -> int:
        return (self.modulus.bit_length() + 7) // 8


def key_of(text: str) -> PublicKey:
    """A SubjectPublicKeyInfo in DER and Base64, read."""
    loaded = load_der_public_key(base64.b64decode(text))
    assert isinstance(loaded, rsa.RSAPublicKey)
    return PublicKey(text, loaded.public_numbers().n, loaded.public_numbers().e)


def public(key: rsa.RSAPublicKey) -> PublicKey:
    """The public key of a pair that a test has made itself."""
    written = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key_of(base64.b64encode(written).decode())


def prepared(message: bytes) -> bytes:
    """PrepareRandomize (4.1)."""
    return secrets.token_bytes(PREFIX_BYTES) + message


def new_ballot() -> bytes:
    """A ballot that nobody has had before."""
    return prepared(secrets.token_bytes(PREFIX_BYTES))


def new_salt() -> bytes:
    """A salt that nobody has had before."""
    return secrets.token_bytes(SALT_BYTES)


def blind(key: PublicKey, message: bytes, *, salt: bytes = b"", factor: int = 0) -> Blinded:
    """Blind (4.2) of a prepared message."""
    salt = salt or new_salt()
    factor = factor or secrets.randbelow(key.modulus - 1) + 1
    number = encoded(message, key.modulus.bit_length() - 1, salt)
    hidden = number * pow(factor, key.exponent, key.modulus) % key.modulus
    return Blinded(hidden.to_bytes(key.size_bytes, "big"), pow(factor, -1, key.modulus))


def finalize(key: PublicKey, message: bytes, signed: bytes, inverse: int) -> bytes:
    """Finalize (4.4); a signature that is not right is an AssertionError."""
    number = int.from_bytes(signed, "big") * inverse % key.modulus
    signature = number.to_bytes(key.size_bytes, "big")
    assert verify(key.text, message, signature), "invalid signature"
    return signature


def encoded(message: bytes, bits: int, salt: bytes) -> int:
    """EMSA-PSS-ENCODE (RFC 8017, 9.1.1) with SHA-384, as a number."""
    size_bytes = (bits + 7) // 8
    digest = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = (b"\x01" + salt).rjust(size_bytes - HASH_BYTES - 1, b"\x00")
    masked = bytes(a ^ b for a, b in zip(block, _mask(digest, len(block)), strict=True))
    number = int.from_bytes(masked + digest + b"\xbc", "big")
    return number & ((1 << bits) - 1)


def _mask(seed: bytes, size_bytes: int) -> bytes:
    """MGF1 (RFC 8017, B.2.1)."""
    blocks = range(-(-size_bytes // HASH_BYTES))
    mask = b"".join(hashlib.sha384(seed + each.to_bytes(4, "big")).digest() for each in blocks)
    return mask[:size_bytes]
