"""Answers on paper over HTTP: piles that two people type in, and tables of them."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from services.survey.api.bodies import FilledBody
from services.survey.application import MEDIA_TYPES, Paper, PaperTables, Pile
from services.survey.domain.paper import FORMS_MAX, Form
from shared.adapters import web
from shared.ports import Format

DIFFERENCES_MAX = 200
PAPER = "/cycles/{cycle}/questionnaires/{questionnaire}/paper"
PILE = PAPER + "/piles/{pile}"
_BINARY = {"schema": {"type": "string", "format": "binary"}}
TABLE_CONTENT = {"required": True, "content": dict.fromkeys(MEDIA_TYPES.values(), _BINARY)}


class FormBody(FilledBody):
    """One form on paper."""

    agency: web.Code

    @property
    def form(self) -> Form:
        """The same, as the domain knows it."""
        return Form(self.agency, self.filled)


class PileBody(web.Body):
    """A pile of forms, in the order in which they lie."""

    forms: Annotated[web.Many[FormBody], Field(min_length=1, max_length=FORMS_MAX)]


class GivingUpBody(web.Body):
    """Why a pile comes to nothing."""

    reason: web.Text


class DifferenceBody(web.Body):
    """Where two people typed a form in differently; forms count from 1.

    `theirs` is null where so many forms differ that both have to look at the paper again.
    """

    form: int
    about: Literal["form", "agency", "question"]
    question: str | None
    mine: list[str]
    theirs: list[str] | None


class PileSeen(web.Body):
    """How far a pile is. Whoever typed it in sees what they typed, and where it differs.

    `typed-once`: a second person types it in. `different`: both look at the paper again. `agreed`:
    on its way into the urn. `differences` are the first ones of `differences_count`.
    """

    pile: str
    status: Literal["typed-once", "different", "agreed", "entered", "given-up"]
    persons: int
    forms: list[dict[str, Any]]
    differences: list[DifferenceBody]
    differences_count: int


def add_piles(router: APIRouter, paper: Paper) -> None:
    """What two people type in."""

    @router.get(
        PAPER + "/piles",
        dependencies=[web.needs("enter-responses")],
        responses=web.leads_to("read_pile", pile="body#/0/pile"),
    )
    async def list_piles(
        cycle: web.Code, questionnaire: web.Code, call: web.Call
    ) -> list[dict[str, Any]]:
        """The piles that were typed in and are not in the urn yet, and by whom."""
        return [
            {"pile": kept.pile, "persons": list(kept.persons), "agreed": kept.agreed}
            for kept in await paper.waiting(call.actor, (cycle, questionnaire))
        ]

    @router.put(PILE, dependencies=[web.needs("enter-responses")])
    async def type_in_pile(
        cycle: web.Code, questionnaire: web.Code, pile: web.Code, body: PileBody, call: web.Call
    ) -> PileSeen:
        """Type in a pile, as one of two people, or correct what you typed.

        Neither sees what the other typed before their own is in. As soon as both typed the same,
        the answers go into the urn, once, and what was typed is forgotten. Whatever is sent under
        the name of a pile that is in is refused (`pile-entered`), and not kept.
        """
        forms = [each.form for each in body.forms]
        at = (cycle, questionnaire)
        return _shown(await paper.type_in(call.actor, at, pile, forms, call.context))

    @router.get(PILE, dependencies=[web.needs("enter-responses")])
    async def read_pile(
        cycle: web.Code, questionnaire: web.Code, pile: web.Code, call: web.Call
    ) -> PileSeen:
        """How far a pile is, and where the two who typed it in differ."""
        return _shown(await paper.read(call.actor, (cycle, questionnaire), pile))

    @router.post(PILE + "/giving-up", dependencies=[web.needs("enter-responses")])
    async def give_up_pile(
        cycle: web.Code,
        questionnaire: web.Code,
        pile: web.Code,
        body: GivingUpBody,
        call: web.KeyedCall,
        response: Response,
    ) -> web.Written:
        """Forget what was typed in of a pile, for a reason; its name is not used again."""
        at = (cycle, questionnaire)
        outcome = await paper.give_up(call.actor, at, pile, body.reason, call.context)
        return web.written(response, outcome)


def add_tables(router: APIRouter, tables: PaperTables) -> None:
    """What comes as a table."""

    @router.put(
        PILE + "/table",
        dependencies=[web.needs("enter-responses")],
        openapi_extra={"requestBody": TABLE_CONTENT},
    )
    async def type_in_table(
        cycle: web.Code,
        questionnaire: web.Code,
        pile: web.Code,
        upload: web.Upload,
        call: web.Call,
    ) -> PileSeen:
        """Take a table (CSV or XLSX, one row a form) as what one of two people typed in.

        All rows or none; each flaw is named with its row, its column and its question.
        """
        file, at = (upload.chunks, upload.media_type), (cycle, questionnaire)
        return _shown(await tables.type_in(call.actor, at, pile, file, call.context))

    @router.get(
        PAPER + "/template",
        dependencies=[web.needs("enter-responses")],
        response_class=Response,
        responses=web.file_of(MEDIA_TYPES.values()),
    )
    async def read_template(
        cycle: web.Code,
        questionnaire: web.Code,
        call: web.Call,
        form: Annotated[Format, Query(alias="format")] = "xlsx",
    ) -> Response:
        """A table to be filled in, one row a form, with the codes that it takes."""
        content = await tables.blank(call.actor, (cycle, questionnaire), form)
        name = f"{questionnaire}.{form}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=MEDIA_TYPES[form], headers=headers)


def _shown(pile: Pile) -> PileSeen:
    told = pile.differences[:DIFFERENCES_MAX]
    return PileSeen(
        pile=pile.name,
        status=pile.status,
        persons=pile.persons,
        forms=[_form(form) for form in pile.forms],
        differences=[
            DifferenceBody(
                form=each.form,
                about=each.about,
                question=each.question or None,
                mine=list(each.mine),
                theirs=None if each.theirs is None else list(each.theirs),
            )
            for each in told
        ],
        differences_count=len(pile.differences),
    )


def _form(form: Form) -> dict[str, Any]:
    filled = form.filled
    return {
        "agency": form.agency,
        "answers": dict(filled.answers),
        "choices": {code: list(chosen) for code, chosen in filled.choices.items()},
        "comments": dict(filled.comments),
    }
