"""Keys in memory, and seals over them."""

import secrets

from shared.adapters.sealing import SECRET_BYTES, KeyedSeals


class MemoryKeys:
    """The keys of one service in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, bytes] = {}
        self._secret: bytes | None = None

    async def add(self, name: str, key: bytes) -> None:
        """Keep a new key."""
        assert name not in self._keys, "a key has a name of its own"
        self._keys[name] = key

    async def offer(self, name: str, key: bytes) -> bytes:
        """The key of this name: the one that was offered first."""
        return self._keys.setdefault(name, key)

    async def get(self, name: str) -> bytes | None:
        """A key; None if there is none, or none any more."""
        return self._keys.get(name)

    async def remove(self, name: str) -> None:
        """Forget a key."""
        self._keys.pop(name, None)

    async def secret(self, offered: bytes) -> bytes:
        """The service's one secret: the one that was offered first."""
        self._secret = self._secret or offered
        return self._secret


def memory_seals() -> KeyedSeals:
    """Seals over keys in memory."""
    return KeyedSeals(MemoryKeys(), secrets.token_bytes(SECRET_BYTES))
