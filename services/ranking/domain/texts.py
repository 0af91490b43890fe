"""The sealed texts of a ledger: whose they are, and which of them may go.

A text belongs to whoever recorded it first: who seconds a proposal repeats its reason. What
respondents wrote and moderators released belongs to nobody, since nobody knows who wrote it; it is
named by its fact. A text may go once its cycle was published behind it, or will never be: before
that it carries what is still to be decided.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from shared.events import ranking as events
from shared.events import submission, survey
from shared.events.envelope import Recorded, sealed_in
from shared.kernel.actor import same_person
from shared.kernel.errors import Missing, Refused

_NOBODYS = survey.CommentReleased
_ENDS = (submission.CycleWithdrawn, events.ResultPublished, events.ResultCorrected)
_SIGN = b'"key":'
"""Stands in every fact with a sealed text."""
_ENDING = tuple(f".{kind.__name__}.v".encode() for kind in _ENDS)


@dataclass(slots=True)
class _Text:
    """A text by its key, where it was said first and last, and by whom; empty for nobody."""

    said: events.SealedText
    by: str
    last: int
    always: bool
    """Whether it carries nothing that is published: it may go at any time."""


@dataclass(slots=True)
class Texts:
    """What a ledger comes to, entry by entry in its order."""

    _texts: dict[str, _Text] = field(default_factory=dict)
    _keys: dict[str, list[str]] = field(default_factory=dict)
    _settled: int = 0

    def take(self, number: int, recorded: Recorded) -> None:
        """Read one fact, by its number in the ledger."""
        if isinstance(recorded.data, _ENDS):
            self._settled = number
        by = "" if isinstance(recorded.data, _NOBODYS) else recorded.context.actor or ""
        always = recorded.stream.startswith(events.PRIVACY)
        for sealed in sealed_in(recorded.data):
            said = events.SealedText(fact=recorded.id, key=sealed.key)
            text = self._texts.setdefault(sealed.key, _Text(said, by, number, always))
            text.last = number
            self._keys.setdefault(recorded.id, []).append(sealed.key)

    def of_person(self, person: str) -> tuple[events.SealedText, ...]:
        """What somebody wrote, by the opaque id, as far as it may go.

        Raises `Refused("texts-still-needed")` where there is something, and all of it is needed.
        """
        written = self._of(lambda text: bool(text.by) and same_person(text.by, f":{person}"))
        may_go = [text for text in written if self._may_go(text)]
        if written and not may_go:
            raise Refused("texts-still-needed", fact=written[0].said.fact)
        return tuple(text.said for text in may_go)

    def of_facts(self, facts: Sequence[str]) -> tuple[events.SealedText, ...]:
        """The texts of these facts.

        Raises `Missing("text-unknown")` where one has none, and `Refused("texts-still-needed")`.
        """
        keys = [key for fact in facts for key in self._in(fact)]
        wanted = self._of(lambda text: text.said.key in keys)
        for text in wanted:
            if not self._may_go(text):
                raise Refused("texts-still-needed", fact=text.said.fact)
        return tuple(text.said for text in wanted)

    def _of(self, is_wanted: Callable[[_Text], bool]) -> Sequence[_Text]:
        return [text for text in self._texts.values() if is_wanted(text)]

    def _in(self, fact: str) -> Sequence[str]:
        if fact not in self._keys:
            raise Missing("text-unknown", fact=fact)
        return self._keys[fact]

    def _may_go(self, text: _Text) -> bool:
        return text.always or text.last <= self._settled


def may_hold_text(body: bytes) -> bool:
    """Whether a fact of these bytes can matter here; most need not be decoded."""
    return _SIGN in body or any(ending in body for ending in _ENDING)


def may_be_of(person: str, body: bytes) -> bool:
    """Whether a fact of these bytes can have this actor, by the opaque id."""
    return json.dumps(f":{person}")[1:].encode() in body
