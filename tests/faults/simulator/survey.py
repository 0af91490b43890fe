"""The survey: officers run it, and respondents answer until they know that they have."""

import asyncio
import hashlib

from services.survey.domain.filled import Filled
from shared.kernel.errors import Refused
from tests.faults.simulator import cycle as the
from tests.faults.simulator import services
from tests.faults.simulator.caller import Caller
from tests.faults.simulator.world import World

TOKENS_EACH = 8
RESPONDENTS = 4
PLACE = (the.CYCLE, the.QUESTIONNAIRE)


class Survey:
    """Everybody who has to do with the one questionnaire."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._chance = world.chance
        self._officer = Caller(world, "survey", the.SURVEY_OFFICER, the.SCORING_AT)
        self._tokens: list[tuple[str, str]] = []

    async def run(self) -> None:
        """Adopt, open, invite, answer, close."""
        by, say = the.SURVEY_OFFICER, self._officer
        await say.insist("adopt", lambda it, ctx: it.surveys.adopt(by, the.ASKED, ctx))
        await say.insist(
            "open", lambda it, ctx: it.surveys.open(by, the.CYCLE, the.QUESTIONNAIRE, ctx)
        )
        for agency in the.AGENCIES:
            await self._invite(agency)
        self._chance.shuffle(self._tokens)
        await asyncio.gather(*(self._respond(place) for place in range(RESPONDENTS)))
        await say.insist(
            "close",
            lambda it, ctx: it.surveys.close(
                by, the.CYCLE, the.QUESTIONNAIRE, "survey-officer", ctx
            ),
        )

    async def _invite(self, agency: str) -> None:
        by, context = the.SURVEY_OFFICER, self._officer.context(f"invite/{agency}")
        tokens = await self._officer.ask(
            lambda it: it.rights.invite(by, PLACE, agency, TOKENS_EACH, context)
        )
        self._tokens += [(agency, token) for token in tokens]

    async def _respond(self, place: int) -> None:
        for agency, token in self._tokens[place::RESPONDENTS]:
            answers = {code: self._chance.choice(the.OPTIONS) for code in the.QUESTIONS}
            if await self._answer(token, answers):
                self._world.told.answers[agency, *answers.values()] += 1

    async def _answer(self, token: str, answers: dict[str, str]) -> bool:
        """Answer once; whoever hears that the token is spent has been heard before."""
        receipt = hashlib.sha256(token.encode()).hexdigest()

        async def answer(it: services.Survey) -> None:
            await it.answering.answer(PLACE, token, Filled(answers), receipt=receipt)

        try:
            await self._officer.ask(answer)
        except Refused as refusal:
            if refusal.code != "token-spent":
                raise
        return True
