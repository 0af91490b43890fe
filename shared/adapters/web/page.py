"""HTML: the one door to Jinja2, and the headers that every page leaves with.

Whatever is put into a template is escaped, and what a template speaks of has to be there. No page
loads anything from elsewhere, is kept by a cache, or tells another site where its reader came from.
A page has no script unless it says so, and never one that stands in it.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

Html = HTMLResponse
"""A page as an answer."""

FLOWING_PIECES = 64
"""So many pieces of a template go out together where it is filled bit by bit."""

MEDIA_TYPE = "text/html"
_OWN = Path(__file__).parent / "templates"
_POLICY = (
    "default-src 'none'; style-src {style}; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)


_SCRIPTED = "; script-src 'self'; connect-src 'self'"
_DIGEST_CHARACTERS = 16


@dataclass(frozen=True, slots=True)
class Script:
    """A module that pages of the service load: named by its hash, and let in by it (SRI)."""

    text: str
    name: str
    integrity: str


class Templates:
    """The templates of a folder, in one environment."""

    def __init__(self, folder: Path) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def filled(self, name: str, shown: Mapping[str, Any]) -> str:
        """A template with what it shows."""
        return self._environment.get_template(name).render(shown)

    def flowing(self, name: str, shown: Mapping[str, Any]) -> Iterator[str]:
        """The same bit by bit: what it shows is looked at no earlier than it is needed."""
        stream = self._environment.get_template(name).stream(shown)
        stream.enable_buffering(FLOWING_PIECES)
        return stream


def html(
    text: str | bytes,
    *,
    status: int = 200,
    style: str = "'self'",
    is_scripted: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Html:
    """A page; `style` is where its style may come from (Content Security Policy, style-src).

    A scripted one may load scripts of its own site, and talk with that.
    """
    policy = _POLICY.format(style=style) + (_SCRIPTED if is_scripted else "")
    return Html(text, status_code=status, headers={**_kept_apart(policy), **(headers or {})})


def html_in_parts(
    parts: AsyncIterator[str], *, status: int, style: str, headers: Mapping[str, str]
) -> StreamingResponse:
    """A page that goes out while it is made."""
    kept_apart = _kept_apart(_POLICY.format(style=style))
    return StreamingResponse(
        parts, status_code=status, media_type=MEDIA_TYPE, headers={**kept_apart, **headers}
    )


def _kept_apart(policy: str) -> Mapping[str, str]:
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }


def script(stem: str, text: str) -> Script:
    """A script under a name that a changed text does not have."""
    digest = hashlib.sha256(text.encode())
    name = f"{stem}-{digest.hexdigest()[:_DIGEST_CHARACTERS]}.js"
    return Script(text, name, f"sha256-{base64.b64encode(digest.digest()).decode()}")


def source_of(style: str) -> str:
    """By what a style that stands in its page is let in: its hash, and so no other."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"'sha256-{digest}'"


_TEMPLATES = Templates(_OWN)
_STYLE = (_OWN / "problem.css").read_text("utf-8")


def problem_page(content: Mapping[str, Any], language: str, headers: Mapping[str, str]) -> Html:
    """An RFC 9457 problem for people.

    It carries its style with it, let in by its hash: it is also shown when nothing else answers.
    """
    text = _TEMPLATES.filled("problem.html", {**content, "language": language, "style": _STYLE})
    return html(text, status=content["status"], style=source_of(_STYLE), headers=headers)
