"""What the urn has to know of the log before anybody answers."""

from services.survey.application.shelf import Shelf, urn_name
from services.survey.domain.questionnaire import Questionnaire
from shared.ports import Urn


class Reminding:
    """Tells the urn which receipts of a questionnaire the log has: once in the life of a process.

    An urn remembers by itself what it discards. But one of an earlier version did not, nor does one
    that was put back to an earlier time; and what the log has, everybody can read and send again.
    It would be taken, and the batch that draws it refused for ever.
    """

    def __init__(self, shelf: Shelf, urn: Urn) -> None:
        self._shelf = shelf
        self._urn = urn
        self._reminded: set[str] = set()

    async def remind(self, cycle: str, name: str, state: Questionnaire | None = None) -> None:
        """Let the urn know what was counted, unless this process did so before.

        Who has just read the questionnaire gives its `state`.
        """
        urn = urn_name(cycle, name)
        if urn in self._reminded:
            return
        state = state or await self._shelf.questionnaire(cycle, name)
        for receipts in state.receipts:
            await self._urn.know_counted(receipts)
        self._reminded.add(urn)
