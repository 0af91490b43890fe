"""An urn that takes nothing as long as it has a problem."""

from datetime import date

from shared.adapters.memory import MemoryUrn, SeededChance
from shared.ports import Slip


class ClosedUrn(MemoryUrn):
    """An urn in memory; whoever puts something in hears of its problem, if it has one.

    `taken` are the slips that were put in by people.
    """

    def __init__(self, problem: Exception | None = None) -> None:
        super().__init__(SeededChance(1))
        self.problem = problem
        self.taken: list[Slip] = []

    async def spend(self, questionnaire: str, token_sha256: str, slip: Slip, *, day: date) -> None:
        """Put a slip in, or raise."""
        if self.problem is not None:
            raise self.problem
        await super().spend(questionnaire, token_sha256, slip, day=day)
        self.taken.append(slip)

    async def cast(self, questionnaire: str, agency: str, ballot_sha256: str, slip: Slip) -> None:
        """Put a slip in for a ballot, or raise."""
        if self.problem is not None:
            raise self.problem
        await super().cast(questionnaire, agency, ballot_sha256, slip)
        self.taken.append(slip)
