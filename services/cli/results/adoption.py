"""Which scheme serves which tier of a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from shared.kernel import scheme_reader
from shared.kernel.errors import Refused
from shared.kernel.scheme import Scheme


@dataclass(frozen=True, slots=True)
class Adopted:
    """A scheme, and the document that says it."""

    document: Mapping[str, Any]
    scheme: Scheme


def given(documents: Sequence[Mapping[str, Any]]) -> Mapping[str, Adopted]:
    """The schemes of these documents, by their tiers."""
    adopted: dict[str, Adopted] = {}
    for document in documents:
        scheme = scheme_reader.read(document)
        if scheme.tier in adopted:
            raise Refused("scheme-tier-twice", tier=scheme.tier)
        adopted[scheme.tier] = Adopted(document, scheme)
    return adopted


def by_tier(schemes: Mapping[str, Adopted], tiers: Iterable[str]) -> Mapping[str, Adopted]:
    """The scheme of every tier; one that is alone serves all of them, under their names."""
    only = next(iter(schemes.values())) if len(schemes) == 1 else None
    return {tier: _under(only, tier) if only else schemes[tier] for tier in dict.fromkeys(tiers)}


def _under(adopted: Adopted, tier: str) -> Adopted:
    document = {**adopted.document, "tier": tier}
    return Adopted(document, replace(adopted.scheme, tier=tier))
