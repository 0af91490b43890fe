"""Ballots that are signed unseen: who signs knows who asked, and not what; anybody can check it."""

from typing import Protocol

BALLOT_BYTES = 64
"""A ballot (phiếu kín) is 32 bytes that its preparation adds, and a number of 32, all random."""


class BallotKeys(Protocol):
    """Key pairs that sign ballots blindly (RFC 9474, RSABSSA-SHA384-PSS-Randomized).

    A name stands for one pair, whose private key stays with the service. A public key is a
    SubjectPublicKeyInfo in DER and Base64.
    """

    async def make(self, name: str) -> str:
        """The public key of a name; the pair is made, and kept, when it is first asked for.

        It is the same for all who ask, at once or later, until it is destroyed. Making one takes
        about a tenth of a second of a processor.
        """

    async def sign(self, name: str, blinded: bytes) -> bytes:
        """The blind signature over a blinded ballot; always the same one.

        Raises `Refused("ballot-key-missing")` where the name has no key, or none any more, and
        `Refused("ballot-malformed")` where this is no number that the key signs.
        """

    async def destroy(self, name: str) -> None:
        """Forget a private key, so that nothing is signed with it ever again; twice is no news.

        What it signed can still be checked. Whoever asks `make` for the name then gets another key.
        """

    def verify(self, public_key: str, ballot: bytes, signature: bytes) -> bool:
        """Whether this is a ballot, and its signature is of that key."""
