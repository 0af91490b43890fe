"""The urn: where answers wait until they are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Invitation:
    """The right to answer a questionnaire once, about one agency; only the token's hash is kept."""

    token_sha256: str
    agency: str


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many were invited about an agency, and how many of the invitations were used."""

    invited: int
    answered: int


@dataclass(frozen=True, slots=True)
class Draw:
    """Answers that left the urn together, shuffled; the same until they are discarded."""

    batch: int
    answers: Sequence[Mapping[str, Any]]


class Urn(Protocol):
    """Where answers wait until they are counted, apart from who gave them.

    A questionnaire is named `cycle/questionnaire`.
    """

    async def invite(self, questionnaire: str, invitations: Sequence[Invitation]) -> None:
        """Remember invitations; those that are known already stay as they are."""

    async def invitation(self, questionnaire: str, token_sha256: str) -> Invitation:
        """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""

    async def spend(self, questionnaire: str, token_sha256: str, answer: Mapping[str, Any]) -> None:
        """Use up a token and drop the answer in, both or neither, sharing nothing afterwards.

        Raises `Refused("token-spent")` the second time, `Refused("survey-closed")` once the urn
        is shut, and what `invitation` raises.
        """

    async def drop(
        self, questionnaire: str, key: str, answers: Sequence[Mapping[str, Any]], *, digest: str
    ) -> bool:
        """Put in answers collected elsewhere, once per key; False if the key was there already.

        Raises `Refused("survey-closed")` for a new key once the urn is shut, and
        `Refused("idempotency-key-reused")` where the key was there with another digest.
        """

    async def dropped(self, questionnaire: str, key: str, *, digest: str) -> bool:
        """Whether the key is there; raises where it came with another digest, as `drop` does."""

    async def shut(self, questionnaire: str) -> None:
        """Take no answer from now on, so that what is waiting is all there will be."""

    async def waiting(self, questionnaire: str) -> int:
        """How many answers have not been drawn and discarded."""

    async def draw(
        self, questionnaire: str, *, batch: int, least: int, most: int, leave: int = 0
    ) -> Draw | None:
        """Set aside a shuffled batch of `least` to `most` answers; None if fewer are waiting.

        At least `leave` answers that nobody has drawn stay behind, whoever else draws meanwhile.

        A batch once drawn is drawn again unchanged until it is discarded, also after a crash; a
        batch that was discarded, or one before it, is never drawn again (None).
        """

    async def discard(self, questionnaire: str, batch: int) -> None:
        """Forget the answers of a drawn batch: they stand in the log now."""

    async def turnout(self, questionnaire: str) -> Mapping[str, Turnout]:
        """Invitations and answers by agency."""
