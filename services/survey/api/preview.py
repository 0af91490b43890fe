"""A questionnaire as people would see it, before anybody adopts it."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query

from services.survey.api import unread
from services.survey.application import About, Surveys
from services.survey.domain.validity import languages_of
from shared.adapters import web

LANGUAGE_CHARACTERS_MAX = 16


def add_preview(
    router: APIRouter, surveys: Surveys, previewed: Callable[[About, str], web.Html]
) -> None:
    """The preview for survey officers."""

    @router.post(
        "/cycles/{cycle}/questionnaires/{questionnaire}/preview",
        dependencies=[web.needs("adopt-questionnaire")],
        response_class=web.Html,
    )
    async def preview_questionnaire(
        cycle: web.Code,
        questionnaire: web.Code,
        body: unread.Written,
        call: web.Call,
        language: Annotated[str, Query(max_length=LANGUAGE_CHARACTERS_MAX)] = "",
    ) -> web.Html:
        """See the form of a questionnaire that is not adopted, or everything that is wrong.

        `language` is one of those that it is written in; Vietnamese where it is left out.
        """
        adopted = await unread.adopted(surveys, call.actor, (cycle, questionnaire), body)
        about = await surveys.preview(call.actor, adopted)
        written_in = languages_of(adopted)
        if language and language not in written_in:
            languages = ", ".join(written_in)
            raise web.unfit("language", "language-unwritten", languages=languages)
        return previewed(about, language)
