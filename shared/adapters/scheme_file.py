"""Schemes, agencies and calendars as people write them: YAML, and the one door to it.

Of YAML only the plain part is read: mappings, lists and scalars. Every scalar is a text, so that
`0.10` stays "0.10" and `no` stays "no". Anchors, aliases and tags are refused, and so is a key that
is there twice. The file is read event by event, without recursion, so that nothing a file can hold
costs more than its length.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NoReturn

import yaml

from shared.kernel.errors import Refused

FILE_BYTES_MAX = 256 * 1024
VALUES_MAX = 40_000
DEPTH_MAX = 64


@dataclass(frozen=True, slots=True)
class SchemeFile:
    """A document, and the line on which each of its values begins."""

    document: Mapping[str, object]
    lines: Mapping[str, int]

    def line(self, pointer: str) -> int:
        """The line (from 1) of a JSON pointer; of what it would stand in, where it is missing."""
        while pointer and pointer not in self.lines:
            pointer = pointer.rpartition("/")[0]
        return self.lines[pointer]


def load(content: bytes) -> SchemeFile:
    """Reads a YAML file whose top is a mapping.

    Raises:
        Refused: with the line, for anything but one plain document of a modest size.
    """
    if len(content) > FILE_BYTES_MAX:
        raise Refused("yaml-file-too-large", size=str(len(content)), maximum=str(FILE_BYTES_MAX))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("yaml-not-utf8", position=str(error.start + 1)) from error
    builder = _Builder()
    for event in _events(unicodedata.normalize("NFC", text)):
        builder.take(event)
    return builder.finish()


def _events(text: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Refused("yaml-malformed", line=str(line), reason=error.problem or "?") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Refused("yaml-malformed", line=str(line), reason=error.reason) from error


@dataclass(slots=True)
class _Open:
    """A mapping or list whose end has not come yet; `key` is the one that waits for its value."""

    pointer: str
    content: dict[str, object] | list[object]
    key: str | None = None
    key_line: int = 0

    @property
    def wants_key(self) -> bool:
        return isinstance(self.content, dict) and self.key is None


class _Builder:
    """Puts the document together, event by event."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._open: list[_Open] = []
        self._top: dict[str, object] | None = None

    def take(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.NodeEvent(anchor=str()):  # An alias has the anchor's name.
                _refuse("yaml-alias", line)
            case yaml.ScalarEvent(tag=str(tag)) | yaml.CollectionStartEvent(tag=str(tag)):
                _refuse("yaml-tag", line, tag=tag)
            case yaml.ScalarEvent():
                self._scalar(event.value, line)
            case yaml.MappingStartEvent():
                self._begin({}, line)
            case yaml.SequenceStartEvent():
                self._begin([], line)
            case yaml.CollectionEndEvent():
                self._open.pop()
            case yaml.DocumentStartEvent() if self._top is not None:
                _refuse("yaml-too-many-documents", line)
            case _:
                pass  # Where the stream and its document begin and end says nothing.

    def finish(self) -> SchemeFile:
        if self._top is None:
            raise Refused("yaml-empty")
        assert not self._open
        return SchemeFile(self._top, self._lines)

    def _scalar(self, value: str, line: int) -> None:
        if not self._open or not self._open[-1].wants_key:
            self._place(value, line)
            return
        mapping = self._open[-1]
        if value in mapping.content:
            _refuse("yaml-key-duplicate", line, key=value)
        mapping.key, mapping.key_line = value, line

    def _begin(self, content: dict[str, object] | list[object], line: int) -> None:
        if self._open and self._open[-1].wants_key:
            _refuse("yaml-key-not-a-text", line)
        pointer = self._place(content, line)
        self._open.append(_Open(pointer, content))
        if len(self._open) > DEPTH_MAX:
            _refuse("yaml-too-deep", line, maximum=str(DEPTH_MAX))

    def _place(self, value: object, line: int) -> str:
        """Puts a value where it belongs, and tells its pointer."""
        if not self._open:
            if not isinstance(value, dict):
                _refuse("yaml-not-a-mapping", line)
            self._top = value
            return self._noted("", line)
        parent = self._open[-1]
        if isinstance(parent.content, list):
            parent.content.append(value)
            return self._noted(f"{parent.pointer}/{len(parent.content) - 1}", line)
        assert parent.key is not None
        parent.content[parent.key] = value
        step = parent.key.replace("~", "~0").replace("/", "~1")
        parent.key = None
        return self._noted(f"{parent.pointer}/{step}", parent.key_line)

    def _noted(self, pointer: str, line: int) -> str:
        self._lines[pointer] = line
        if len(self._lines) > VALUES_MAX:
            _refuse("yaml-too-large", line, maximum=str(VALUES_MAX))
        return pointer


def _refuse(code: str, line: int, **details: str) -> NoReturn:
    raise Refused(code, flaws=(), line=str(line), **details)
