"""The form: filled in, checked, sent. Between these steps everything stands in the page itself.

GET   -> form
POST  check -> check page, or the form with what is wrong
      send  -> sent, or "sent already"; or "try again", with everything still in the page
      edit, switch -> form, in the same language or in the other
      save, forget -> form, and the draft in the browser's cookie
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from services.survey.application import BATCH_ANSWERS_MIN, About, Answering
from services.survey.application.answering import RECEIPT
from services.survey.domain import validity
from services.survey.domain.filled import Filled, asked
from services.survey.pages import draft as drafts
from services.survey.pages import reading, stamp
from services.survey.pages.draft import Draft
from services.survey.pages.form_page import (
    again_page,
    form_shown,
    other_tongue,
    switch_shown,
)
from services.survey.pages.look import drawn
from services.survey.pages.receipts import receipts_at
from services.survey.pages.sealed_told import told_to_form, until_said
from services.survey.pages.sheet import (
    Tongue,
    lines_of,
    tongue_of,
)
from services.survey.pages.window import asked as asked_within
from shared.adapters import web
from shared.kernel.errors import Crowded, Flaw, Refused, Unavailable
from shared.ports import RightKind, Seals


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One form in the hands of its reader: what is asked, and what is filled in so far."""

    reader: web.Reader
    about: About
    kind: RightKind
    tongue: Tongue
    begun: str
    filled: Filled
    has_draft: bool
    is_sealable: bool
    flaws: Iterable[Flaw] = ()
    notice: str = ""
    receipt: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class Forms:
    """The pages of whoever holds a token. Nothing of them is kept between two requests."""

    def __init__(self, answering: Answering, seals: Seals, *, secure: bool) -> None:
        self._answering = answering
        self._seals = seals
        self._secure = secure

    async def shown(
        self, reader: web.Reader, at: tuple[str, str], token: str, language: str
    ) -> web.Html:
        """The form, with the draft in it that the browser has of it."""
        draft = drafts.unpacked(reader.cookies.get(drafts.COOKIE, ""))
        liked = draft.language if draft else reader.language
        sheet = await self._sheet(reader, at, token, language or liked)
        if draft is not None:
            begun = draft.begun if self._is_genuine(token, draft.begun) else sheet.begun
            notice = sheet.tongue.said("continued")
            sheet = replace(sheet, filled=draft.filled, begun=begun, notice=notice)
        return _form_page(sheet)

    async def taken(
        self, reader: web.Reader, at: tuple[str, str], token: str, fields: web.Fields
    ) -> web.Html:
        """The next page; while something is away or full, one that sends the same again."""
        try:
            return await self._step(reader, at, token, fields)
        except (Crowded, Unavailable) as problem:
            return again_page(reader, fields, problem)

    async def _step(
        self, reader: web.Reader, at: tuple[str, str], token: str, fields: web.Fields
    ) -> web.Html:
        if fields.one("do") == "send":
            try:
                return await self._send(reader, at, token, fields)
            except Refused as problem:
                return await self._not_taken(problem, reader, at, token, fields)
        sheet = await self._filled_sheet(reader, at, token, fields)
        match fields.one("do"):
            case "check":
                return self._check(sheet)
            case "switch":
                return _form_page(
                    replace(sheet, tongue=other_tongue(sheet.about.adopted, sheet.tongue))
                )
            case "save":
                return self._save(sheet)
            case "forget":
                return self._forget(sheet)
            case _:
                return _form_page(sheet)

    def _check(self, sheet: _Sheet) -> web.Html:
        kept, dropped = reading.parted(sheet.about.adopted, sheet.filled)
        flaws = tuple(validity.of_answers(sheet.about.adopted, kept))
        if flaws:
            return _form_page(replace(sheet, flaws=flaws))
        # Made before anything is sent, so that an answer that is lost on its way loses none.
        receipt = sheet.receipt or self._answering.receipt()
        return _check_page(replace(sheet, filled=kept, receipt=receipt), sheet.filled, dropped)

    async def _send(
        self, reader: web.Reader, at: tuple[str, str], token: str, fields: web.Fields
    ) -> web.Html:
        adopted = await asked_within(self._answering, at)
        filled, dropped = reading.parted(adopted, reading.filled_of(adopted, fields))
        receipt = fields.one("receipt")
        if (
            dropped
            or RECEIPT.fullmatch(receipt) is None
            or any(validity.of_answers(adopted, filled))
        ):
            # It does not come from a check page: whatever is sent is seen before.
            return self._check(await self._filled_sheet(reader, at, token, fields))
        tongue = tongue_of(adopted, fields.one("language"))
        questions = len(tuple(asked(adopted, filled)))
        hasty = stamp.is_hasty(self._seals, token, fields.one("begun"), reader.at, questions)
        await self._answering.answer(at, token, filled, receipt=receipt, hasty=hasty)
        shown = {
            "receipt": receipt,
            "receipts": receipts_at(reader.root, at, tongue),
            "least": str(BATCH_ANSWERS_MIN),
        }
        return drawn("sent.html", tongue, reader.root, shown, headers=self._cookie(reader, ""))

    async def _not_taken(
        self,
        problem: Refused,
        reader: web.Reader,
        at: tuple[str, str],
        token: str,
        fields: web.Fields,
    ) -> web.Html:
        """What whoever sent is told of a refusal; raises it where there is no more to say."""
        tongue = tongue_of(await self._answering.adopted(*at), fields.one("language"))
        if problem.code == "link-full-today":
            # It can be saved, and sent tomorrow.
            sheet = await self._filled_sheet(reader, at, token, fields)
            notice = web.sentence(problem.code, tongue.ui, problem.details)
            return _form_page(replace(sheet, notice=notice), status=409)
        receipt, why = fields.one("receipt"), _may_be_in(problem, fields.one("kind"))
        if not why or RECEIPT.fullmatch(receipt) is None:
            raise problem
        led = receipts_at(reader.root, at, tongue)
        shown = {"receipt": receipt, "receipts": led, "why": why}
        return drawn("already.html", tongue, reader.root, shown, status=409)

    def _save(self, sheet: _Sheet) -> web.Html:
        said = sheet.tongue.said
        packed = drafts.packed(Draft(sheet.filled, sheet.begun, sheet.tongue.code))
        if packed is None:
            return _form_page(replace(sheet, notice=said("not-saved")))
        value, is_whole = packed
        lasts_s = (sheet.about.closes - sheet.reader.at).total_seconds()
        headers = self._cookie(sheet.reader, value, lasts_s)
        notice = said("saved" if is_whole else "saved-short")
        return _form_page(replace(sheet, notice=notice, has_draft=True, headers=headers))

    def _forget(self, sheet: _Sheet) -> web.Html:
        return _form_page(
            replace(
                sheet,
                filled=Filled({}),
                notice=sheet.tongue.said("forgotten"),
                has_draft=False,
                headers=self._cookie(sheet.reader, ""),
            )
        )

    def forgotten(self, reader: web.Reader) -> web.Response:
        """What lets the browser forget its draft; nothing else is known or asked."""
        return web.Response(status_code=204, headers=self._cookie(reader, ""))

    def _cookie(self, reader: web.Reader, value: str, lasts_s: float = 0) -> Mapping[str, str]:
        return {
            "Set-Cookie": drafts.cookie(value, reader.path, secure=self._secure, lasts_s=lasts_s)
        }

    def _is_genuine(self, token: str, begun: str) -> bool:
        return stamp.is_genuine(self._seals, token, begun)

    async def _filled_sheet(
        self, reader: web.Reader, at: tuple[str, str], token: str, fields: web.Fields
    ) -> _Sheet:
        sheet = await self._sheet(reader, at, token, fields.one("language"))
        begun, receipt = fields.one("begun"), fields.one("receipt")
        return replace(
            sheet,
            filled=reading.filled_of(sheet.about.adopted, fields),
            begun=begun if self._is_genuine(token, begun) else sheet.begun,
            # Whoever goes back to change something has noted it down already.
            receipt=receipt if RECEIPT.fullmatch(receipt) else "",
        )

    async def _sheet(
        self, reader: web.Reader, at: tuple[str, str], token: str, language: str
    ) -> _Sheet:
        """An empty one; refused where nothing can be answered with the token."""
        await asked_within(self._answering, at)
        right = await self._answering.right(*at, token)
        about = await self._answering.about(*at, right.agency)
        return _Sheet(
            reader=reader,
            about=about,
            kind=right.kind,
            tongue=tongue_of(about.adopted, language),
            begun=stamp.begun(self._seals, token, reader.at),
            filled=Filled({}),
            has_draft=drafts.COOKIE in reader.cookies,
            is_sealable=right.kind == "invitation"
            and await self._answering.gives_ballots(*at, right.agency),
        )


def _may_be_in(problem: Refused, kind: str) -> str:
    """By which text a refusal is told of an answer that may have been sent before; or none.

    A receipt that the urn knows is the sender's own; who used an invitation, nobody can know. Once
    it is closed, nobody asks the urn. A link is full by others: the urn did not know the receipt.
    """
    match problem.code:
        case "receipt-taken":
            return "already"
        case "token-spent" if kind == "invitation":
            return "spent"
        case "survey-closed" | "form-closed":
            return "late"
        case _:
            return ""


def _form_page(sheet: _Sheet, *, status: int = 200) -> web.Html:
    shown = form_shown(sheet.about, sheet.tongue, sheet.filled, sheet.flaws)
    shown |= {
        "hidden": _own_fields(sheet),
        "notice": sheet.notice,
        "has_draft": sheet.has_draft,
        **switch_shown(sheet.about.adopted, sheet.tongue),
        "told": told_to_form(sheet.reader, sheet.about, has_draft=sheet.has_draft)
        if sheet.is_sealable
        else None,
        "until_said": until_said(sheet.about, sheet.tongue),
    }
    status = 422 if shown["errors"] else status
    return drawn(
        "form.html", sheet.tongue, sheet.reader.root, shown, status=status, headers=sheet.headers
    )


def _check_page(sheet: _Sheet, filled: Filled, dropped: Iterable[str]) -> web.Html:
    adopted, tongue = sheet.about.adopted, sheet.tongue
    on_the_way = [question.code for question in asked(adopted, sheet.filled)]
    shown = {
        "about": sheet.about,
        "lines": lines_of(adopted, sheet.filled, tongue, on_the_way),
        "left_out": lines_of(adopted, filled, tongue, dropped),
        "receipt": sheet.receipt,
        "least": str(BATCH_ANSWERS_MIN),
        "hidden": [*_own_fields(sheet), *reading.fields_of(sheet.filled)],
    }
    return drawn("check.html", tongue, sheet.reader.root, shown)


def _own_fields(sheet: _Sheet) -> Sequence[tuple[str, str]]:
    """What a page says of itself, beside what was filled in."""
    return [
        ("language", sheet.tongue.code),
        ("begun", sheet.begun),
        ("kind", sheet.kind),
        *([("receipt", sheet.receipt)] if sheet.receipt else []),
    ]
