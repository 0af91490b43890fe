"""Facts of what others counted, and of the documents that certify it."""

import msgspec


class DocumentQuarantined(msgspec.Struct, frozen=True, kw_only=True):
    """A document that certifies a result has to be scanned; until then nobody reads it."""

    cycle: str
    questionnaire: str
    sha256: str


class DocumentCleared(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner, named with its version, found nothing in a document that waited for it."""

    cycle: str
    questionnaire: str
    sha256: str
    scanner: str


class DocumentCondemned(msgspec.Struct, frozen=True, kw_only=True):
    """A scanner found something in a document, which it names: no result counts by it from now on.

    What was typed in of it and does not count yet comes to nothing.
    """

    cycle: str
    questionnaire: str
    sha256: str
    scanner: str
    finding: str


class ResultTyped(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A certified result as one person typed it in; it counts once another types the same.

    `forms`, how many people answered, came later, and is written only where the document says it.
    """

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str
    sha256: str | None
    forms: int | None = None


class ResultImported(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The certified result of a survey run elsewhere: how often each option was chosen.

    The same source again replaces what it said of the agency. `sha256` is that of the certified
    document, where it was handed in. `forms`, how many people answered, came later, and is written
    only where the document says it: no points hang on it.
    """

    cycle: str
    questionnaire: str
    agency: str
    counts: dict[str, dict[str, int]]
    source: str
    document: str
    sha256: str | None
    forms: int | None = None
