"""Documents by their pointers: who asks for a cycle's documents gets those of one generation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import attrgetter, eq

from services.ranking.application.generations import (
    FIRST,
    PUBLICATIONS,
    VIEWED,
    Generation,
    Generations,
    Pointer,
    named,
)
from shared.ports import Document, Documents

Pick = Callable[[Pointer], Generation]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page lies in a collection."""

    prefix: str
    after: str
    limit: int


class Routed:
    """`Documents` whose collections of a cycle are those of the generation that `pick` names.

    The pointer is looked up with every call, so that no process goes by one that has moved. All
    other collections are as they are.
    """

    def __init__(self, documents: Documents, pick: Pick) -> None:
        self._documents = documents
        self._generations = Generations(documents)
        self._pick = pick

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""
        name = await self._name(collection, _cycle(identity))
        return await self._documents.get(name, identity)

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""
        if collection not in VIEWED:
            return await self._documents.many(collection, identities)
        found: dict[str, Document] = {}
        for cycle in dict.fromkeys(map(_cycle, identities)):
            of_cycle = [identity for identity in identities if _cycle(identity) == cycle]
            found |= await self._documents.many(await self._name(collection, cycle), of_cycle)
        return found

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position.

        Publications are written into every generation that may come to serve: they are drawn from
        the service's own log, fact by fact, and nobody would draw there again what was missed.
        """
        if collection not in VIEWED:
            await self._documents.put(collection, documents)
            return
        for cycle in dict.fromkeys(_cycle(each.id) for each in documents):
            of_cycle = [each for each in documents if _cycle(each.id) == cycle]
            for name in await self._names(collection, cycle):
                await self._documents.put(name, of_cycle)

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""
        moved = await self._moved() if collection in VIEWED else {}
        place = _Place(prefix, after, limit)
        found = await self._some(collection, lambda cycle: cycle not in moved, place)
        for moved_cycle, generation in moved.items():
            name = named(collection, moved_cycle, generation)
            found += await self._some(name, partial(eq, moved_cycle), place)
        return sorted(found, key=attrgetter("id"))[:limit]

    async def drop(self, collection: str) -> None:
        """Forget a collection, in the generations of all cycles that `pick` names."""
        moved = await self._moved() if collection in VIEWED else {}
        for cycle, generation in moved.items():
            await self._documents.drop(named(collection, cycle, generation))
        await self._documents.drop(collection)

    async def _name(self, collection: str, cycle: str) -> str:
        if collection not in VIEWED:
            return collection
        pointer = await self._generations.pointer(cycle)
        return named(collection, cycle, self._pick(pointer))

    async def _names(self, collection: str, cycle: str) -> Sequence[str]:
        if collection != PUBLICATIONS:
            return (await self._name(collection, cycle),)
        pointer = await self._generations.pointer(cycle)
        return [named(collection, cycle, generation) for generation in pointer.kept]

    async def _moved(self) -> Mapping[str, Generation]:
        """The cycles whose documents are not those of the first generation."""
        pointers = await self._generations.pointers()
        picked = {cycle: self._pick(pointer) for cycle, pointer in pointers.items()}
        return {cycle: each for cycle, each in picked.items() if each != FIRST}

    async def _some(
        self, name: str, wanted: Callable[[str], bool], place: _Place
    ) -> list[Document]:
        """A page of a collection that may hold other cycles too, which are passed over."""
        found, after = list[Document](), place.after
        while len(found) < place.limit:
            page = await self._documents.page(
                name, prefix=place.prefix, after=after, limit=place.limit
            )
            found += [each for each in page if wanted(_cycle(each.id))]
            if len(page) < place.limit:
                break
            after = page[-1].id
        return found


def served(documents: Documents) -> Routed:
    """The documents as they are shown to people."""
    return Routed(documents, attrgetter("serving"))


def drawn(documents: Documents) -> Routed:
    """The documents as this version draws them."""
    return Routed(documents, attrgetter("drawn"))


def _cycle(identity: str) -> str:
    """The cycle of a document: every id begins with it."""
    return identity.partition("/")[0]
