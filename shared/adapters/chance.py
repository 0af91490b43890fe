"""Randomness that nobody can foresee, from the operating system."""

import secrets
from collections.abc import Sequence

TOKEN_BYTES = 32


class SecretChance:
    """Tokens and orders fit for secrets."""

    def token(self) -> str:
        """A new secret of 256 bits, safe in a URL."""
        return secrets.token_urlsafe(TOKEN_BYTES)

    def shuffled(self, count: int) -> Sequence[int]:
        """The numbers 0 .. count - 1 in an order that nobody can foresee."""
        return secrets.SystemRandom().sample(range(count), count)
