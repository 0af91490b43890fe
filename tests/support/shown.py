"""Two small views of claims, and a desk at which they are written and shown."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.memory import MemoryDocuments, MemoryEventStore
from shared.events.envelope import Recorded
from shared.kernel.errors import Unavailable
from shared.kernel.view import Body, View
from shared.ports import Documents
from shared.runtime.project import Projector
from tests.support.claims import STREAM, stored

OTHER = "submission/2021/so-noi-vu"
GONE = "gone"
"""Points that delete a sheet."""


def sheet_keys(recorded: Recorded) -> Sequence[str]:
    return [recorded.data.agency]


def sheet(_: str, body: Body | None, recorded: Recorded) -> Body | None:
    """Every amount that was claimed, in order."""
    if recorded.data.points == GONE:
        return None
    return {"claims": [*(body or {"claims": []})["claims"], recorded.data.points]}


def count_keys(recorded: Recorded) -> Sequence[str]:
    return ["all", recorded.data.points]


def count(_: str, body: Body | None, __: Recorded) -> Body:
    """How often something was claimed."""
    return {"count": (body or {"count": 0})["count"] + 1}


SHEETS: View[Recorded] = View("test_sheet", 1, sheet_keys, sheet)
COUNTS: View[Recorded] = View("test_count", 1, count_keys, count)
VIEWS = (SHEETS, COUNTS)


@dataclass
class Desk:
    """A log, documents, and who writes the one and shows the other."""

    documents: MemoryDocuments = field(default_factory=MemoryDocuments)
    store: MemoryEventStore = field(default_factory=MemoryEventStore)
    versions: dict[str, int] = field(default_factory=dict)

    async def say(self, *points: str, stream: str = STREAM) -> None:
        """Record claims of one agency."""
        for each in points:
            version = self.versions[stream] = self.versions.get(stream, 0) + 1
            await self.store.append([stored(version, each, stream)])

    def projector(self, *views: View[Recorded]) -> Projector:
        """A new process that shows."""
        return Projector(self.store, self.documents, views or VIEWS)


async def body(documents: Documents, view: View[Recorded], key: str) -> Body | None:
    document = await documents.get(view.collection, key)
    return document.body if document else None


async def shown(documents: Documents) -> Mapping[str, Mapping[str, Any]]:
    """All living documents of both views."""
    pages = {
        view.collection: await documents.page(view.collection, prefix="", limit=1_000)
        for view in VIEWS
    }
    return {name: {each.id: each.body for each in page} for name, page in pages.items()}


async def show_all(projector: Projector) -> None:
    """Step until everything is shown, as the loop around it does."""
    done = 1
    while done:
        with suppress(Unavailable):
            done = await projector.step()
