"""Templates of pictures: what is put into one is escaped, and what it speaks of has to be there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f5539", "#6c757d")
"""Told apart by those too who see colours in another way (Okabe and Ito), and two more."""

PICTURES = Path(__file__).parents[1] / "pictures"
DASHBOARD, TRACE = PICTURES / "dashboard.svg", PICTURES / "trace.svg"
"""Where pictures of a real run are kept."""

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def filled(name: str, shown: Mapping[str, Any]) -> str:
    """A template with what it shows."""
    return _TEMPLATES.get_template(name).render(shown)


def colour(number: int) -> str:
    """The colour of so manieth of several; they come again after the last."""
    return COLOURS[number % len(COLOURS)]
