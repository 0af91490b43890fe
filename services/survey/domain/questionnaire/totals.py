"""What a certified total says, and where two of them differ."""

from collections.abc import Iterator

from shared.events import survey as events

Total = events.ResultTyped | events.ResultImported


def differences(one: Total, other: Total) -> Iterator[str]:
    """JSON pointers to where two say something else; an option left out was chosen by nobody."""
    for name in ("document", "sha256", "forms"):
        if getattr(one, name) != getattr(other, name):
            yield f"/{name}"
    for question in one.counts.keys() | other.counts.keys():
        here, there = one.counts.get(question, {}), other.counts.get(question, {})
        for option in here.keys() | there.keys():
            if here.get(option, 0) != there.get(option, 0):
                yield f"/counts/{question}/{option}"


def alike(one: Total, other: Total) -> bool:
    """Whether two say the same of an agency, by one source."""
    return not any(differences(one, other))


def is_same_document(one: Total, other: Total) -> bool:
    """Whether two rest on one document: the same bytes, or the same name where any has no bytes."""
    if one.sha256 is not None and other.sha256 is not None:
        return one.sha256 == other.sha256
    return _name(one.document) == _name(other.document)


def _name(document: str) -> str:
    """However it was spaced, and in large letters or small ones."""
    return " ".join(document.split()).casefold()


def says_anything(total: Total) -> bool:
    """Whether anybody is said to have answered."""
    return bool(total.forms) or any(any(counts.values()) for counts in total.counts.values())


def counts_already(before: Total | None, total: Total) -> bool:
    """Whether what counts is just this: the same was said before, or nothing is said at all."""
    return not says_anything(total) if before is None else alike(before, total)
