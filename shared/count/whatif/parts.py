"""The parts of a scheme that may be weighed: areas, criteria, items, and what stands outside."""

from collections.abc import Iterator, Mapping

from shared.kernel.scheme import Area, Criterion, Item, Scheme

Part = Area | Criterion | Item


def parts_of(scheme: Scheme) -> Mapping[str, Part]:
    """Every part by its code; a criterion without components is the item that it consists of."""
    return {part.code: part for part in _walk(scheme)}


def items_of(part: Part) -> tuple[Item, ...]:
    """The items that a part consists of."""
    match part:
        case Area(criteria=criteria):
            return tuple(item for criterion in criteria for item in criterion.items)
        case Criterion(items=items):
            return items
        case Item():
            return (part,)


def _walk(scheme: Scheme) -> Iterator[Part]:
    for area in scheme.areas:
        yield area
        yield from area.criteria
    yield from scheme.items.values()
