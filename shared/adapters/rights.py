"""What hinders whoever wants to use a right: one judgement, whatever keeps the rights."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from shared.kernel.errors import Missing, Refused
from shared.ports import Right


@dataclass(frozen=True, slots=True)
class Held:
    """A right as an urn keeps it. The day is that of a link's last use; an invitation has none."""

    questionnaire: str
    right: Right
    used: int = 0
    used_on: date | None = None
    used_that_day: int = 0
    revoked: bool = False
    ballot_sha256: str | None = None
    """The blinded ballot that an invitation was exchanged for."""

    def in_use_on(self, day: date) -> "Held":
        """The right after one more use; raises `Refused("link-full-today")`.

        Where another process was told of a later day already, the use counts for that one.
        """
        if self.right.kind == "invitation":
            return replace(self, used=self.used + 1)
        counted_on = max(day, self.used_on or day)
        used_before = self.used_that_day if self.used_on == counted_on else 0
        if used_before >= self.right.uses_per_day_max:
            raise Refused("link-full-today")
        return replace(self, used=self.used + 1, used_on=counted_on, used_that_day=used_before + 1)

    def exchanged_for(self, blinded_sha256: str) -> "Held":
        """The right after its exchange; the same one where that was for this ballot already."""
        if self.ballot_sha256 == blinded_sha256 and not self.revoked:
            return self
        _require_unspent(self)
        return replace(self, used=self.used + 1, ballot_sha256=blinded_sha256)


def known(held: Held | None, questionnaire: str) -> Held:
    """Raises `Missing("token-unknown")`, or `Refused("token-of-another-survey")`."""
    if held is None:
        raise Missing("token-unknown")
    if held.questionnaire != questionnaire:
        raise Refused("token-of-another-survey")
    return held


def usable(held: Held | None, questionnaire: str) -> Held:
    """Raises what `known` raises, `Refused("token-spent")`, or "link-full" or "link-closed"."""
    found = known(held, questionnaire)
    _require_unspent(found)
    return found


def unused(found: Iterable[Held], questionnaire: str) -> frozenset[str]:
    """The invitations to a questionnaire that nobody has used, by the hashes of their tokens."""
    return frozenset(
        held.right.token_sha256
        for held in found
        if held.questionnaire == questionnaire
        and held.right.kind == "invitation"
        and not (held.used or held.revoked)
    )


def exchangeable(held: Held | None, questionnaire: str) -> Held:
    """Raises what `known` raises, and `Refused("token-without-ballot")` of a link."""
    found = known(held, questionnaire)
    if found.right.kind == "link":
        raise Refused("token-without-ballot")
    return found


def _require_unspent(held: Held) -> None:
    # A link is spent by others: nobody is told of it that they have answered.
    is_link = held.right.kind == "link"
    if held.revoked:
        raise Refused("link-closed" if is_link else "token-spent")
    if held.used >= held.right.uses_max:
        raise Refused("link-full" if is_link else "token-spent")
