"""What one questionnaire has in the urn in memory."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from shared.adapters.memory.urn_comments import Comments
from shared.kernel.errors import Refused
from shared.ports import Box, Chance

Texts = list[str]


@dataclass(slots=True)
class Poll:
    """What one questionnaire has in the urn; answers as text, so that nobody holds a part."""

    answers: defaultdict[Box, Texts] = field(default_factory=lambda: defaultdict(list))
    receipts: defaultdict[Box, Texts] = field(default_factory=lambda: defaultdict(list))
    drawn: dict[int, tuple[Sequence[Box], Texts, Texts]] = field(default_factory=dict)
    comments: Comments = field(default_factory=Comments)
    ballots: set[str] = field(default_factory=set)
    dropped: dict[str, str] = field(default_factory=dict)
    discarded: int = 0
    told: int = 0
    exchanging: bool = True
    shut: bool = False
    stirred: bool = True

    def holds(self, key: str, digest: str) -> bool:
        """Whether the key is there; refused where it came with another digest."""
        if self.dropped.get(key, digest) != digest:
            raise Refused("idempotency-key-reused", key=key)
        return key in self.dropped

    def require_open(self) -> None:
        """Refuse once the urn is shut."""
        if self.shut:
            raise Refused("survey-closed")

    def require_exchanging(self) -> None:
        """Refuse once no more ballots are given."""
        self.require_open()
        if not self.exchanging:
            raise Refused("exchange-ended")

    def set_aside(self, chance: Chance, chosen: Sequence[tuple[Box, int]]) -> tuple[Texts, Texts]:
        """The answers at these places, and as many receipts of each box, in orders of their own."""
        answers = [self.answers[box][place] for box, place in chosen]
        receipts: Texts = []
        for box, count in Counter(box for box, _ in chosen).items():
            taken = {place for where, place in chosen if where == box}
            kept = enumerate(self.answers[box])
            self.answers[box] = [text for place, text in kept if place not in taken]
            mixed = shuffled(chance, self.receipts[box])
            receipts += mixed[:count]
            self.receipts[box] = mixed[count:]
        return answers, shuffled(chance, receipts)


def shuffled(chance: Chance, texts: Sequence[str]) -> Texts:
    """The same in an order by lot."""
    return [texts[place] for place in chance.shuffled(len(texts))]
