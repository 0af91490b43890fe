"""Whether what left an urn (thùng phiếu) can have gone in, as far as the log itself tells.

Who runs the survey could put answers in that nobody gave. They would lack a receipt, or have one
that was given before, or be more than there are people who may answer. Anybody can see that who
has the log. It changes nothing in the count: what is wrong has to be told, and the answers of
everybody else still count.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.events import survey
from shared.events.codec import WIRE_NAMES
from shared.events.envelope import Recorded

Code = Literal[
    "batch-unbalanced",  # its responses, its receipts and its hasty ones cannot be those of one urn
    "answers-uninvited",  # more answers by invitation about an agency than people were invited
]
BATCH = WIRE_NAMES[survey.ResponsesCounted]
"""A batch in a former shape says nothing of receipts and channels."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """What is wrong with a batch, with the numbers that do not fit."""

    code: Code
    details: Mapping[str, str]


@dataclass(slots=True)
class _Urn:
    """What is known of a questionnaire; `issued` and `answered` count by agency."""

    batches: set[int] = field(default_factory=set)
    receipts: set[str] = field(default_factory=set)
    issued: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)


class Balance:
    """The urns of a cycle, as far as its facts were read."""

    def __init__(self, cycle: str) -> None:
        self._cycle = cycle
        self._urns: dict[str, _Urn] = {}

    def take(self, recorded: Recorded) -> Iterator[Imbalance]:
        """Look at the next fact that is counted."""
        fact = recorded.data
        match fact:
            case survey.InvitationsIssued(cycle=self._cycle):
                self._urn(fact.questionnaire).issued[fact.agency] += fact.count
            case survey.ResponsesCounted(cycle=self._cycle):
                urn = self._urn(fact.questionnaire)
                is_first = fact.batch not in urn.batches
                urn.batches.add(fact.batch)
                if is_first and recorded.type == BATCH:
                    yield from _unbalanced(urn, fact)
                    yield from _uninvited(urn, fact)
            case _:
                pass

    def _urn(self, questionnaire: str) -> _Urn:
        return self._urns.setdefault(questionnaire, _Urn())


def _unbalanced(urn: _Urn, fact: survey.ResponsesCounted) -> Iterator[Imbalance]:
    responses, before = len(fact.responses), len(urn.receipts)
    urn.receipts.update(fact.receipts)
    new = len(urn.receipts) - before
    if not (len(fact.receipts) == new == responses and 0 <= fact.hasty <= responses):
        details = {
            "responses": str(responses),
            "receipts": str(len(fact.receipts)),
            "new": str(new),
            "hasty": str(fact.hasty),
        }
        yield Imbalance("batch-unbalanced", details)


def _uninvited(urn: _Urn, fact: survey.ResponsesCounted) -> Iterator[Imbalance]:
    """Nothing can be said where no invitation was ever told."""
    if fact.channel != "invitation":
        return
    answered = Counter(response.agency for response in fact.responses)
    urn.answered.update(answered)
    for agency in answered:
        if urn.issued and urn.answered[agency] > urn.issued[agency]:
            details = {
                "agency": agency,
                "answers": str(urn.answered[agency]),
                "invited": str(urn.issued[agency]),
            }
            yield Imbalance("answers-uninvited", details)
