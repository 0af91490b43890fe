"""Lines of a page: wrapped to its width, with numbers at the right edge, below one another."""

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from shared.kernel.points import parse_exact, shown
from shared.verify.words import printable

BRIEF_CHARACTERS_MAX = 9
BRIEF_PLACES = 4
HASH_CHARACTERS = 12
TEXT_WIDTH_MIN = 8
GAP = 2
LISTED_MAX = 12
"""How many of what is one behind the other are shown."""

_LONG = re.compile(r"\(-?[0-9]+/[0-9]+\)|[0-9]+\.[0-9]{5,}")
_ABOUT = "≈"
_PLUS = " + "


@dataclass(frozen=True, slots=True)
class Branch:
    """What stands before the first line of something in a tree, and before all that is below it."""

    first: str = ""
    below: str = ""

    def child(self, *, last: bool) -> "Branch":
        """The branch of something below it."""
        if last:
            return Branch(f"{self.below}└─ ", f"{self.below}   ")
        return Branch(f"{self.below}├─ ", f"{self.below}│  ")

    def under(self, indent: int = 2) -> "Branch":
        """The branch of what is said about the thing itself."""
        lead = self.below + " " * indent
        return Branch(lead, lead)


class Lines:
    """The lines of a page, in the order in which they are said."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.said: list[str] = []

    def say(self, text: str, branch: Branch = Branch(), *, right: str = "") -> None:
        """Say something, in as many lines as it takes; `right` stands at the end of the first."""
        said = printable(text)
        inset = " " * (len(said) - len(said.lstrip()))
        room = self.width - len(branch.first) - (len(right) + GAP if right else 0)
        first, *rest = _wrapped(said, room)
        gap = " " * (self.width - len(branch.first) - len(first) - len(right)) if right else ""
        self.said.append(f"{branch.first}{first}{gap}{right}".rstrip())
        below = f"{branch.below}{inset}{' ' * GAP}"
        for line in _wrapped(" ".join(rest), self.width - len(below)) if rest else ():
            self.said.append(f"{below}{line}".rstrip())

    def rule(self) -> None:
        """Draw a line between two parts of the page."""
        self.said.append("─" * self.width)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(width, TEXT_WIDTH_MIN), break_on_hyphens=False) or [""]


def brief(exact: str) -> str:
    """An exact number, as far as somebody wants to read it."""
    if "/" not in exact and len(exact) <= BRIEF_CHARACTERS_MAX:
        return exact
    return f"{_ABOUT}{shown(parse_exact(exact), BRIEF_PLACES)}"


def brief_expression(expression: str) -> str:
    """An expression with brief numbers, in one line."""
    shortened = _LONG.sub(lambda match: brief(match[0].strip("()")), expression)
    return " ".join(shortened.split())


def brief_hash(whole: str) -> str:
    """The beginning of a hash."""
    return f"{whole[:HASH_CHARACTERS]}…"


def brief_sum(expression: str, more: str) -> str:
    """A plain sum of numbers, cut after some of them; `more` says `{count}` others follow."""
    return listed(brief_expression(expression).split(_PLUS), more, separator=_PLUS)


def listed(parts: Sequence[str], more: str, *, separator: str = ", ") -> str:
    """One behind the other, cut after some of them."""
    if len(parts) <= LISTED_MAX:
        return separator.join(parts)
    rest = more.format(count=len(parts) - LISTED_MAX)
    return f"{separator.join(parts[:LISTED_MAX])} {rest}"
