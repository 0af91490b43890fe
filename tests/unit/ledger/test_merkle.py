"""The Merkle tree hash: the known vectors, and the definition itself as the oracle.

The vectors are those of the reference implementation of Certificate Transparency
(github.com/google/certificate-transparency, python/ct/crypto/merkle_test.py), which RFC 6962
comes from.
"""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ledger.merkle import EMPTY_ROOT, Tree, leaf_hash, node_hash

ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


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
