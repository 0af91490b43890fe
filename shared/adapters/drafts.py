"""What may be done with the drafts of a pile, as its rows stand."""

from collections.abc import Collection, Sequence
from typing import Any

from shared.adapters.canonical import from_json
from shared.kernel.errors import Refused
from shared.ports import PERSONS_MAX, Draft, Typed

Row = tuple[str, str, Any, Any]
"""A draft's person and revision, and whether its pile is agreed upon, and given up."""


def require_room(state: Sequence[Row], pile: str, person: str) -> None:
    """Raises `Refused` where a person can type in no draft of the pile any more."""
    persons = {person for person, *_ in state}
    if any(agreed for _, _, agreed, _ in state):
        raise Refused("pile-agreed", pile=pile)
    if any(given_up for *_, given_up in state):
        raise Refused("pile-given-up", pile=pile)
    if person not in persons and len(persons) >= PERSONS_MAX:
        raise Refused("pile-typed-by-two", pile=pile)


def may_agree(state: Sequence[Row], revisions: Collection[str]) -> bool:
    """Whether these are the revisions of the pile's drafts, and nobody gave it up."""
    if not state or {revision for _, revision, *_ in state} != set(revisions):
        return False
    return not any(given_up for *_, given_up in state)


def typed_of(rows: Sequence[tuple[Any, ...]]) -> Typed:
    """A pile of rows of state with the content, as JSON, behind the revision."""
    drafts = tuple(Draft(person, each, from_json(text)) for person, each, text, _, _ in rows)
    is_agreed = any(agreed for *_, agreed, _ in rows)
    return Typed(drafts, is_agreed, any(given_up for *_, given_up in rows))
