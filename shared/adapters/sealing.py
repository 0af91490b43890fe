"""Sealing free text so that it can be shredded: AES-256-GCM, with a key of its own per text.

What stands in a fact is the name of the key, and base64 of nonce, ciphertext and tag. The name is
authenticated with the text, so that a text cannot be passed off under another key.

Digests are keyed by one secret of the service: those of requests by the secret itself, as they
stand in logs from the beginning, and those for any other purpose by a key that HKDF (RFC 5869)
makes of it, with the purpose as its `info`.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping, Sequence
from typing import Protocol, get_args

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.events.envelope import Sealed
from shared.kernel.errors import Refused
from shared.ports import Purpose

KEY_BITS = 256
KEY_NAME_BYTES = 16
NONCE_BYTES = 12  # NIST SP 800-38D, 5.2.1.1: restrict support to nonces of 96 bits.
SECRET_BYTES = 32


class Keys(Protocol):
    """Where the keys of one service lie; what is added is durable before `add` returns."""

    async def add(self, name: str, key: bytes) -> None:
        """Keep a new key."""

    async def offer(self, name: str, key: bytes) -> bytes:
        """The key of this name, durably: the one that was offered first, whoever else offers."""

    async def get(self, name: str) -> bytes | None:
        """A key; None if there is none, or none any more."""

    async def remove(self, name: str) -> None:
        """Forget a key, leaving no trace of it."""

    async def secret(self, offered: bytes) -> bytes:
        """The service's one secret: the one that was offered first."""


class KeyedSeals:
    """Seals with the keys of one service; `secret` is what its digests are keyed with."""

    def __init__(self, keys: Keys, secret: bytes) -> None:
        assert len(secret) == SECRET_BYTES, "the secret of a service has 256 bits"
        self._keys = keys
        self._digesting = _keys_of(secret)

    async def seal(self, text: str, *, like: Sequence[Sealed] = ()) -> Sealed:
        """Seal under a new key, or give the one of `like` that already holds this text."""
        for sealed in like:
            if await self.open(sealed) == text:
                return sealed
        name = secrets.token_hex(KEY_NAME_BYTES)
        key = AESGCM.generate_key(bit_length=KEY_BITS)
        await self._keys.add(name, key)
        nonce = os.urandom(NONCE_BYTES)
        ciphertext = AESGCM(key).encrypt(nonce, text.encode(), name.encode())
        return Sealed(name, base64.b64encode(nonce + ciphertext).decode())

    async def open(self, sealed: Sealed) -> str | None:
        """The text, or None if its key was shredded; refused where a seal was tampered with."""
        key = await self._keys.get(sealed.key)
        if key is None:
            return None
        try:
            box = base64.b64decode(sealed.text, validate=True)
            nonce, ciphertext = box[:NONCE_BYTES], box[NONCE_BYTES:]
            return AESGCM(key).decrypt(nonce, ciphertext, sealed.key.encode()).decode()
        except (InvalidTag, binascii.Error, ValueError) as error:
            raise Refused("seal-broken", key=sealed.key) from error

    async def shred(self, key: str) -> None:
        """Delete a key; deleting it again does nothing."""
        await self._keys.remove(key)

    def digest(self, purpose: Purpose, body: bytes) -> str:
        """HMAC-SHA-256 (RFC 2104) in hexadecimal, under the key of the purpose."""
        return hmac.new(self._digesting[purpose], body, hashlib.sha256).hexdigest()


def _keys_of(secret: bytes) -> Mapping[Purpose, bytes]:
    """The key of each purpose; that of requests is the secret, which HKDF shows nothing of."""
    purposes: Sequence[Purpose] = get_args(Purpose)
    derived = {each: _derived(secret, each) for each in purposes}
    return {**derived, "request": secret}


def _derived(secret: bytes, purpose: Purpose) -> bytes:
    return HKDF(SHA256(), SECRET_BYTES, salt=None, info=purpose.encode()).derive(secret)


async def open_seals(keys: Keys) -> KeyedSeals:
    """Seals over a key store, with its secret, which is made the first time."""
    return KeyedSeals(keys, await keys.secret(secrets.token_bytes(SECRET_BYTES)))
