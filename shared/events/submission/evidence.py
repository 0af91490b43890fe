"""Facts of evidence: what proves an item, what a scanner says of it, and who reads it."""

from datetime import date, datetime

import msgspec

from shared.events.envelope import Sealed


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence (tài liệu kiểm chứng); `section` is the place that proves the score."""

    number: str
    on: date
    issuer: str
    section: str


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file by its content: SHA-256 in hex, size in bytes, media type."""

    sha256: str
    size_bytes: int
    media_type: str


class EvidenceAttached(msgspec.Struct, frozen=True, kw_only=True):
    """A document was attached to prove an item; the same name again replaces it."""

    cycle: str
    agency: str
    item: str
    evidence: str
    document: Document
    file: StoredFile


class EvidenceWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence does not prove the item any more; its file stays."""

    cycle: str
    agency: str
    item: str
    evidence: str


class EvidenceQuarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A file has to be scanned; until then nobody reads it, or decides on the evidence it makes."""

    cycle: str
    agency: str
    sha256: str


class EvidenceCleared(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner, named with its version, found nothing in a file that waited for it.

    Or in one that was condemned, by signatures that came later.
    """

    cycle: str
    agency: str
    sha256: str
    scanner: str


class EvidenceCondemned(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner found something in a file, which it names; from then on nobody reads it.

    The evidence made of it is withdrawn, as long as the council has time left to decide without.
    """

    cycle: str
    agency: str
    sha256: str
    scanner: str
    finding: str


class ReadingJustified(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody without a duty there said why they read an agency's evidence, until a time."""

    cycle: str
    agency: str
    until: datetime
    because: Sealed


class EvidenceRead(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody else than the agency was given a file that proves, or has proved, these items.

    `ground` is the fact that holds the reason: the `CriterionAssigned` by which it is their duty,
    or a `ReadingJustified` of theirs. It is recorded before the first byte is sent.
    """

    cycle: str
    agency: str
    sha256: str
    items: tuple[str, ...]
    ground: str
