"""Sealing free text so that it can be shredded: AES-256-GCM, with a key of its own per text.

What stands in a fact is the name of the key, and base64 of nonce, ciphertext and tag. The name is
authenticated with the text, so that a text cannot be passed off under another key.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Sequence
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.events.envelope import Sealed
from shared.kernel.errors import Refused

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
        self._secret = secret

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

    def digest(self, body: bytes) -> str:
        """HMAC-SHA-256 (RFC 2104) in hexadecimal."""
        return hmac.new(self._secret, body, hashlib.sha256).hexdigest()


async def open_seals(keys: Keys) -> KeyedSeals:
    """Seals over a key store, with its secret, which is made the first time."""
    return KeyedSeals(keys, await keys.secret(secrets.token_bytes(SECRET_BYTES)))
