"""A slip taken apart, as urns keep it: nothing of one part is in another."""

from dataclasses import dataclass

from shared.adapters.canonical import to_json
from shared.ports import Slip


@dataclass(frozen=True, slots=True)
class Parts:
    """The answer as text, the receipt, and the comments as (question, text)."""

    answer: str
    receipt: str
    comments: tuple[tuple[str, str], ...]


def apart(slip: Slip) -> Parts:
    """Raises `ValueError` where the answer is no JSON, before anything is used up."""
    comments = tuple((comment["question"], comment["text"]) for comment in slip.comments)
    return Parts(to_json(slip.answer), slip.receipt, comments)
