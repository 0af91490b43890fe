"""Documents whose writing is traced: the end of the way of a fact."""

from collections.abc import Mapping, Sequence

from shared.adapters.telemetry import contract
from shared.adapters.telemetry.meters import Told
from shared.adapters.telemetry.tracing import Tracing
from shared.ports import Document, Documents


class TracedDocuments:
    """Collections of documents."""

    def __init__(self, documents: Documents, tracing: Tracing) -> None:
        self._documents = documents
        self._tracing = tracing

    async def get(self, collection: str, identity: str) -> Document | None:
        """As the port says."""
        return await self._documents.get(collection, identity)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """As the port says."""
        return await self._documents.many(collection, identities)

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """As the port says."""
        if not documents:
            await self._documents.put(collection, documents)
            return
        told: Told = {contract.COLLECTION.name: collection, contract.DOCUMENTS.name: len(documents)}
        with self._tracing.span(contract.SHOW, told):
            await self._documents.put(collection, documents)

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """As the port says."""
        return await self._documents.page(collection, prefix=prefix, after=after, limit=limit)

    async def drop(self, collection: str) -> None:
        """As the port says."""
        await self._documents.drop(collection)
