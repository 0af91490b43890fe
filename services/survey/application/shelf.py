"""The stores of the survey, and what every use case reads of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import CYCLE, Cycle
from services.survey.views import QUESTIONNAIRE
from shared.events.envelope import Context
from shared.kernel.errors import Missing
from shared.runtime.handle import Handler, Outcome
from shared.runtime.project import Projector

QUESTIONNAIRES_MAX = 1_000

Body = Mapping[str, Any]


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

    async def listed(self, prefix: str) -> Sequence[Body]:
        """The questionnaires whose names begin like this, `cycle/questionnaire`, as shown."""
        documents = await self.shown.fresh()
        page = await documents.page(
            QUESTIONNAIRE.collection, prefix=prefix, limit=QUESTIONNAIRES_MAX
        )
        return [document.body for document in page if document.body is not None]

    async def document(self, cycle: str, name: str) -> Body:
        """One questionnaire as shown; `Missing` where there is none."""
        documents = await self.shown.fresh()
        document = await documents.get(QUESTIONNAIRE.collection, f"{cycle}/{name}")
        if document is None or document.body is None:
            raise Missing("questionnaire-unknown")
        return document.body


def stream(cycle: str, name: str) -> str:
    """The stream of a questionnaire."""
    return f"survey/{cycle}/{name}"


def urn_name(cycle: str, name: str) -> str:
    """What the urn calls a questionnaire."""
    return f"{cycle}/{name}"


def ballot_name(at: tuple[str, str], agency: str) -> str:
    """What the keys of ballots about an agency are called, for the questionnaire `at`."""
    return "/".join((*at, agency))
