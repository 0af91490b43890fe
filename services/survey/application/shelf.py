"""The stores of the survey, and what every use case reads of them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import CYCLE, Cycle
from services.survey.views import DOCUMENTS, QUESTIONNAIRE, RUNNING
from shared.events.envelope import Context
from shared.kernel.errors import Missing
from shared.kernel.quarantine import Scan
from shared.ports import Document
from shared.runtime.apart import apart
from shared.runtime.handle import Handler, Outcome
from shared.runtime.project import Projector

RUNNING_MAX = 200
"""So many questionnaires are looked at in one turn of a loop; the next turn goes on behind them."""

Body = Mapping[str, Any]
Place = tuple[str, str]
"""A questionnaire, by its cycle and its name."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stores of the survey: its own streams, its copies of others, its documents."""

    own: Handler
    copies: Handler
    shown: Projector

    async def cycle(self, cycle: str) -> Cycle:
        """What the survey knows of a cycle."""
        return await self.copies.load(f"cycle/{cycle}", CYCLE)

    async def questionnaire(self, cycle: str, name: str) -> domain.Questionnaire:
        """A questionnaire, as far as it got."""
        return await self.own.load(stream(cycle, name), domain.decider)

    async def decide(
        self, cycle: str, name: str, command: domain.Command, context: Context
    ) -> Outcome:
        """Record what follows from a command."""
        return await self.own.handle(stream(cycle, name), domain.decider, command, context)

    async def listed(self, cycle: str, after: str, limit: int) -> Sequence[Document]:
        """The questionnaires of a cycle as shown, behind `after` by their ids."""
        documents = await self.shown.fresh()
        return await documents.page(
            QUESTIONNAIRE.collection, prefix=f"{cycle}/", after=after, limit=limit
        )

    async def running(self, prefix: str, after: str, limit: int) -> Sequence[Document]:
        """The questionnaires that are not closed and begin like this, behind `after`."""
        documents = await self.shown.fresh()
        return await documents.page(RUNNING.collection, prefix=prefix, after=after, limit=limit)

    async def document(self, cycle: str, name: str) -> Body:
        """One questionnaire as shown; `Missing` where there is none."""
        documents = await self.shown.fresh()
        document = await documents.get(QUESTIONNAIRE.collection, f"{cycle}/{name}")
        if document is None or document.body is None:
            raise Missing("questionnaire-unknown")
        return document.body

    async def scan_of(self, sha256: str) -> Scan | None:
        """What came last of a document that certifies a result; None where none names it."""
        documents = await self.shown.fresh()
        document = await documents.get(DOCUMENTS.collection, sha256)
        if document is None or document.body is None:
            return None
        return Scan(document.body["standing"], document.body["finding"])


class Round:
    """Goes through the questionnaires that are not closed, some at each turn, again and again.

    Where one fails because a server is away, others would as well, and the turn is over. It may be
    away to that one alone, each time: so the next turn goes on behind it.
    """

    def __init__(self, shelf: Shelf, running_max: int = RUNNING_MAX) -> None:
        self._shelf = shelf
        self._running_max = running_max
        self._after = ""

    async def turn(self, work: Callable[[Body], Awaitable[int]]) -> int:
        """Do this for the next ones, each apart; returns how much was done.

        They are all there are, where no more fit into a turn. Raises `Unavailable` as `apart` does.
        """
        done = 0
        found = await self._shelf.running("", self._after, self._running_max)
        for document in found:
            self._after = document.id
            for body in bodies([document]):
                place = stream(body["cycle"], body["questionnaire"])
                done += await apart(work(body), place)
        if len(found) < self._running_max:
            self._after = ""
        return done


def bodies(documents: Sequence[Document]) -> Sequence[Body]:
    """What living documents say."""
    return [document.body for document in documents if document.body is not None]


def stream(cycle: str, name: str) -> str:
    """The stream of a questionnaire."""
    return f"survey/{cycle}/{name}"


def urn_name(cycle: str, name: str) -> str:
    """What the urn calls a questionnaire."""
    return f"{cycle}/{name}"


def ballot_name(at: Place, agency: str) -> str:
    """What the keys of ballots about an agency are called, for the questionnaire `at`."""
    return "/".join((*at, agency))
