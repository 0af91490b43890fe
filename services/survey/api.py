"""The survey over HTTP. Answering needs a token and no name; everything else needs a role."""

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field

from services.survey.application import INVITATIONS_MAX, RESPONSES_MAX, Surveys
from services.survey.domain.results import Result
from services.survey.domain.validity import COUNT_MAX, QUESTIONS_MAX
from shared.adapters import web
from shared.events import survey as events
from shared.kernel import points

OPTIONS_MAX = 20
POSITIONS_MAX = 1_000
OPTIONS_EXAMPLE = [
    {"code": "5", "title": "Rất hài lòng"},
    {"code": "1", "title": "Rất không hài lòng"},
]
QUESTION_CODE = r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$"

QuestionCode = Annotated[str, Field(pattern=QUESTION_CODE, examples=["q1"])]
Answers = Annotated[
    dict[QuestionCode, QuestionCode], Field(max_length=QUESTIONS_MAX, examples=[{"q1": "5"}])
]
Count = Annotated[int, Field(ge=0, le=COUNT_MAX)]


class OptionBody(web.Body):
    """An option of a question."""

    code: QuestionCode
    title: web.Line


class QuestionBody(web.Body):
    """A question, bound to the scored item whose points it gives."""

    code: QuestionCode
    text: Annotated[web.Line, Field(examples=["Ông/Bà có hài lòng với kết quả không?"])]
    item: web.ItemCode
    options: Annotated[
        web.Many[OptionBody],
        Field(min_length=2, max_length=OPTIONS_MAX, examples=[OPTIONS_EXAMPLE]),
    ]


class QuestionnaireBody(web.Body):
    """A questionnaire, whole."""

    tier: web.Code
    group: web.Code
    title: web.Line
    questions: Annotated[web.Many[QuestionBody], Field(min_length=1, max_length=QUESTIONS_MAX)]
    opens: web.Instant
    closes: web.Instant


class InvitationsBody(web.Body):
    """How many tokens to make, and about which agency."""

    agency: web.Code
    count: Annotated[int, Field(ge=1, le=INVITATIONS_MAX)]


class Invitations(web.Body):
    """The tokens; only their hashes are kept, and the same key shows them again."""

    tokens: list[str]


class ResponseBody(web.Body):
    """One person's answers, with the invitation's token."""

    token: Annotated[str, Field(min_length=16, max_length=128, pattern=r"^[A-Za-z0-9_-]+$")]
    answers: Answers


class PaperResponse(web.Body):
    """One person's answers given on paper."""

    agency: web.Code
    answers: Answers


class PaperResponses(web.Body):
    """A batch of answers given on paper."""

    responses: Annotated[web.Many[PaperResponse], Field(min_length=1, max_length=RESPONSES_MAX)]


class Accepted(web.Body):
    """The answer is in the urn, and will be counted with others."""

    accepted: bool


class ExclusionBody(web.Body):
    """Counted responses that do not count, by their places in a batch, from 0."""

    batch: Annotated[int, Field(ge=1)]
    positions: Annotated[
        web.Many[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=POSITIONS_MAX)
    ]
    reason: web.Text


class ResultBody(web.Body):
    """A certified result: how often each option of each question was chosen."""

    counts: Annotated[
        dict[QuestionCode, dict[QuestionCode, Count]],
        Field(max_length=QUESTIONS_MAX, examples=[{"q1": {"5": 120, "4": 30}}]),
    ]
    source: web.Line
    document: web.Line


def routes(surveys: Surveys) -> APIRouter:
    """The routes of the survey service."""
    router = APIRouter()
    _add_officers(router, surveys)
    _add_counting(router, surveys)
    _add_respondents(router, surveys)
    return router


def _add_officers(router: APIRouter, surveys: Surveys) -> None:
    @router.put("/cycles/{cycle}/questionnaires/{questionnaire}")
    async def adopt_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: QuestionnaireBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Adopt a questionnaire, or replace one that is not open yet."""
        adopted = _adopted(cycle, questionnaire, body)
        return web.written(response, await surveys.adopt(call.actor, adopted, call.context))

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/opening")
    async def open_survey(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Begin to take answers."""
        outcome = await surveys.open(call.actor, cycle, questionnaire, call.context)
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/closing")
    async def close_survey(
        cycle: web.Code, questionnaire: web.Code, call: web.KeyedCall, response: Response
    ) -> web.Written:
        """Take no more answers, and count those that wait."""
        outcome = await surveys.close(
            call.actor, cycle, questionnaire, "survey-officer", call.context
        )
        return web.written(response, outcome)

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/invitations", status_code=201)
    async def invite_respondents(
        cycle: web.Code, questionnaire: web.Code, body: InvitationsBody, call: web.KeyedCall
    ) -> Invitations:
        """Make tokens, each good for one answer; the same key gives the same tokens again."""
        tokens = await surveys.invite(
            call.actor, cycle, questionnaire, body.agency, body.count, call.context
        )
        return Invitations(tokens=list(tokens))


def _add_counting(router: APIRouter, surveys: Surveys) -> None:
    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/paper-responses")
    async def enter_responses(
        cycle: web.Code, questionnaire: web.Code, body: PaperResponses, call: web.KeyedCall
    ) -> Accepted:
        """Enter answers given on paper; all or none of them."""
        entered = [{"agency": r.agency, "answers": r.answers} for r in body.responses]
        await surveys.enter(call.actor, cycle, questionnaire, entered, call.context)
        return Accepted(accepted=True)

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/exclusions")
    async def exclude_answers(
        cycle: web.Code,
        questionnaire: web.Code,
        body: ExclusionBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Take counted responses out, for a reason. They stay in the log."""
        outcome = await surveys.exclude(
            call.actor,
            (cycle, questionnaire),
            (body.batch, body.positions),
            body.reason,
            call.context,
        )
        return web.written(response, outcome)

    @router.put("/cycles/{cycle}/questionnaires/{questionnaire}/results/{agency}")
    async def import_result(
        cycle: web.Code,
        questionnaire: web.Code,
        agency: web.Code,
        body: ResultBody,
        call: web.Call,
        response: Response,
    ) -> web.Written:
        """Take over the certified result of a survey run elsewhere, with its source."""
        result = events.ResultImported(
            cycle=cycle,
            questionnaire=questionnaire,
            agency=agency,
            counts=body.counts,
            source=body.source,
            document=body.document,
        )
        return web.written(response, await surveys.import_result(call.actor, result, call.context))

    @router.get("/cycles/{cycle}/questionnaires/{questionnaire}/results")
    async def read_results(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[dict[str, Any]]:
        """The counted answers by agency and question."""
        results = await surveys.results(call.actor, cycle, questionnaire)
        return [_shown(result) for result in results]

    @router.get("/cycles/{cycle}/questionnaires/{questionnaire}/turnout")
    async def read_turnout(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> dict[str, dict[str, int]]:
        """How many were invited about each agency, and how many answered."""
        turnout = await surveys.turnout(call.actor, cycle, questionnaire)
        return {
            agency: {"invited": count.invited, "answered": count.answered}
            for agency, count in sorted(turnout.items())
        }


def _add_respondents(router: APIRouter, surveys: Surveys) -> None:
    @router.get("/cycles/{cycle}/questionnaires")
    async def list_questionnaires(cycle: web.Code) -> list[dict[str, Any]]:
        """What is asked in a cycle; anybody may see it."""
        return [dict(document) for document in await surveys.questionnaires(cycle)]

    @router.get("/cycles/{cycle}/questionnaires/{questionnaire}")
    async def read_questionnaire(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> dict[str, Any]:
        """One questionnaire, and what its reader may do with it now."""
        return dict(await surveys.questionnaire(call.actor, cycle, questionnaire))

    @router.post("/cycles/{cycle}/questionnaires/{questionnaire}/responses", status_code=201)
    async def answer(
        cycle: web.Code, questionnaire: web.Code, body: ResponseBody, _: web.AnonymousCall
    ) -> Accepted:
        """Answer with an invitation's token, once. Nothing is kept that leads to you."""
        await surveys.answer(cycle, questionnaire, body.token, body.answers)
        return Accepted(accepted=True)


def _shown(result: Result) -> dict[str, Any]:
    return {
        "agency": result.agency,
        "question": result.question,
        "item": result.item,
        "counts": dict(result.counts),
        "valid": result.valid,
        "share": None if result.share is None else points.exact(result.share),
    }


def _adopted(cycle: str, name: str, body: QuestionnaireBody) -> events.QuestionnaireAdopted:
    questions = tuple(
        events.Question(
            code=question.code,
            text=question.text,
            item=question.item,
            options=tuple(
                events.AnswerOption(code=option.code, title=option.title)
                for option in question.options
            ),
        )
        for question in body.questions
    )
    return events.QuestionnaireAdopted(
        cycle=cycle,
        questionnaire=name,
        tier=body.tier,
        group=body.group,
        title=body.title,
        questions=questions,
        opens=body.opens,
        closes=body.closes,
    )
