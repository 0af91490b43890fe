"""What the use cases of an agency's sheet are given."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.events import submission as events
from shared.ports import Content, Files, Inspector
from shared.runtime.intray import Intray

Inputs = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a cycle, an agency's sheet in it, and mostly one item."""

    cycle: str
    agency: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Proof:
    """A piece of evidence by its name: what the document is, and the stored file that holds it."""

    evidence: str
    document: events.Document
    sha256: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way in, by its SHA-256; it need not say what it is."""

    sha256: str
    media_type: str | None
    chunks: Content


@dataclass(frozen=True, slots=True)
class Archive:
    """Where files come in and are kept, and who looks into them before.

    Where there is a scanner, what is attached waits for it.
    """

    files: Files
    intray: Intray
    inspector: Inspector
    scans: bool
