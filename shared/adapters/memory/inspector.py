"""The inspector for who has no threads: it looks into files where it stands."""

from shared.adapters.content import media_type_of
from shared.ports import Content


class MemoryInspector:
    """Looks into one file at a time, and holds up everything else meanwhile."""

    async def media_type(self, content: Content) -> str:
        """As the port says."""
        return media_type_of(b"".join([chunk async for chunk in content]))
