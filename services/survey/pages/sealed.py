"""The form of whoever answers sealed: checked without a token, and sent by a script.

The form that is opened with a token is handed in here by sealed.js, which keeps the token back. So
no request has both the token and the answers, neither when they are checked nor when they are sent.
Nothing is put into the urn here: that is what a signed ballot is for (`ballot-responses`).

POST  check  -> check page, or the form with what is wrong
      edit, switch -> form, in the same language or in the other
"""

from dataclasses import dataclass, replace

from services.survey.application import BATCH_ANSWERS_MIN, About, Answering
from services.survey.domain import validity
from services.survey.domain.filled import Filled, asked
from services.survey.domain.token import key_sha256
from services.survey.pages import reading
from services.survey.pages.form_page import again_page, form_shown, other_tongue, switch_shown
from services.survey.pages.look import drawn
from services.survey.pages.receipts import receipts_at
from services.survey.pages.sealed_told import (
    PAUSE_S_MAX,
    PAUSE_S_MIN,
    told_to_check,
    told_to_sealed_form,
    until_said,
)
from services.survey.pages.sheet import Tongue, lines_of, tongue_of
from shared.adapters import web
from shared.kernel.errors import Crowded, Flaw, Refused, Unavailable

DIGEST_GROUP = 8


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A form without a token in the hands of its reader."""

    reader: web.Reader
    about: About
    key: str
    tongue: Tongue
    filled: Filled
    flaws: tuple[Flaw, ...] = ()


class Sealed:
    """The pages between opening a form and sending a ballot."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering

    async def taken(
        self, reader: web.Reader, at: tuple[str, str], agency: str, fields: web.Fields
    ) -> web.Html:
        """The next page. Raises `Refused("ballot-key-missing")` where nothing is sent sealed."""
        try:
            sheet = await self._sheet(reader, at, agency, fields)
        except (Crowded, Unavailable) as problem:
            return again_page(reader, fields, problem)
        match fields.one("do"):
            case "switch":
                tongue = other_tongue(sheet.about.adopted, sheet.tongue)
                return _form_page(replace(sheet, tongue=tongue))
            case "edit":
                return _form_page(sheet)
            case _:
                return _checked(sheet)

    async def _sheet(
        self, reader: web.Reader, at: tuple[str, str], agency: str, fields: web.Fields
    ) -> _Sheet:
        key = await self._answering.ballot_key(*at, agency)
        if not key:
            raise Refused("ballot-key-missing")
        about = await self._answering.about(*at, agency)
        return _Sheet(
            reader=reader,
            about=about,
            key=key,
            tongue=tongue_of(about.adopted, fields.one("language")),
            filled=reading.filled_of(about.adopted, fields),
        )


def _checked(sheet: _Sheet) -> web.Html:
    adopted, tongue, reader = sheet.about.adopted, sheet.tongue, sheet.reader
    kept, dropped = reading.parted(adopted, sheet.filled)
    flaws = tuple(validity.of_answers(adopted, kept))
    if flaws:
        return _form_page(replace(sheet, flaws=flaws))
    on_the_way = [question.code for question in asked(adopted, kept)]
    shown = {
        "about": sheet.about,
        "lines": lines_of(adopted, kept, tongue, on_the_way),
        "left_out": lines_of(adopted, sheet.filled, tongue, dropped),
        "hidden": [("language", tongue.code), *reading.fields_of(kept)],
        "digest": _grouped(key_sha256(sheet.key)),
        "keys": f"{reader.root}/cycles/{adopted.cycle}/questionnaires/{adopted.questionnaire}"
        "/ballot-keys",
        "receipts": receipts_at(reader.root, (adopted.cycle, adopted.questionnaire), tongue),
        "least": str(BATCH_ANSWERS_MIN),
        "pause_s": (str(PAUSE_S_MIN), str(PAUSE_S_MAX)),
        "until_said": until_said(sheet.about, tongue),
        "told": told_to_check(reader, sheet.about, sheet.key, kept, tongue),
    }
    return drawn("sealed.html", tongue, reader.root, shown)


def _form_page(sheet: _Sheet) -> web.Html:
    adopted, tongue = sheet.about.adopted, sheet.tongue
    shown = form_shown(sheet.about, tongue, sheet.filled, sheet.flaws)
    shown |= {
        "hidden": [("language", tongue.code)],
        "notice": "",
        "has_draft": False,
        "is_sealed": True,
        **switch_shown(adopted, tongue),
        "until_said": until_said(sheet.about, tongue),
        "told": told_to_sealed_form(sheet.reader, sheet.about),
    }
    status = 422 if shown["errors"] else 200
    return drawn("form.html", tongue, sheet.reader.root, shown, status=status)


def _grouped(digest: str) -> list[str]:
    """A digest in groups that people can compare."""
    return [digest[place : place + DIGEST_GROUP] for place in range(0, len(digest), DIGEST_GROUP)]
