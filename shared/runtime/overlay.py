"""Documents with others laid over them, in memory: what is shown for now, and kept by nobody."""

import json
from collections.abc import Mapping, Sequence

from shared.ports import Document, Documents


class Overlay:
    """Reads as one set of documents; of two with one id the one with the higher position counts.

    What is put stays in the memory of this process; the documents below are left as they are, but
    for those that are dropped.
    """

    def __init__(self, below: Documents) -> None:
        self._below = below
        self._laid: dict[str, dict[str, Document]] = {}

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""
        return (await self.many(collection, [identity])).get(identity)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""
        below = await self._below.many(collection, identities)
        laid = self._laid.get(collection, {})
        return _newest(below, {each: laid[each] for each in identities if each in laid})

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Lay each one over what is there unless that has the same or a higher position."""
        copies = [_copied(document) for document in documents]
        below = await self._below.many(collection, [copy.id for copy in copies])
        laid = self._laid.setdefault(collection, {})
        for copy in copies:
            known = (below.get(copy.id), laid.get(copy.id))
            if all(each is None or each.position < copy.position for each in known):
                laid[copy.id] = copy

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""
        laid = {
            identity: document
            for identity, document in self._laid.get(collection, {}).items()
            if identity.startswith(prefix) and identity > after
        }
        # Each that is laid hides at most one below, so that enough of those are left.
        room = limit + len(laid)
        page = await self._below.page(collection, prefix=prefix, after=after, limit=room)
        # A page has no deleted ones, which may be newer than what is laid.
        known = await self._below.many(collection, sorted(laid)) if laid else {}
        newest = _newest({**{document.id: document for document in page}, **known}, laid)
        living = [newest[each] for each in sorted(newest) if newest[each].body is not None]
        return living[:limit]

    async def drop(self, collection: str) -> None:
        """Forget a collection, and the one below."""
        self._laid.pop(collection, None)
        await self._below.drop(collection)


def _newest(below: Mapping[str, Document], laid: Mapping[str, Document]) -> dict[str, Document]:
    newer = {
        identity: _copied(document)
        for identity, document in laid.items()
        if identity not in below or below[identity].position < document.position
    }
    return {**below, **newer}


def _copied(document: Document) -> Document:
    """The same, as it would come back from where it is not: nobody holds a part of it."""
    if document.body is None:
        return document
    body = json.loads(json.dumps(document.body, allow_nan=False))
    return Document(document.id, document.position, body)
