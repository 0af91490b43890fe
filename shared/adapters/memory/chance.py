"""Randomness that comes out the same for the same seed: for simulations, never for secrets."""

import base64
import random  # noqa: TID251 - seeded on purpose; what has to be secret uses SecretChance
from collections.abc import Sequence

TOKEN_BYTES = 32


class SeededChance:
    """Tokens and orders that follow from a seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def token(self) -> str:
        """A new token, the same ones in the same order for the same seed."""
        token = base64.urlsafe_b64encode(self._random.randbytes(TOKEN_BYTES))
        return token.decode().rstrip("=")

    def shuffled(self, count: int) -> Sequence[int]:
        """The numbers 0 .. count - 1 in an order that follows from the seed."""
        return self._random.sample(range(count), count)
