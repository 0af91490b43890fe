"""Sequences that grow at their end, and share what they have in common.

What was known at some time is a beginning of what is known now. A `Prefix` is such a beginning: it
costs two words, however long it is, so that thousands of former states can be kept.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any, Generic, TypeVar, overload

Element = TypeVar("Element")


class _Comparable(Sequence[Element]):
    """Equal to every sequence of the same elements."""

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]  # It may be very long, and nobody needs it.


class Prefix(_Comparable[Element], Generic[Element]):
    """The first elements of a list that is shared by everybody who knew a part of it.

    It never changes: `with_next` gives another. Where two go on differently, the second copies.
    """

    __slots__ = ("_length", "_shared")

    def __init__(self, elements: Iterable[Element] = ()) -> None:
        self._shared = list(elements)
        self._length = len(self._shared)

    def with_next(self, element: Element) -> "Prefix[Element]":
        """What comes to be when an element is added."""
        grown: Prefix[Element] = Prefix.__new__(type(self))
        grown._shared = self._room_for(element)
        grown._length = self._length + 1
        return grown

    def shares(self, other: "Prefix[Element]") -> bool:
        """Whether one of the two is a beginning of the other because it was made from it."""
        return self._shared is other._shared  # noqa: SLF001 - of its own kind

    def _room_for(self, element: Element) -> list[Element]:
        """The list in which the element stands next; it is there already where another knew it."""
        shared = self._shared
        if self._length == len(shared):
            shared.append(element)
        elif shared[self._length] != element:
            shared = [*self, element]
        return shared

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[Element]:
        return islice(self._shared, self._length)

    @overload
    def __getitem__(self, index: int) -> Element: ...
    @overload
    def __getitem__(self, index: "slice[Any, Any, Any]") -> Sequence[Element]: ...
    def __getitem__(self, index: "int | slice[Any, Any, Any]") -> Element | Sequence[Element]:
        if isinstance(index, slice):
            return [self._shared[place] for place in range(*index.indices(self._length))]
        return self._shared[range(self._length)[index]]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Prefix) and self._shared is other._shared:
            return self._length == other._length
        return super().__eq__(other)

    __hash__ = None

    def __repr__(self) -> str:
        return f"Prefix({list(self)!r})"


class Joined(_Comparable[Element], Generic[Element]):
    """Several sequences, one behind the other, none of which is copied."""

    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[Sequence[Element]]) -> None:
        flat: list[Sequence[Element]] = []
        for part in parts:
            flat += part.parts if isinstance(part, Joined) else [part]
        self.parts: tuple[Sequence[Element], ...] = tuple(part for part in flat if part)

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __iter__(self) -> Iterator[Element]:
        return chain.from_iterable(self.parts)

    @overload
    def __getitem__(self, index: int) -> Element: ...
    @overload
    def __getitem__(self, index: "slice[Any, Any, Any]") -> Sequence[Element]: ...
    def __getitem__(self, index: "int | slice[Any, Any, Any]") -> Element | Sequence[Element]:
        if isinstance(index, slice):
            return list(self)[index]
        place = range(len(self))[index]
        for part in self.parts:
            if place < len(part):
                return part[place]
            place -= len(part)
        raise AssertionError("a place within the length is in one of the parts")

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Joined) and self.parts == other.parts:
            return True
        return super().__eq__(other)

    __hash__ = None

    def __repr__(self) -> str:
        return f"Joined({list(self.parts)!r})"
