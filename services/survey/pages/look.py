"""How pages look: their templates, and their style, which browsers may keep."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from services.survey.application import Workbench
from services.survey.pages.sheet import Tongue
from shared.adapters import web

_FOLDER = Path(__file__).parent
_STATIC = _FOLDER / "static"
_DIGEST_CHARACTERS = 16

TEMPLATES = web.Templates(_FOLDER / "templates")
STYLE = (_STATIC / "form.css").read_text("utf-8")
SLIPS_STYLE = (_STATIC / "slips.css").read_text("utf-8")
STYLE_NAME = f"form-{hashlib.sha256(STYLE.encode()).hexdigest()[:_DIGEST_CHARACTERS]}.css"
"""It names what is in it, so that a changed style is another file."""

BALLOT = web.script("ballot", (_STATIC / "ballot.js").read_text("utf-8"))
_IMPORTED = '"./ballot.js"'


def _sealed() -> web.Script:
    """The module that sends sealed, which imports the other one under its name."""
    text = (_STATIC / "sealed.js").read_text("utf-8")
    assert text.count(_IMPORTED) == 1, "it imports it once"
    return web.script("sealed", text.replace(_IMPORTED, f'"./{BALLOT.name}"'))


SCRIPTS = (BALLOT, _sealed())
"""The one that is imported comes first: a module is fetched once, so that its hash is asked for."""

KEPT_S = 365 * 24 * 3600


def drawn(
    name: str,
    tongue: Tongue,
    root: str,
    shown: Mapping[str, Any],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> web.Html:
    """A page of this service; `root` is where the service lies.

    Where `shown` has something `told`, that is told to the scripts, which come with it.
    """
    context = {**_words(tongue), "style": f"{root}/{STYLE_NAME}", "own_style": "", **shown}
    is_scripted = bool(context["told"])
    if is_scripted:
        context["scripts"] = [(f"{root}/{each.name}", each.integrity) for each in SCRIPTS]
    text = TEMPLATES.filled(name, context)
    said_in = {"Content-Language": tongue.code, **(headers or {})}
    return web.html(text, status=status, is_scripted=is_scripted, headers=said_in)


def drawn_to_keep(name: str, tongue: Tongue, root: str, shown: Mapping[str, Any]) -> bytes:
    """What such a page without scripts has in it, for all who ask for it: see `kept`."""
    context = {**_words(tongue), "style": f"{root}/{STYLE_NAME}", "own_style": "", **shown}
    return TEMPLATES.filled(name, context).encode()


def kept(body: bytes, tongue: Tongue) -> web.Html:
    """A page that was drawn before."""
    return web.html(body, headers={"Content-Language": tongue.code})


def drawn_alone(name: str, tongue: Tongue, style: str, shown: Mapping[str, Any]) -> web.Html:
    """A page to be saved or printed, which carries its style with it."""
    context = {**_words(tongue), "style": "", "own_style": style, **shown}
    text = TEMPLATES.filled(name, context)
    said_in = {"Content-Language": tongue.code}
    return web.html(text, style=web.source_of(style), headers=said_in)


def drawn_in_parts(
    name: str, tongue: Tongue, style: str, shown: Mapping[str, Any], bench: Workbench
) -> web.Response:
    """A page like that of something new, drawn on a bench while it goes out."""
    context = {**_words(tongue), "style": "", "own_style": style, **shown}
    parts = _parts(TEMPLATES.flowing(name, context), bench)
    said_in = {"Content-Language": tongue.code}
    return web.html_in_parts(parts, status=201, style=web.source_of(style), headers=said_in)


async def _parts(drawn_parts: Iterator[str], bench: Workbench) -> AsyncIterator[str]:
    while part := await bench.run(partial(next, drawn_parts, "")):
        yield part


def _words(tongue: Tongue) -> Mapping[str, Any]:
    return {"t": tongue.said, "tongue": tongue, "day": tongue.until, "told": None, "scripts": ()}
