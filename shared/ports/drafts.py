"""Drafts: what people typed in from paper, until two of them typed the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

PERSONS_MAX = 2
"""So many people type in a pile, each for themselves."""


PileName = tuple[str, str]
"""A questionnaire, and what the pile is called there."""

FIRST_PILE: PileName = ("", "")
"""All piles sort behind this."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person typed in; its revision is a random name that no other draft has."""

    person: str
    revision: str
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """The drafts of a pile, by the names of the people.

    Agreed upon or given up, they change no more; never are they both.
    """

    drafts: Sequence[Draft] = ()
    agreed: bool = False
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class KeptPile:
    """A pile of which there are drafts, without what is in them.

    `revisions` are those of the drafts, in the order of the persons.
    """

    questionnaire: str
    pile: str
    persons: Sequence[str]
    revisions: Sequence[str]
    agreed: bool


class Drafts(Protocol):
    """Where drafts wait; they are forgotten as the answers in an urn are.

    A questionnaire is named `cycle/questionnaire`. A pile has drafts of two people at most.
    """

    async def put(self, questionnaire: str, pile: str, draft: Draft) -> None:
        """Keep a person's draft of a pile, in place of the one that they had.

        Raises `Refused("pile-typed-by-two")` where two others have typed it in, and
        `Refused("pile-agreed")` or `Refused("pile-given-up")` where its drafts change no more.
        """

    async def typed(self, questionnaire: str, pile: str) -> Typed:
        """The drafts of a pile, all of one moment; none where nobody typed it in."""

    async def agree(self, questionnaire: str, pile: str, revisions: Sequence[str]) -> bool:
        """Let the drafts of a pile change no more, if these are their revisions.

        True if they are, also where that was done before; False, and nothing done, if one was
        changed meanwhile, or the pile was given up.
        """

    async def give_up(self, questionnaire: str, pile: str) -> Typed:
        """Let nobody agree upon the drafts of a pile any more, unless that was done before.

        Returns them as they stand then: given up, agreed upon, or none, where nobody typed it in.
        """

    async def forget(self, questionnaire: str, pile: str) -> None:
        """Forget the drafts of a pile; a second time does nothing."""

    async def piles(
        self, questionnaire: str | None = None, *, after: PileName = FIRST_PILE, limit: int
    ) -> Sequence[KeptPile]:
        """The piles with drafts behind `after` by their names, of a questionnaire or of all."""
