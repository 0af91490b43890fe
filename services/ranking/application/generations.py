"""Which collections hold what is shown of a cycle: those that serve, and those made beside them.

A generation of a cycle is one set of its documents. A pointer for each cycle says which one
serves; all who read, and all who draw, go by it. Moving it is one write, so that nobody ever sees a
half of two. The one that served before stays, for a way back.

The pointers stand in a collection without a version: whichever version of the views a process has,
it reads what serves, and draws its own beside that where it is of another version.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.ranking import views
from shared.kernel.errors import Conflict, Refused
from shared.kernel.scheme_reader.field import is_code
from shared.ports import Document, Documents

SHOWN_VERSION = 2
"""Raised with every change of what is drawn: another shape has collections of its own."""

TABLES = f"ranking_table.v{SHOWN_VERSION}"
AGENCIES = f"ranking_agency.v{SHOWN_VERSION}"
CYCLES = f"ranking_cycle.v{SHOWN_VERSION}"
DRAWN = (AGENCIES, TABLES, CYCLES)
"""What is drawn from a ledger, in the order in which it is put."""

PUBLICATIONS = views.PUBLICATIONS.collection
VIEWED = (*DRAWN, PUBLICATIONS)
"""Every collection of which each cycle has its own documents, as the first generation has them."""

PUBLISHED = f"ranking_published.v{SHOWN_VERSION}"
"""Every published revision, kept from its first reading until the next start, or rebuild."""

SERVING = "ranking_serving"
POINTERS_MAX = 1_000
REMAINS_MAX = 3
"""So many generations that never served are dropped when another is begun."""

SPELT_CHARACTERS = 32
"""How much of a digest stands for a cycle whose name no store may take."""


@dataclass(frozen=True, slots=True)
class Generation:
    """One set of a cycle's documents; the number 0 is the one that is drawn without a rebuild."""

    version: int
    number: int

    @property
    def name(self) -> str:
        """As people are told: `v2.g1`."""
        return f"v{self.version}.g{self.number}"


FIRST = Generation(SHOWN_VERSION, 0)


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation of a cycle serves, and which one did before.

    `begun` is the number of the generation that was begun last, and `by` who did; `changes` counts
    how often any of this was changed.
    """

    cycle: str
    serving: Generation = FIRST
    former: Generation | None = None
    begun: int = 0
    by: str = ""
    changes: int = 0

    @property
    def drawn(self) -> Generation:
        """The one into which this version draws: that which serves, if it is of this version."""
        return self.serving if self.serving.version == SHOWN_VERSION else FIRST

    @property
    def moves(self) -> int:
        """How often it was moved, or settled where it stands; away and back is twice."""
        return self.changes - self.begun

    @property
    def kept(self) -> Sequence[Generation]:
        """Every generation that may come to serve."""
        begun = Generation(SHOWN_VERSION, self.begun)
        named = (FIRST, self.serving, self.former, begun)
        return tuple(dict.fromkeys(each for each in named if each))

    @property
    def body(self) -> Mapping[str, Any]:
        """As it is kept."""
        return {
            "serving": _plain(self.serving),
            "former": self.former and _plain(self.former),
            "begun": self.begun,
            "by": self.by,
        }


class Generations:
    """The pointers of all cycles, and the names of the collections."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    async def pointer(self, cycle: str) -> Pointer:
        """The pointer of a cycle."""
        kept = await self._documents.get(SERVING, cycle)
        return _pointer(kept) if kept else Pointer(cycle)

    async def pointers(self) -> Mapping[str, Pointer]:
        """Every pointer that was ever set, by cycle."""
        kept = await self._documents.page(SERVING, prefix="", limit=POINTERS_MAX)
        return {each.id: _pointer(each) for each in kept}

    async def settle(self, cycle: str) -> int:
        """Let what this version has drawn of a cycle serve, where that is another version's.

        Returns how many moves of the pointer that took.
        """
        pointer = await self.pointer(cycle)
        if pointer.changes and pointer.serving == pointer.drawn:
            return 0
        if pointer.changes:
            pointer = replace(pointer, serving=pointer.drawn, former=pointer.serving)
        await self._change(pointer)
        return 1

    async def begin(self, cycle: str, by: str) -> Generation:
        """A new generation of a cycle, empty, which no other has begun; what was left is dropped.

        Raises `Conflict("rebuild-overtaken")` where another was faster.
        """
        pointer = await self.pointer(cycle)
        kept = {pointer.serving, pointer.former}
        for number in range(max(1, pointer.begun - REMAINS_MAX + 1), pointer.begun + 1):
            if Generation(SHOWN_VERSION, number) not in kept:
                await self._drop(cycle, Generation(SHOWN_VERSION, number))
        begun = pointer.begun + 1
        await self._change(replace(pointer, begun=begun, by=by))
        return Generation(SHOWN_VERSION, begun)

    async def carry_publications(self, cycle: str, to: Generation) -> None:
        """Put into a generation that was begun what is published of a cycle.

        Whoever projects has written there since it was, too, and what is newer stays.
        """
        drawn = (await self.pointer(cycle)).drawn
        published = await self._documents.get(named(PUBLICATIONS, cycle, drawn), cycle)
        if published is not None:
            await self._documents.put(named(PUBLICATIONS, cycle, to), [published])

    async def switch(self, cycle: str, to: Generation, by: str) -> None:
        """Let a generation serve, which `by` has begun and made.

        Raises `Conflict("rebuild-overtaken")` where another was begun meanwhile.
        """
        pointer = await self.pointer(cycle)
        if pointer.by != by or pointer.begun != to.number:
            raise Conflict("rebuild-overtaken", cycle=cycle)
        before = pointer.former
        await self._change(replace(pointer, serving=to, former=pointer.serving))
        if before is not None and before.number and before != pointer.serving:
            await self._drop(cycle, before)

    async def roll_back(self, cycle: str) -> Generation:
        """Let the generation serve again that did before; a second time leads back.

        Raises `Refused("rollback-impossible")` where there is none, and `rollback-of-version` where
        another version of the software drew it: nothing here would bring that one up to date.
        """
        pointer = await self.pointer(cycle)
        if pointer.former is None:
            raise Refused("rollback-impossible", cycle=cycle)
        if pointer.former.version != SHOWN_VERSION:
            raise Refused("rollback-of-version", cycle=cycle, former=pointer.former.name)
        changed = replace(pointer, serving=pointer.former, former=pointer.serving)
        await self._change(changed)
        return changed.serving

    async def _change(self, pointer: Pointer) -> None:
        """Write a pointer that was read just now; of two who do it at once one is told."""
        document = Document(pointer.cycle, pointer.changes + 1, pointer.body)
        await self._documents.put(SERVING, [document])
        if await self._documents.get(SERVING, pointer.cycle) != document:
            raise Conflict("rebuild-overtaken", cycle=pointer.cycle)

    async def _drop(self, cycle: str, generation: Generation) -> None:
        assert generation.number, "the first generation is shared by all cycles"
        for collection in VIEWED:
            await self._documents.drop(named(collection, cycle, generation))


def named(collection: str, cycle: str, generation: Generation) -> str:
    """Where a generation has what the first one has in `collection`."""
    base = collection.partition(".")[0]
    if generation.number:
        return f"{base}.v{generation.version}.{_spelt(cycle)}.g{generation.number}"
    # Publications have a version of their own, which their projector sees to.
    return f"{base}.v{generation.version}" if collection in DRAWN else collection


def _spelt(cycle: str) -> str:
    """A cycle in a collection's name: the topic may call one what no store takes for a name."""
    if is_code(cycle):
        return cycle
    return f"_{hashlib.sha256(cycle.encode()).hexdigest()[:SPELT_CHARACTERS]}"


def _plain(generation: Generation) -> Mapping[str, int]:
    return {"version": generation.version, "number": generation.number}


def _pointer(kept: Document) -> Pointer:
    assert kept.body is not None, "a pointer is never deleted"
    former = kept.body["former"]
    return Pointer(
        cycle=kept.id,
        serving=Generation(**kept.body["serving"]),
        former=former and Generation(**former),
        begun=kept.body["begun"],
        by=kept.body["by"],
        changes=kept.position,
    )
