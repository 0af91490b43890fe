"""The verification of proofs: RFC 9162 sections 2.1.3.2 and 2.1.4.2, step by step.

The numbered comments are the steps of the RFC. `fn` and `sn` are its names: the place of a node,
and that of the last one, in the level that has been reached.
"""

from collections.abc import Sequence

from shared.ledger.merkle import EMPTY_ROOT, node_hash


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], *, root: bytes) -> bool:
    """Whether the path shows that the leaf hash stands at `index` of the tree with this root."""
    if not 0 <= index < size:  # 1.
        return False
    fn, sn, reached = index, size - 1, leaf  # 2. and 3.
    for sibling in path:  # 4.
        if sn == 0:
            return False
        if _is_right(fn, sn):
            reached = node_hash(sibling, reached)
            fn, sn = _skip(fn, sn)
        else:
            reached = node_hash(reached, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and reached == root  # 5.


def is_beginning(
    first: int, first_root: bytes, second: int, second_root: bytes, path: Sequence[bytes]
) -> bool:
    """Whether the path shows that the tree of the first size is a beginning of the second one.

    Of what the RFC leaves open: the empty tree begins every other, and equal sizes have equal
    roots; neither takes a path.
    """
    if not 0 < first < second:
        root = EMPTY_ROOT if first == 0 else second_root
        return 0 <= first <= second and not path and first_root == root
    if not path:  # 1.
        return False
    if first & (first - 1) == 0:  # 2.
        path = (first_root, *path)
    fn, sn = first - 1, second - 1  # 3.
    while fn & 1:  # 4.
        fn, sn = fn >> 1, sn >> 1
    before = after = path[0]  # 5.
    for sibling in path[1:]:  # 6.
        if sn == 0:
            return False
        if _is_right(fn, sn):
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            fn, sn = _skip(fn, sn)
        else:
            after = node_hash(after, sibling)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and before == first_root and after == second_root  # 7.


def _is_right(fn: int, sn: int) -> bool:
    """Whether the sibling that comes next stands to the left."""
    return fn & 1 == 1 or fn == sn


def _skip(fn: int, sn: int) -> tuple[int, int]:
    """Pass the levels at which the last node has no sibling."""
    while fn & 1 == 0 and fn != 0:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn
