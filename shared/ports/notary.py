"""The notary: by what the ledgers are known outside, and who may countersign them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from shared.ledger.note import Key, Verify


class Signer(Protocol):
    """Signs with a key of Ed25519 (RFC 8032) that does not leave it."""

    @property
    def public_key(self) -> bytes:
        """The 32 bytes by which everybody can check the signatures."""

    def sign(self, message: bytes) -> bytes:
        """The signature of a message, 64 bytes; the same again for the same message."""


@dataclass(frozen=True, slots=True)
class Notary:
    """What a process knows of the signing of ledgers.

    `origin` begins the names of all ledgers of this system, and nobody else's. `signer` is None
    in a process that signs nothing, as those that face callers are: it holds no private key.
    `witnesses` are the keys whose countersignatures are kept.
    """

    origin: str
    signer: Signer | None
    witnesses: Sequence[Key]
    verify: Verify
