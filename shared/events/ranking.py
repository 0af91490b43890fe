"""Facts of the ranking service: results, each tied to the ledger that it was counted from.

It keeps the ledgers of all, and so it also tells what all have to forget.
"""

import msgspec

from shared.events.envelope import Sealed
from shared.events.submission import LegalAct


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What a result rests on: the first `position` entries of the cycle's ledger.

    `root` is their RFC 6962 Merkle tree hash and `digest` the SHA-256 of the canonical table
    counted from them, both in hex.
    """

    position: int
    root: str
    digest: str


class ResultApproved(msgspec.Struct, frozen=True, kw_only=True):
    """The council approved a result; it can be published as long as the table stays the same."""

    cycle: str
    basis: Basis


class ResultPublished(msgspec.Struct, frozen=True, kw_only=True):
    """The first publication (công bố) of a cycle's result: revision 1."""

    cycle: str
    revision: int
    basis: Basis
    decision: LegalAct


class ResultCorrected(msgspec.Struct, frozen=True, kw_only=True):
    """A published result replaced by a later revision; the earlier one stays on record."""

    cycle: str
    revision: int
    basis: Basis
    decision: LegalAct
    because: Sealed


class SealedText(msgspec.Struct, frozen=True, kw_only=True):
    """A text that a person wrote, by the first fact that holds it and by its key."""

    fact: str
    key: str


class ShreddingProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Texts are to be read by nobody any more; it takes a second person.

    `person` is whose texts they are, by the opaque id; empty where they were named one by one.
    """

    cycle: str
    shredding: str
    person: str
    texts: tuple[SealedText, ...]
    because: Sealed


class TextsShredded(msgspec.Struct, frozen=True, kw_only=True):
    """A second person agreed: whoever has one of these keys deletes it.

    No byte of the log changes, nor does anything that is counted from it.
    """

    cycle: str
    shredding: str
    texts: tuple[SealedText, ...]
    because: Sealed


class PersonForgotten(msgspec.Struct, frozen=True, kw_only=True):
    """Every directory forgets who stands behind an opaque id, which stays in the facts."""

    cycle: str
    person: str
    because: Sealed


ResultFact = ResultApproved | ResultPublished | ResultCorrected
PrivacyFact = ShreddingProposed | TextsShredded | PersonForgotten
Fact = ResultFact | PrivacyFact

PRIVACY = "privacy/"
"""What the streams begin with that say what is to be forgotten; every service hears them."""


def result_of(cycle: str) -> str:
    """The stream of a cycle's results; in any other one a fact of these claims nothing."""
    return f"result/{cycle}"


def privacy_of(cycle: str) -> str:
    """The stream of what is to be forgotten of a cycle."""
    return f"{PRIVACY}{cycle}"
