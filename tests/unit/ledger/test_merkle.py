"""The Merkle tree hash: the known vectors, and the definition itself as the oracle."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash
from tests.support.known_tree import ENTRIES, ROOTS


def tree_hash(entries: Sequence[bytes]) -> bytes:
    """RFC 6962, section 2.1, word by word."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1
    while 2 * half < len(entries):
        half *= 2
    return node_hash(tree_hash(entries[:half]), tree_hash(entries[half:]))


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_a_tree_has_the_root_of_the_known_vector(size: int) -> None:
    assert Tree(ENTRIES[:size]).root().hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_a_grown_tree_has_the_root_of_the_definition(entries: list[bytes]) -> None:
    tree = Tree()

    for size, entry in enumerate(entries, start=1):
        tree.append(entry)
        assert (tree.size, tree.root()) == (size, tree_hash(entries[:size]))


@given(st.lists(st.binary(max_size=4), min_size=1, max_size=20), st.data())
def test_one_changed_entry_changes_the_root(entries: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:place], entries[place] + b"!", *entries[place + 1 :]]

    assert Tree(changed).root() != Tree(entries).root()
