"""The pages on which people answer and see what came of it, and the slips that invite them.

They are HTML without a script. Where ballots are offered, scripts come with it, which send sealed.
"""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path, Response
from fastapi.responses import RedirectResponse

from services.survey.application import Answering, Results
from services.survey.domain.token import CHARACTERS, normal
from services.survey.pages.forms import Forms
from services.survey.pages.look import KEPT_S, SCRIPTS, STYLE, STYLE_NAME, drawn
from services.survey.pages.preview import preview_page
from services.survey.pages.receipts import ReceiptsPage
from services.survey.pages.results import ResultsPage
from services.survey.pages.sealed import Sealed
from services.survey.pages.sheet import Tongue
from services.survey.pages.slips import Slips
from services.survey.pages.window import asked
from shared.adapters import web
from shared.ports import Seals

__all__ = ["Slips", "preview_page", "routes"]

TYPED_CHARACTERS_MAX = 200
TOKEN_CHARACTERS_MAX = 128

FORM = "/form/{cycle}/{questionnaire}"

Token = Annotated[str, Path(max_length=TOKEN_CHARACTERS_MAX)]


def routes(answering: Answering, results: Results, seals: Seals, *, secure: bool) -> APIRouter:
    """The pages of people who were asked; with `secure`, a draft leaves by HTTPS only."""
    router = web.new_router([web.FOR_ANYBODY], include_in_schema=False)
    _add_style(router)
    _add_typing(router, answering)
    _add_receipts(router, ReceiptsPage(answering))
    _add_results(router, ResultsPage(results))
    _add_sealed(router, Sealed(answering))
    _add_forms(router, Forms(answering, seals, secure=secure))
    return router


def _add_style(router: APIRouter) -> None:
    """What pages load; each is named by what is in it."""
    headers = {
        "Cache-Control": f"public, max-age={KEPT_S}, immutable",
        "X-Content-Type-Options": "nosniff",
    }

    @router.get(f"/{STYLE_NAME}")
    async def style() -> Response:
        return Response(STYLE, media_type="text/css", headers=headers)

    for each in SCRIPTS:
        _add_script(router, each, headers)


def _add_script(router: APIRouter, shown: web.Script, headers: Mapping[str, str]) -> None:
    @router.get(f"/{shown.name}")
    async def script() -> Response:
        return Response(shown.text, media_type="text/javascript", headers=headers)


def _add_typing(router: APIRouter, answering: Answering) -> None:
    """Where a token is typed that came on paper."""

    @router.get(FORM)
    async def type_token(cycle: web.Code, questionnaire: web.Code, reader: web.Reader) -> Response:
        await asked(answering, (cycle, questionnaire))
        shown = {"typed": "", "error": ""}
        return drawn("token.html", Tongue(reader.language), reader.root, shown)

    @router.post(FORM)
    async def take_token(
        cycle: web.Code, questionnaire: web.Code, reader: web.Reader, fields: web.Form
    ) -> Response:
        await asked(answering, (cycle, questionnaire))
        typed = fields.one("token").strip()
        token = normal(typed)
        if len(token) == CHARACTERS and token.isalnum() and token.isascii():
            return RedirectResponse(f"{reader.path}/{token}", status_code=303)
        tongue = Tongue(reader.language)
        shown = {"typed": typed[:TYPED_CHARACTERS_MAX], "error": tongue.said("token-wrong")}
        return drawn("token.html", tongue, reader.root, shown, status=422)


def _add_receipts(router: APIRouter, receipts: ReceiptsPage) -> None:
    @router.get(f"{FORM}/receipts")
    async def list_receipts(
        cycle: web.Code, questionnaire: web.Code, reader: web.Reader, language: web.Wanted
    ) -> Response:
        return await receipts.shown(reader, (cycle, questionnaire), language)


def _add_results(router: APIRouter, results: ResultsPage) -> None:
    @router.get(f"{FORM}/results")
    async def show_results(
        cycle: web.Code, questionnaire: web.Code, reader: web.Reader, language: web.Wanted
    ) -> Response:
        return await results.shown(reader, (cycle, questionnaire), language)


def _add_sealed(router: APIRouter, sealed: Sealed) -> None:
    """Where a form goes on that a script hands in without its token."""

    @router.get(f"{FORM}/sealed/{{agency}}")
    async def lead_back(cycle: web.Code, questionnaire: web.Code, reader: web.Reader) -> Response:
        return RedirectResponse(f"{reader.root}/form/{cycle}/{questionnaire}", status_code=303)

    @router.post(f"{FORM}/sealed/{{agency}}")
    async def take_sealed(
        cycle: web.Code,
        questionnaire: web.Code,
        agency: web.Code,
        reader: web.Reader,
        fields: web.Form,
    ) -> Response:
        return await sealed.taken(reader, (cycle, questionnaire), agency, fields)


def _add_forms(router: APIRouter, forms: Forms) -> None:
    @router.get(f"{FORM}/{{token}}")
    async def show_form(
        cycle: web.Code,
        questionnaire: web.Code,
        token: Token,
        reader: web.Reader,
        language: web.Wanted,
    ) -> Response:
        return await forms.shown(reader, (cycle, questionnaire), token, language)

    @router.post(f"{FORM}/{{token}}")
    async def take_form(
        cycle: web.Code,
        questionnaire: web.Code,
        token: Token,
        reader: web.Reader,
        fields: web.Form,
    ) -> Response:
        return await forms.taken(reader, (cycle, questionnaire), token, fields)

    @router.delete(f"{FORM}/{{token}}")
    async def forget_draft(reader: web.Reader) -> Response:
        return forms.forgotten(reader)
