"""Seals of the simulation."""

import base64
from collections.abc import Sequence

from shared.events.envelope import Sealed
from shared.ports import Purpose


class OpenSeals:
    """Seals that anybody can open, and the same for the same text: a seed replays exactly."""

    async def seal(self, text: str, *, like: Sequence[Sealed] = ()) -> Sealed:
        """As the port says, but for the secret."""
        sealed = Sealed(key="open", text=base64.b64encode(text.encode()).decode())
        return next((known for known in like if known == sealed), sealed)

    async def open(self, sealed: Sealed) -> str | None:
        """As the port says."""
        return base64.b64decode(sealed.text).decode()

    async def shred(self, key: str) -> None:
        """Nothing to forget."""

    def digest(self, purpose: Purpose, body: bytes) -> str:
        """As the port says, but for the secret."""
        return base64.b64encode(purpose.encode() + b" " + body).decode()
