"""The statements of a PROV-JSON document, each told once, and every name in it qualified.

https://www.w3.org/Submission/2013/SUBM-prov-json-20130424/
"""

from collections.abc import Mapping
from typing import Any

Attributes = Mapping[str, Any]

_NAMESPACES: Mapping[str, str] = {
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/@.")
"""What a local name may hold unescaped, of what our names are made of (PROV-N, 3.7.1)."""


def qualified(prefix: str, local: str) -> str:
    """A name with its prefix; what may not stand in a local name is percent-encoded."""
    encoded = "".join(
        character if character in _PLAIN else _percent(character) for character in local
    )
    if encoded.endswith("."):
        encoded = f"{encoded[:-1]}%2E"
    return f"{prefix}:{encoded}"


def _percent(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


def typed(value: str, kind: str) -> dict[str, str]:
    """A literal with its type."""
    return {"$": value, "type": kind}


class Statements:
    """What is stated, in the order in which it was first said."""

    def __init__(self) -> None:
        self._stated: dict[str, dict[str, Attributes]] = {}
        self._known: set[tuple[str, ...]] = set()

    def document(self, prefixes: Mapping[str, str]) -> dict[str, Any]:
        """The whole document."""
        return {"prefix": {**_NAMESPACES, **prefixes}, **self._stated}

    def entity(self, name: str, kind: str, attributes: Attributes) -> None:
        """There is such a thing."""
        self._name("entity", name, {"prov:type": _is_a(kind), **attributes})

    def activity(
        self, name: str, kind: str, attributes: Attributes | None = None, *, ended: str = ""
    ) -> None:
        """Such a thing was done."""
        when = {"prov:endTime": ended} if ended else {}
        self._name("activity", name, {"prov:type": _is_a(kind), **when, **(attributes or {})})

    def agent(self, name: str, kind: str, label: str = "") -> None:
        """There is somebody who acts."""
        called = {"prov:label": label} if label else {}
        self._name("agent", name, {"prov:type": _is_a(kind), **called})

    def generated(self, entity: str, activity: str, *, at: str = "") -> None:
        """The entity came to be by the activity."""
        when = {"prov:time": at} if at else {}
        self._relate("wasGeneratedBy", {"prov:entity": entity, "prov:activity": activity, **when})

    def used(self, activity: str, entity: str) -> None:
        """The activity went by the entity."""
        self._relate("used", {"prov:activity": activity, "prov:entity": entity})

    def derived(self, generated: str, used: str, activity: str = "") -> None:
        """One entity comes from another one."""
        by = {"prov:activity": activity} if activity else {}
        entities = {"prov:generatedEntity": generated, "prov:usedEntity": used}
        self._relate("wasDerivedFrom", {**entities, **by})

    def informed(self, informed: str, informant: str) -> None:
        """One activity went by what another one made."""
        self._relate("wasInformedBy", {"prov:informed": informed, "prov:informant": informant})

    def attributed(self, entity: str, agent: str) -> None:
        """The agent answers for the entity."""
        self._relate("wasAttributedTo", {"prov:entity": entity, "prov:agent": agent})

    def associated(self, activity: str, agent: str) -> None:
        """The agent answers for the activity."""
        self._relate("wasAssociatedWith", {"prov:activity": activity, "prov:agent": agent})

    def _name(self, kind: str, name: str, attributes: Attributes) -> None:
        self._stated.setdefault(kind, {}).setdefault(name, attributes)

    def _relate(self, kind: str, attributes: Mapping[str, str]) -> None:
        """State a relation under a blank name of its own, unless it was stated before."""
        told = (kind, *attributes.values())
        if told not in self._known:
            self._known.add(told)
            stated = self._stated.setdefault(kind, {})
            stated[f"_:{kind}{len(stated) + 1}"] = attributes


def _is_a(kind: str) -> dict[str, str]:
    return typed(kind, "prov:QUALIFIED_NAME")
