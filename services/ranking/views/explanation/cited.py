"""The facts that an explanation cites: what they say, where they stand, and the proof of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.ranking.views.table import Body
from shared.events.envelope import Recorded


@dataclass(frozen=True, slots=True)
class Cited:
    """A fact as it stands in the ledger: its number, when it took it, its leaf, and its proof.

    `path` is that of RFC 6962, 2.1.1, from the leaf to the root of the ledger that was counted.
    """

    number: int
    at: datetime
    recorded: Recorded
    leaf: bytes
    path: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The ledger that was counted, and the checkpoint by which somebody outside may know it.

    `consistency` proves (RFC 6962, 2.1.2) that the shorter of the two begins the longer one.
    """

    size: int
    root: bytes
    checkpoint: Body | None
    consistency: Sequence[bytes]


class Citations:
    """The facts of one explanation by their ids.

    Of those that are not among them only the id is known.
    """

    def __init__(self, cited: Sequence[Cited]) -> None:
        self._cited: Mapping[str, Cited] = {each.recorded.id: each for each in cited}

    def reference(self, fact: str) -> dict[str, Any]:
        """A fact by its id, and its number where it is told."""
        cited = self._cited.get(fact)
        return {"fact": fact, "number": cited.number if cited else None}

    def data(self, fact: str) -> Any | None:  # noqa: ANN401 - one of shared.events
        """What a fact says; None for one that is not told."""
        cited = self._cited.get(fact)
        return cited.recorded.data if cited else None

    def told(self, *, with_people: bool) -> list[dict[str, Any]]:
        """All of them, in ledger order; who acted by role alone, or by the opaque id as well."""
        in_order = sorted(self._cited.values(), key=lambda cited: cited.number)
        return [_told(cited, with_people=with_people) for cited in in_order]


def _told(cited: Cited, *, with_people: bool) -> dict[str, Any]:
    recorded = cited.recorded
    actor = recorded.context.actor
    return {
        "number": cited.number,
        "id": recorded.id,
        "type": recorded.type,
        "stream": recorded.stream,
        "version": recorded.version,
        "actor": actor if with_people or actor is None else actor.partition(":")[0],
        "at": recorded.context.at.isoformat(),
        "recorded_at": cited.at.isoformat(),
        "leaf": cited.leaf.hex(),
        "path": [each.hex() for each in cited.path],
    }


def anchor_body(anchor: Anchor) -> dict[str, Any]:
    """Against which root the facts are proved, and what of it was signed."""
    signed = anchor.checkpoint["size"] if anchor.checkpoint else 0
    return {
        "size": anchor.size,
        "root": anchor.root.hex(),
        "checkpoint": anchor.checkpoint,
        "consistency": [each.hex() for each in anchor.consistency],
        "signed_to": min(signed, anchor.size),
    }
