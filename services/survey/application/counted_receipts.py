"""What the urn has to know of the log before anybody answers: which receipts were counted."""

from collections.abc import Iterator, Sequence
from functools import partial

from services.survey.application.joined import Joined
from services.survey.application.shelf import Shelf, urn_name
from services.survey.domain.questionnaire import Questionnaire
from shared.ports import Urn

RECEIPTS_AT_ONCE = 5_000
"""So many receipts, and what their last batch has beyond them, are told at once."""


class CountedReceipts:
    """Tells the urn which receipts of a questionnaire the log has: those behind what it was told.

    An urn remembers by itself what it discards. But one of an earlier version did not, nor does one
    that was put back to an earlier time; and what the log has, everybody can read and send again.
    It would be taken, and the batch that draws it refused for ever. Up to where it was told the
    urn keeps beside the receipts: so a process that starts tells it next to nothing, and all again
    only where it was put back to a time when nobody had told it.
    """

    def __init__(self, shelf: Shelf, urn: Urn, *, at_once: int = RECEIPTS_AT_ONCE) -> None:
        self._shelf = shelf
        self._urn = urn
        self._at_once = at_once
        self._told: dict[str, int] = {}
        self._telling = Joined[None]()

    async def tell_once(self, cycle: str, name: str, state: Questionnaire) -> None:
        """Let the urn know what was counted, unless this process did so before.

        That is enough for whoever answers: what is counted from then on, the urn discards itself.
        """
        if urn_name(cycle, name) not in self._told:
            await self._tell_up_to(cycle, name, state)

    async def tell(self, cycle: str, name: str) -> None:
        """Let the urn know what was counted up to now, so that nobody has to after a restart."""
        await self._tell_up_to(cycle, name, await self._shelf.questionnaire(cycle, name))

    async def _tell_up_to(self, cycle: str, name: str, state: Questionnaire) -> None:
        urn = urn_name(cycle, name)
        while self._told.get(urn, -1) < len(state.receipts):
            # Somebody may be at it already, perhaps not up to as many batches.
            await self._telling.of(urn, partial(self._tell, urn, state.receipts))

    async def _tell(self, urn: str, batches: Sequence[Sequence[str]]) -> None:
        told = self._told.get(urn)
        if told is None:
            told = (await self._urn.standing(urn)).told
        for batch, receipts in _in_groups(batches, told, self._at_once):
            await self._urn.know_counted(urn, receipts, batch=batch)
        self._told[urn] = len(batches)


def _in_groups(
    batches: Sequence[Sequence[str]], told: int, at_once: int
) -> Iterator[tuple[int, Sequence[str]]]:
    """The receipts of the batches behind the one told, with the last batch of each group."""
    group: list[str] = []
    for batch in range(told + 1, len(batches) + 1):
        group += batches[batch - 1]
        if len(group) >= at_once or batch == len(batches):
            yield batch, group
            group = []
