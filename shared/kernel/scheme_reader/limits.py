"""How large and how deep a document may be, checked before anything else of it is read."""

from collections.abc import Iterator, Mapping

from shared.kernel.scheme_reader.field import Notes

VALUES_MAX = 20_000
"""The most keys, values, mappings and lists, all counted together."""

TEXT_BYTES_MAX = 200_000
"""The most bytes of all keys and values together; a fact has room for a little more."""

DEPTH_MAX = 20
"""The deepest nesting: room for a sum of sums, which is more than any known scheme has."""


def keeps(document: object, notes: Notes) -> bool:
    """Whether the document is no larger than a scheme; looks no further than what is too much."""
    text_bytes = 0
    for values, (value, depth) in enumerate(_walk(document), start=1):
        if isinstance(value, str):
            text_bytes += len(value.encode("utf-8", "surrogatepass"))
        if depth > DEPTH_MAX:
            notes.flaw("", "document-too-deep", maximum=str(DEPTH_MAX))
            return False
        if values > VALUES_MAX or text_bytes > TEXT_BYTES_MAX:
            most = {"values": str(VALUES_MAX), "bytes": str(TEXT_BYTES_MAX)}
            notes.flaw("", "document-too-large", **most)
            return False
    return True


def _walk(document: object) -> Iterator[tuple[object, int]]:
    """Every key and value with its depth; no recursion, so that no depth can break it."""
    ahead: list[Iterator[object]] = [iter([document])]
    while ahead:
        for value in ahead[-1]:
            yield value, len(ahead)
            if isinstance(value, Mapping):
                ahead.append(part for pair in value.items() for part in pair)
                break
            if isinstance(value, list):
                ahead.append(iter(value))
                break
        else:
            ahead.pop()
