"""Documents: what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a read model; a `body` of None is the mark of a deleted one."""

    id: str
    position: int
    body: Mapping[str, Any] | None


class Documents(Protocol):
    """Collections of JSON documents, each guarded by the position that it was made from.

    Every call raises `Unavailable` while they are away; of what was put then, anything may be kept.
    """

    async def get(self, collection: str, identity: str) -> Document | None:
        """One document, or None; a deleted one comes with its position and no body."""

    async def many(self, collection: str, identities: Sequence[str]) -> Mapping[str, Document]:
        """Those that exist, by id."""

    async def put(self, collection: str, documents: Sequence[Document]) -> None:
        """Write each one unless what is there has the same or a higher position."""

    async def page(
        self, collection: str, *, prefix: str, after: str = "", limit: int
    ) -> Sequence[Document]:
        """Living documents whose id begins with `prefix` and sorts behind `after`, by id."""

    async def drop(self, collection: str) -> None:
        """Forget a collection; nothing happens if it is not there."""
