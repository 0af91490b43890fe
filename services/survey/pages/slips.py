"""Invitations on paper: slips to be cut apart and given out, and a table to print them oneself."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from services.survey.application import About, Workbench
from services.survey.pages.look import SLIPS_STYLE, drawn_in_parts
from services.survey.pages.sheet import Tongue
from shared.adapters import web
from shared.kernel.errors import Refused

BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""By which Excel sees that a table is in UTF-8."""

SLIPS_PER_PAGE = 8
SIZES = ((60, "short"), (140, "medium"))
"""Up to so many characters a title and an agency are set in a size; longer ones in the smallest."""


class Slips:
    """Prints invitations; `public_url` is where people reach the system, `draw_qr` gives SVG.

    A code takes some milliseconds to draw: thousands of them are drawn on the bench, sheet by
    sheet while the page goes out.
    """

    def __init__(self, public_url: str, draw_qr: Callable[[str], str], bench: Workbench) -> None:
        self._public_url = public_url.rstrip("/")
        self._draw_qr = draw_qr
        self._bench = bench

    def printer(
        self, form: str
    ) -> Callable[[About, Sequence[str], web.Language], web.Response] | None:
        """What prints a table, or slips; nothing where JSON is wanted.

        Raises `Refused("public-url-needed")` where nobody said at which address people answer.
        """
        printers = {"text/csv": self._table, "text/html": self._slips}
        if form in printers and not self._public_url:
            raise Refused("public-url-needed")
        return printers.get(form)

    def _table(self, about: About, tokens: Sequence[str], _: web.Language) -> web.Response:
        written = io.StringIO()
        lines = csv.writer(written)
        lines.writerow(("serial", "token", "address"))
        for serial, token in enumerate(tokens, 1):
            lines.writerow((serial, token, self._address(about, token)))
        text = (BYTE_ORDER_MARK + written.getvalue()).encode()
        headers = {"Cache-Control": "no-store"}
        return web.Response(
            text, status_code=201, media_type="text/csv; charset=utf-8", headers=headers
        )

    def _slips(self, about: About, tokens: Sequence[str], language: web.Language) -> web.Response:
        tongue = Tongue(language)
        title = tongue.of(about.adopted.title)
        characters = len(title) + len(about.agency_name)
        shown = {
            "title": title,
            "size": next((size for most, size in SIZES if characters <= most), "long"),
            "about": about,
            "typed": self._typed(about),
            "pages": self._sheets(about, tokens),
        }
        return drawn_in_parts("slips.html", tongue, SLIPS_STYLE, shown, self._bench)

    def _sheets(self, about: About, tokens: Sequence[str]) -> Iterator[Sequence[Mapping[str, Any]]]:
        for first in range(0, len(tokens), SLIPS_PER_PAGE):
            sheet = tokens[first : first + SLIPS_PER_PAGE]
            yield [self._slip(about, n, token) for n, token in enumerate(sheet, first + 1)]

    def _slip(self, about: About, serial: int, token: str) -> Mapping[str, Any]:
        # A code is for the address with the token; whoever types takes two steps instead.
        return {
            "serial": serial,
            "token": token,
            "qr": self._draw_qr(self._address(about, token)),
        }

    def _address(self, about: About, token: str) -> str:
        return f"{self._form(about)}/{token}"

    def _typed(self, about: About) -> str:
        """The address as people type it: without a scheme, which browsers add."""
        parts = urlsplit(self._form(about))
        return f"{parts.netloc}{parts.path}"

    def _form(self, about: About) -> str:
        adopted = about.adopted
        return f"{self._public_url}/survey/form/{adopted.cycle}/{adopted.questionnaire}"
