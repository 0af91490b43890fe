"""Collections of documents in memory, kept as text, so that nobody holds a part of one."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import islice

from shared.adapters.canonical import from_json, to_json
from shared.ports import Document


class MemoryDocuments:
    """Documents in memory."""

    def __init__(self) -> None:
        self._collections: dict[str, dict[str, tuple[int, str | None]]] = {}

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""
        await asyncio.sleep(0)
        return self._get(collection, identity)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""
        await asyncio.sleep(0)
        found = (self._get(collection, identity) for identity in identities)
        return {document.id: document for document in found if document is not None}

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position."""
        await asyncio.sleep(0)
        texts = [None if each.body is None else to_json(each.body) for each in documents]
        kept = self._collections.setdefault(collection, {})
        for document, text in zip(documents, texts, strict=True):
            before = kept.get(document.id)
            if before is None or before[0] < document.position:
                kept[document.id] = (document.position, text)

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""
        await asyncio.sleep(0)
        living = (
            identity
            for identity, (_, text) in sorted(self._collections.get(collection, {}).items())
            if identity.startswith(prefix) and identity > after and text is not None
        )
        found = (self._get(collection, identity) for identity in islice(living, limit))
        return [document for document in found if document is not None]

    async def drop(self, collection: str) -> None:
        """Forget a collection; nothing happens if it is not there."""
        await asyncio.sleep(0)
        self._collections.pop(collection, None)

    def _get(self, collection: str, identity: str) -> Document | None:
        kept = self._collections.get(collection, {}).get(identity)
        if kept is None:
            return None
        position, text = kept
        return Document(identity, position, None if text is None else from_json(text))
