"""A slip taken apart, as urns keep it: nothing of one part is in another."""

from dataclasses import dataclass

from shared.adapters.canonical import to_json
from shared.ports import Slip

SLIPS_MAX = 100
"""So many slips at most are put in by one transaction."""
SLIPS_WAITING_MAX = 128
"""With a round under way, fewer than a door lets in at once: others can still be served."""
SPEND_TIMEOUT_S = 8.0


@dataclass(frozen=True, slots=True)
class Parts:
    """The answer as text, the receipt, and the comments as (question, text)."""

    answer: str
    receipt: str
    comments: tuple[tuple[str, str], ...]


def parts_of(slip: Slip) -> Parts:
    """Raises `ValueError` where the answer is no JSON, before anything is used up."""
    comments = tuple((comment["question"], comment["text"]) for comment in slip.comments)
    return Parts(to_json(slip.answer), slip.receipt, comments)
