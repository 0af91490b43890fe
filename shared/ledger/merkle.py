"""The Merkle tree hash over the ledger's bytes, RFC 6962 section 2.1 (SHA-256).

    MTH({})     = SHA-256()
    MTH({d(0)}) = SHA-256(0x00 || d(0))
    MTH(D[n])   = SHA-256(0x01 || MTH(D[0:k]) || MTH(D[k:n])), k the largest power of two < n

d(i) is the entry with the number i + 1, its bytes as they were stored.
"""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(entry: bytes) -> bytes:
    """SHA-256(0x00 || entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(peaks: Sequence[bytes]) -> bytes:
    """MTH of the entries below these roots of full subtrees, of which each is larger than the next.

    There is one for each bit of the number of entries that is set.
    """
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


class Tree:
    """A tree that grows at its right edge, and keeps only the roots of its largest full subtrees.

    Appending costs one leaf hash and less than one node hash on average.
    """

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._size = 0
        self._peaks: list[bytes] = []
        for entry in entries:
            self.append(entry)

    @property
    def size(self) -> int:
        """How many entries the tree has."""
        return self._size

    def fork(self) -> "Tree":
        """Another tree with the same entries, which grows by itself."""
        forked = Tree()
        forked._size, forked._peaks = self._size, list(self._peaks)
        return forked

    def append(self, entry: bytes) -> Sequence[bytes]:
        """Add the next entry; returns the roots of the full subtrees that it ends, leaf first."""
        ended = [leaf_hash(entry)]
        full = self._size
        while full & 1:
            ended.append(node_hash(self._peaks.pop(), ended[-1]))
            full >>= 1
        self._peaks.append(ended[-1])
        self._size += 1
        return ended

    def root(self) -> bytes:
        """MTH of all entries so far."""
        return root_of(self._peaks)
