"""A value of a document, where it stands, and what is wrong with it.

Reading never stops at a flaw: it notes the flaw and goes on with a stand-in, so that an author
gets all of them at once. `sound` tells a value from its stand-in.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from typing import Final, TypeVar

from shared.kernel import points
from shared.kernel.errors import Flaw, Refused

FLAWS_MAX = 200
CHILDREN_MAX = 200
CODE_LENGTH_MAX = 64
TEXT_LENGTH_MAX = 4_000
SHOWN_LENGTH_MAX = 60
LISTED_MAX = 20

NOTHING = Fraction(0)
WHOLE = Fraction(1)

CODE = re.compile(r"[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*")
_ABSENT: Final = object()

Word = TypeVar("Word", bound=str)
Child = TypeVar("Child")


def is_code(text: str) -> bool:
    """Whether a scheme may call something so."""
    return len(text) <= CODE_LENGTH_MAX and CODE.fullmatch(text) is not None


class Notes:
    """The flaws found so far, at most FLAWS_MAX of them."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self._pointers: set[str] = set()

    def flaw(self, pointer: str, code: str, **details: str) -> None:
        """Remembers a flaw once; after the last that is kept, only that there are more."""
        self._pointers.add(pointer)
        flaw = Flaw(pointer, code, details)
        if flaw in self.flaws:
            return
        if len(self.flaws) < FLAWS_MAX:
            self.flaws.append(flaw)
        elif len(self.flaws) == FLAWS_MAX:
            self.flaws.append(Flaw("", "more-flaws", {"maximum": str(FLAWS_MAX)}))

    def has(self, pointer: str) -> bool:
        """Whether anything is wrong with the value at exactly this pointer."""
        return pointer in self._pointers


@dataclass(frozen=True, slots=True)
class Field:
    """A value, the JSON pointer to it, and the notes for its flaws.

    A field that should be there and is not has been noted by `open`; reading it notes nothing.
    """

    value: object
    pointer: str
    notes: Notes

    @property
    def present(self) -> bool:
        """Whether the document says anything here."""
        return self.value is not _ABSENT

    @property
    def sound(self) -> bool:
        """Whether there is a value, and nothing wrong with it so far."""
        return self.present and not self.notes.has(self.pointer)

    def flaw(self, code: str, **details: str) -> None:
        """Notes that something is wrong here."""
        self.notes.flaw(self.pointer, code, **details)

    # --- Mappings and lists

    def open(self, required: Collection[str], optional: Collection[str] = ()) -> None:
        """Checks that this is a mapping with these keys and no others."""
        if not self.present:
            return
        if not isinstance(self.value, Mapping):
            self.flaw("mapping-expected", value=shown(self.value))
            return
        known = (*required, *optional)
        for key in required:
            if key not in self.value:
                self.at(key).flaw("field-missing", field=key)
        for key in self.value:
            if key not in known:
                self.at(key).flaw("field-unknown", field=shown(key), known=listed(known))

    def keys(self) -> tuple[str, ...]:
        """The keys of this mapping, whatever they are; none if it is no mapping."""
        return tuple(self.value) if isinstance(self.value, Mapping) else ()

    def at(self, key: str) -> "Field":
        """The field under a key of this mapping, absent if there is none."""
        value = self.value.get(key, _ABSENT) if isinstance(self.value, Mapping) else _ABSENT
        return self._child(key, value)

    def entries(self) -> dict[str, "Field"]:
        """The fields of a mapping whose keys are codes chosen by the author, ordered by key."""
        if not self.present:
            return {}
        if not isinstance(self.value, Mapping):
            self.flaw("mapping-expected", value=shown(self.value))
            return {}
        if self._miscounted(len(self.value)):
            return {}
        fields = {key: self._child(key, value) for key, value in sorted(self.value.items())}
        for key, field in fields.items():
            Field(key, field.pointer, self.notes).code()
        return {key: field for key, field in fields.items() if field.sound}

    def children(self) -> list["Field"]:
        """The fields of a list that is not empty."""
        if not self.sound:
            return []
        if not isinstance(self.value, list):
            self.flaw("list-expected", value=shown(self.value))
            return []
        if self._miscounted(len(self.value)):
            return []
        return [self._child(str(index), value) for index, value in enumerate(self.value)]

    def each(self, read: Callable[["Field"], Child]) -> tuple[Child, ...]:
        """What `read` makes of every child."""
        return tuple(read(child) for child in self.children())

    def list_or_nothing(self) -> list["Field"]:
        """The fields of a list that may be empty or left out."""
        return [] if not self.present or self.value == [] else self.children()

    # --- Texts

    def text(self) -> str:
        """A text that says something, in NFC and without control characters but line ends."""
        if not self.present:
            return ""
        if not isinstance(self.value, str):
            self.flaw("text-expected", value=shown(self.value))
            return ""
        text = self.value.strip()
        if not text:
            self.flaw("text-empty")
        elif len(text) > TEXT_LENGTH_MAX:
            self.flaw("text-too-long", length=str(len(text)), maximum=str(TEXT_LENGTH_MAX))
        elif not unicodedata.is_normalized("NFC", text):
            self.flaw("text-not-normalised")
        elif any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text.replace("\n", " ")):
            self.flaw("text-control-character")
        return text

    def text_or_empty(self) -> str:
        """A text that may be left out, or left empty."""
        return "" if self.value == "" else self.text()

    def code(self) -> str:
        """A short name that outlives titles."""
        code = self.text()
        if self.sound and not is_code(str(self.value)):
            self.flaw("code-malformed", value=shown(self.value), maximum=str(CODE_LENGTH_MAX))
        return code

    def one_of(self, words: tuple[Word, ...], default: Word, code: str = "word-unknown") -> Word:
        """One of the words; if absent the default, and so with any other, noted under `code`."""
        if self.present:
            for word in words:
                if self.value == word:
                    return word
            self.flaw(code, value=shown(self.value), known=listed(words))
        return default

    def known_in(self, names: Mapping[str, object], code: str) -> str:
        """A text that has to be one of the names; any other is noted under `code`."""
        text = self.text()
        if self.sound and text not in names:
            self.flaw(code, value=shown(text), known=listed(names))
        return text

    def boolean(self) -> bool:
        """True or false, as JSON has them or, since YAML arrives as strings, as words."""
        if self.value is True or self.value == "true":
            return True
        if self.present and self.value is not False and self.value != "false":
            self.flaw("boolean-expected", value=shown(self.value))
        return False

    # --- Numbers

    def number(self) -> Fraction:
        """A number of at least 0."""
        if not self.present:
            return NOTHING
        if not isinstance(self.value, str):
            self.flaw("number-malformed", text=shown(self.value))
            return NOTHING
        try:
            number = points.parse(self.value)
        except Refused as refusal:
            self.flaw(refusal.code, text=shown(self.value))
            return NOTHING
        if number < 0:
            self.flaw("number-negative", text=shown(self.value))
        return number

    def positive(self) -> Fraction:
        """A number above 0."""
        number = self.number()
        if self.sound and number == 0:
            self.flaw("number-not-positive", value=shown(self.value))
        return number

    def at_most(self, maximum: Fraction, code: str = "number-above-maximum") -> Fraction:
        """A number between 0 and `maximum`; a higher one is noted under `code`."""
        number = self.number()
        if self.sound and number > maximum:
            self.flaw(code, value=shown(self.value), maximum=points.exact(maximum))
        return number

    # --- Inside

    def _miscounted(self, length: int) -> bool:
        if length == 0:
            self.flaw("list-empty")
        if length > CHILDREN_MAX:
            self.flaw("list-too-long", length=str(length), maximum=str(CHILDREN_MAX))
        return not self.sound

    def _child(self, key: str, value: object) -> "Field":
        step = str(key).replace("~", "~0").replace("/", "~1")
        return Field(value, f"{self.pointer}/{step}", self.notes)


def shown(value: object) -> str:
    """A value as a sentence about it may quote it: short, and without what disturbs a terminal."""
    match value:
        case str():
            text = "".join(sign if sign.isprintable() else "?" for sign in value)
        case Mapping():
            text = "{...}"
        case list():
            text = "[...]"
        case _:
            text = str(value)
    return text if len(text) <= SHOWN_LENGTH_MAX else text[:SHOWN_LENGTH_MAX] + "..."


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: not all of them where they are many."""
    first = [shown(name) for name in islice(names, LISTED_MAX + 1)]
    return ", ".join(first if len(first) <= LISTED_MAX else [*first[:LISTED_MAX], "..."])
