"""What an urn has to answer, as simply as that can be said: a model for tests of any order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from shared.ports import Box, Draw, Right, Standing, Turnout
from tests.support.urns import DAY, numbers


@dataclass
class UrnModel:
    """One questionnaire: what was put in, by number and by receipt, and where it is now.

    `receipts` are those that nobody has drawn; `taken` are all that there ever were.
    """

    rights: dict[str, Right] = field(default_factory=dict)
    uses: dict[str, list[date]] = field(default_factory=dict)
    exchanged: dict[str, str] = field(default_factory=dict)
    ballots: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)
    answers: dict[int, Box] = field(default_factory=dict)
    receipts: dict[str, Box] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)
    drawn: dict[int, Draw] = field(default_factory=dict)
    discarded: int = 0
    counted: list[int] = field(default_factory=list)
    put: int = 0
    exchanging: bool = True
    shut: bool = False
    today: date = DAY

    def grant(self, right: Right) -> None:
        """Those that are known stay as they are."""
        self.rights.setdefault(right.token_sha256, right)
        self.uses.setdefault(right.token_sha256, [])

    def refuses_spending(self, token: str, receipt: str) -> str | None:
        """The code with which a spending is refused."""
        if token not in self.rights:
            return "token-unknown"
        right, uses = self.rights[token], self.uses[token]
        if right.kind == "link" and receipt in self.taken:
            return "receipt-taken"
        if len(uses) >= right.uses_max:
            return "link-full" if right.kind == "link" else "token-spent"
        if right.kind == "link" and uses.count(self.today) >= right.uses_per_day_max:
            return "link-full-today"
        return self.refuses_slip(receipt)

    def refuses_exchange(self, token: str, blinded: str) -> str | None:
        """The code with which an exchange is refused."""
        if token not in self.rights:
            return "token-unknown"
        if self.rights[token].kind == "link":
            return "token-without-ballot"
        if self.exchanged.get(token) == blinded:
            return None
        if self.uses[token]:
            return "token-spent"
        if self.shut:
            return "survey-closed"
        return None if self.exchanging else "exchange-ended"

    def refuses_slip(self, *receipts: str) -> str | None:
        """The code with which slips are refused that may be put in otherwise."""
        if self.shut:
            return "survey-closed"
        taken = len(set(receipts)) < len(receipts) or self.taken & set(receipts)
        return "receipt-taken" if taken else None

    def put_in(self, box: Box, number: int, receipt: str) -> None:
        """An answer was acknowledged."""
        self.answers[number] = box
        self.receipts[receipt] = box
        self.taken.add(receipt)
        self.put += 1

    def waiting(self) -> dict[Box, int]:
        """What nobody has drawn."""
        return dict(Counter(self.answers.values()))

    def standing(self) -> Standing:
        """How far it has come."""
        return Standing(self.exchanging, self.shut, self.discarded)

    def ballots_out(self) -> int:
        """How many were given and not cast."""
        return max(0, len(self.exchanged) - len(self.ballots))

    def turnout(self) -> dict[str, Turnout]:
        """How rights were used."""
        found: dict[str, list[int]] = {}
        for token, right in self.rights.items():
            counts = found.setdefault(right.agency, [0, 0, 0])
            if right.kind == "link":
                counts[2] += len(self.uses[token])
            else:
                counts[0] += 1
                counts[1] += len(self.uses[token])
        return {agency: Turnout(*counts) for agency, counts in found.items()}

    def check_draw(
        self, batch: int, boxes: Sequence[Box], sizes: tuple[int, int, int], draw: Draw | None
    ) -> None:
        """What was drawn is what had to be; it waits no more."""
        if batch <= self.discarded:
            assert draw is None, "what was discarded is never drawn again"
        elif batch in self.drawn:
            assert draw == self.drawn[batch], "a batch is drawn again unchanged"
        else:
            least, most, leave = sizes
            size = min(most, sum(box in boxes for box in self.answers.values()) - leave)
            assert (draw is not None) == (size >= least)
            if draw is not None:
                assert len(draw.answers) == len(draw.receipts) == size
                self._take(batch, boxes, draw)

    def discard(self, batch: int) -> None:
        """A batch stands in the log, and so do those before it."""
        self.drawn = {each: draw for each, draw in self.drawn.items() if each > batch}
        self.discarded = max(self.discarded, batch)

    def tomorrow(self) -> None:
        """A day goes by."""
        self.today += timedelta(days=1)

    def _take(self, batch: int, boxes: Sequence[Box], draw: Draw) -> None:
        for number, box in zip(numbers(draw), draw.boxes, strict=True):
            assert self.answers.pop(number) == box, "each waited in its box, and leaves it once"
            assert box in boxes
        left = Counter(self.receipts.pop(receipt) for receipt in draw.receipts)
        assert left == Counter(draw.boxes), "as many receipts leave a box as answers"
        self.drawn[batch] = draw
        self.counted += numbers(draw)
