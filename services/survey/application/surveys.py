"""What people and the calendar can do with the survey of a cycle."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.survey.application.counting import Counting, stream
from services.survey.domain import questionnaire as domain
from services.survey.domain import results
from services.survey.domain.cycle import CYCLE, Cycle
from services.survey.policy import CloseCycle
from services.survey.views import QUESTIONNAIRE
from shared.events import survey as events
from shared.events.envelope import Context, Recorded
from shared.kernel.actor import SYSTEM, Actor
from shared.kernel.authority import may, permit
from shared.kernel.errors import Missing
from shared.ports import Clock, Documents, Invitation, Seals, Tracking, Turnout, Urn
from shared.runtime.apart import apart
from shared.runtime.handle import Handler, Outcome
from shared.runtime.project import Projector

INVITATIONS_MAX = 5_000
QUESTIONNAIRES_MAX = 1_000
RESPONSES_MAX = 1_000

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelf:
    """The stores of the survey: its own streams, its copies of others, its documents."""

    own: Handler
    copies: Handler
    shown: Projector


class Surveys:
    """What people and the calendar can do with the survey of a cycle."""

    def __init__(self, shelf: Shelf, urn: Urn, seals: Seals, clock: Clock) -> None:
        self._own = shelf.own
        self._copies = shelf.copies
        self._shown = shelf.shown
        self._urn = urn
        self._counting = Counting(shelf.own, urn, clock)
        self._seals = seals
        self._clock = clock

    # ----------------------------------------------------------------------- survey officers

    async def adopt(
        self, by: Actor, adopted: events.QuestionnaireAdopted, context: Context
    ) -> Outcome:
        """Adopt a questionnaire, or replace one that is not open yet."""
        permit(by, "adopt-questionnaire")
        cycle = await self._cycle(adopted.cycle)
        command = domain.AdoptQuestionnaire(adopted, cycle)
        return await self._decide(adopted.cycle, adopted.questionnaire, command, context)

    async def open(self, by: Actor, cycle: str, name: str, context: Context) -> Outcome:
        """Begin to take answers."""
        permit(by, "run-survey")
        command = domain.OpenSurvey(context.at, await self._cycle(cycle))
        return await self._decide(cycle, name, command, context)

    async def close(
        self, by: Actor, cycle: str, name: str, closed_by: events.ClosedBy, context: Context
    ) -> Outcome:
        """Take no more answers, count what waits, and say that this was all."""
        permit(by, "run-survey")
        state = await self._questionnaire(cycle, name)
        if state.opened and not state.closed:
            await self._urn.shut(f"{cycle}/{name}")
            await self._counting.count_all(cycle, name)
        return await self._decide(cycle, name, domain.CloseSurvey(closed_by), context)

    async def invite(
        self, by: Actor, cycle: str, name: str, agency: str, count: int, context: Context
    ) -> Sequence[str]:
        """New tokens, each good for one answer about the agency; only their hashes are kept.

        The same idempotency key gives the same tokens again.
        """
        permit(by, "invite-respondents")
        state = await self._questionnaire(cycle, name)
        domain.require_agency(domain.adopted_in(state), agency, await self._cycle(cycle))
        seed = f"{cycle}/{name}/{agency}/{context.idempotency_key}"
        tokens = [self._seals.digest(f"{seed}/{place}".encode()) for place in range(count)]
        invitations = [Invitation(_sha256(token), agency) for token in tokens]
        key, digest = _said("invitations", context)
        await self._urn.drop(f"{cycle}/{name}", key, (), digest=digest)
        await self._urn.invite(f"{cycle}/{name}", invitations)
        return tokens

    async def enter(
        self, by: Actor, cycle: str, name: str, responses: Sequence[Body], context: Context
    ) -> bool:
        """Put a batch of answers given on paper into the urn, once per idempotency key."""
        permit(by, "enter-responses")
        key, digest = _said("paper", context)
        if await self._urn.dropped(f"{cycle}/{name}", key, digest=digest):
            return False
        state, copy = await self._questionnaire(cycle, name), await self._cycle(cycle)
        domain.require_taking(state, copy, context.at)
        for response in responses:
            domain.check_answers(state, copy, response["agency"], response["answers"])
        return await self._urn.drop(f"{cycle}/{name}", key, responses, digest=digest)

    async def exclude(
        self,
        by: Actor,
        at: tuple[str, str],
        places: tuple[int, tuple[int, ...]],
        reason: str,
        context: Context,
    ) -> Outcome:
        """Take counted responses out of the questionnaire `at` (cycle, name), for a reason.

        `places` is a batch, and the positions in it, from 0.
        """
        permit(by, "exclude-answers")
        batch, positions = places
        because = await self._seals.seal(reason)
        command = domain.ExcludeAnswers(batch, positions, because)
        return await self._decide(*at, command, context)

    async def import_result(
        self, by: Actor, result: events.ResultImported, context: Context
    ) -> Outcome:
        """Take over a certified result of a survey run elsewhere."""
        permit(by, "import-survey-result")
        command = domain.ImportResult(result, await self._cycle(result.cycle))
        return await self._decide(result.cycle, result.questionnaire, command, context)

    # --------------------------------------------------------------------------- respondents

    async def answer(self, cycle: str, name: str, token: str, answers: Mapping[str, str]) -> None:
        """Spend a token on answers. Nothing of the caller is known here, or kept."""
        state, copy = await self._questionnaire(cycle, name), await self._cycle(cycle)
        domain.require_taking(state, copy, self._clock.now())
        urn_name, token_sha256 = f"{cycle}/{name}", _sha256(token)
        invitation = await self._urn.invitation(urn_name, token_sha256)
        domain.check_answers(state, copy, invitation.agency, answers)
        answer = {"agency": invitation.agency, "answers": dict(answers)}
        await self._urn.spend(urn_name, token_sha256, answer)

    # ------------------------------------------------------------------------ the calendar

    async def count_waiting(self) -> int:
        """Count a batch of every questionnaire in which enough answers wait."""
        counted = 0
        for document in await self._listed(""):
            if document["status"] == "open":
                place = (document["cycle"], document["questionnaire"])
                counted += await apart(self._counting.count_some(*place), stream(*place))
        return counted

    async def follow_calendar(self) -> int:
        """Open what is due to open and close what is due to close; returns how many."""
        now, changed = self._clock.now(), 0
        for document in await self._listed(""):
            if document["status"] != "closed":
                place = stream(document["cycle"], document["questionnaire"])
                changed += await apart(self._follow(document, now), place)
        return changed

    async def perform(self, command: CloseCycle, cause: Recorded, _: Tracking | None) -> None:
        """Do what the policy asked for."""
        for document in await self._listed(f"{command.cycle}/"):
            if document["status"] == "open":
                context = Context(
                    at=self._clock.now(), actor=SYSTEM.reference, causation_id=cause.id
                )
                name = document["questionnaire"]
                await self.close(SYSTEM, command.cycle, name, "withdrawal", context)

    # ---------------------------------------------------------------------------- readings

    async def questionnaires(self, cycle: str) -> Sequence[Body]:
        """The questionnaires of a cycle; who answers may see what is asked."""
        return await self._listed(f"{cycle}/")

    async def questionnaire(self, by: Actor, cycle: str, name: str) -> Body:
        """One questionnaire, with what its reader may do with it now."""
        document = await (await self._shown.fresh()).get(
            QUESTIONNAIRE.collection, f"{cycle}/{name}"
        )
        if document is None or document.body is None:
            raise Missing("questionnaire-unknown")
        return {**document.body, "actions": _actions(by, document.body["status"])}

    async def turnout(self, by: Actor, cycle: str, name: str) -> Mapping[str, Turnout]:
        """How many were invited about each agency, and how many of them answered."""
        permit(by, "read-turnout")
        domain.adopted_in(await self._questionnaire(cycle, name))
        return await self._urn.turnout(f"{cycle}/{name}")

    async def results(self, by: Actor, cycle: str, name: str) -> Sequence[results.Result]:
        """The counted answers by agency and item, and the points that they come to."""
        permit(by, "read-turnout")
        return results.results(await self._questionnaire(cycle, name), await self._cycle(cycle))

    # ----------------------------------------------------------------------------- helpers

    async def _cycle(self, cycle: str) -> Cycle:
        return await self._copies.load(f"cycle/{cycle}", CYCLE)

    async def _questionnaire(self, cycle: str, name: str) -> domain.Questionnaire:
        return await self._own.load(stream(cycle, name), domain.decider)

    async def _decide(
        self, cycle: str, name: str, command: domain.Command, context: Context
    ) -> Outcome:
        return await self._own.handle(stream(cycle, name), domain.decider, command, context)

    async def _listed(self, prefix: str) -> Sequence[Body]:
        documents: Documents = await self._shown.fresh()
        page = await documents.page(
            QUESTIONNAIRE.collection, prefix=prefix, limit=QUESTIONNAIRES_MAX
        )
        return [document.body for document in page if document.body is not None]

    async def _follow(self, document: Body, now: datetime) -> int:
        name, status = document["questionnaire"], document["status"]
        cycle = await self._cycle(document["cycle"])
        if not cycle.running:
            return 0
        context = Context(at=now, actor=SYSTEM.reference)
        if now >= cycle.closes(datetime.fromisoformat(document["closes"])):
            if status == "open":
                await self.close(SYSTEM, cycle.name, name, "calendar", context)
                return 1
        elif status == "adopted" and now >= datetime.fromisoformat(document["opens"]):
            await self.open(SYSTEM, cycle.name, name, context)
            return 1
        return 0


def _said(what: str, context: Context) -> tuple[str, str]:
    """The idempotency key of a request, and the digest of its body."""
    return f"{what} {context.idempotency_key}", context.request_digest or ""


def _actions(by: Actor, status: str) -> Mapping[str, str | None]:
    opening = {"adopted": None, "open": "survey-already-open", "closed": "survey-closed"}
    closing = {"adopted": "survey-not-open", "open": None, "closed": "survey-closed"}
    return {
        "adopt-questionnaire": may(by, "adopt-questionnaire") or opening[status],
        "open-survey": may(by, "run-survey") or opening[status],
        "close-survey": may(by, "run-survey") or closing[status],
        "invite-respondents": may(by, "invite-respondents")
        or ("survey-closed" if status == "closed" else None),
        "answer": closing[status],
    }


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
