"""The files of a cycle, and what is wrong with them, told together as compilers tell it."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from shared.adapters import messages, scheme_file
from shared.adapters.scheme_file import SchemeFile
from shared.kernel import scheme_reader
from shared.kernel.errors import Flaw, Refused
from shared.kernel.scheme_reader.field import Field, Notes


@dataclass(frozen=True, slots=True)
class Document:
    """A file, and the flaws found in it so far; `file` is None where it could not be read."""

    path: Path
    file: SchemeFile | None
    notes: Notes

    @property
    def content(self) -> Mapping[str, object]:
        """What the file says; nothing where it could not be read."""
        return self.file.document if self.file else {}

    @property
    def top(self) -> Field:
        """The whole of it; absent, so that reading it notes no more, where it was not readable."""
        whole = Field(self.content, "", self.notes)
        return whole if self.file else whole.at("")


def load(path: Path) -> Document:
    """A file of any kind; what keeps it from being read is its first flaw."""
    notes = Notes()
    try:
        return Document(path, scheme_file.load(path.read_bytes()), notes)
    except Refused as refusal:
        notes.flaw("", refusal.code, **refusal.details)
    except OSError as error:
        reason = error.strerror or str(error)
        notes.flaw("", "file-unreadable", file=str(path), reason=reason)
    return Document(path, None, notes)


def load_scheme(path: Path) -> Document:
    """A file that holds a scheme, with the scheme's flaws."""
    document = load(path)
    if document.file:
        try:
            scheme_reader.read(document.content)
        except Refused as refusal:
            for flaw in refusal.flaws:
                document.notes.flaw(flaw.pointer, flaw.code, **flaw.details)
    return document


def read_scheme(path: Path) -> Mapping[str, object]:
    """A scheme's document.

    Raises:
        Refused: after its flaws have been told, with the lines on which they stand.
    """
    document = load_scheme(path)
    refuse_flawed([document])
    return document.content


def refuse_flawed(documents: Sequence[Document]) -> None:
    """Tell every flaw of every file with its place, and refuse if there is any.

    The refusal carries no flaws of its own: they have been told, and nobody has to do it again.
    """
    count = sum(len(document.notes.flaws) for document in documents)
    for document in documents:
        for flaw in document.notes.flaws:
            vietnamese, english = (
                messages.sentence(flaw.code, language, flaw.details) for language in ("vi", "en")
            )
            sys.stderr.write(f"{_place(document, flaw)}: {vietnamese}\n    {english}\n")
    if count:
        raise Refused("files-flawed", flaws=(), count=str(count))


def _place(document: Document, flaw: Flaw) -> str:
    line = str(document.file.line(flaw.pointer)) if document.file else flaw.details.get("line")
    place = f"{document.path}:{line}" if line else str(document.path)
    return f"{place}: {flaw.pointer}" if flaw.pointer else place
