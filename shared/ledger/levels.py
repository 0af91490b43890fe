"""The tree of `merkle`, with all that proofs are made of: RFC 6962 sections 2.1.1 and 2.1.2.

Each level holds the roots of all full subtrees of one size, the leaves first, 32 bytes each; there
are as many again above the leaves, so that an entry costs 64 bytes. What is asked of an earlier
size comes from the same hashes: a full subtree never changes.
"""

from collections.abc import Iterable, Sequence

from shared.ledger.merkle import Tree, root_of

HASH_BYTES = 32


class LevelTree:
    """A tree that grows at its right edge, and proves what it holds, in O(log n)."""

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._tree = Tree()
        self._levels: list[bytearray] = []
        for entry in entries:
            self.append(entry)

    @property
    def size(self) -> int:
        """How many entries the tree has."""
        return self._tree.size

    def append(self, entry: bytes) -> None:
        """Add the next entry."""
        ended = self._tree.append(entry)
        if len(ended) > len(self._levels):
            self._levels.append(bytearray())
        for level, root in zip(self._levels, ended, strict=False):
            level.extend(root)

    def leaf(self, index: int) -> bytes:
        """The leaf hash of an entry; they count from 0."""
        assert 0 <= index < self.size, "the tree has the entry"
        return self._full(0, index)

    def root(self, size: int) -> bytes:
        """MTH(D[size]): the root when the tree had so many entries."""
        assert 0 <= size <= self.size, "the tree was once of that size"
        return self._range(0, size)

    def inclusion(self, index: int, size: int) -> Sequence[bytes]:
        """PATH(index, D[size]): that the entry stands in the tree of that size (2.1.1)."""
        assert 0 <= index < size <= self.size, "the tree has the entry, and was once of that size"
        start, end, path = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, first: int, second: int) -> Sequence[bytes]:
        """PROOF(first, D[second]): that the tree of the first size begins the other (2.1.2).

        The empty tree begins every other, and needs no proof.
        """
        assert 0 <= first <= second <= self.size, "the tree was once of both sizes"
        start, end, path = 0, second, []
        while first not in {0, end}:
            middle = start + _split(end - start)
            if first <= middle:
                path.append(self._range(middle, end))
                end = middle
            else:
                path.append(self._range(start, middle))
                start = middle
        if first and start:
            path.append(self._range(start, end))
        return path[::-1]

    def _range(self, start: int, end: int) -> bytes:
        """MTH(D[start:end]), where `start` is a multiple of a power of two >= end - start."""
        peaks = []
        while start < end:
            level = (end - start).bit_length() - 1
            peaks.append(self._full(level, start >> level))
            start += 1 << level
        return root_of(peaks)

    def _full(self, level: int, place: int) -> bytes:
        """The root of the full subtree at a place of its level."""
        return bytes(self._levels[level][place * HASH_BYTES : (place + 1) * HASH_BYTES])


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)
