"""Facts of the ranking service: results, each tied to the ledger that it was counted from."""

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


Fact = ResultApproved | ResultPublished | ResultCorrected


def result_of(cycle: str) -> str:
    """The stream of a cycle's results; in any other one a fact of these claims nothing."""
    return f"result/{cycle}"
