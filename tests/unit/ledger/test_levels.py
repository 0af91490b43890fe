"""The tree with all its levels: the known proofs, and another implementation as the oracle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion

from shared.ledger.levels import LevelTree
from shared.ledger.merkle import EMPTY_ROOT, Tree, leaf_hash
from shared.ledger.proof import is_beginning, is_included
from tests.support.known_tree import CONSISTENCY, ENTRIES, INCLUSION, ROOTS

LEAVES = st.lists(st.binary(max_size=4), min_size=1, max_size=70)
KNOWN = LevelTree(ENTRIES)
FLIPPED = 0x01


def hexed(path: object) -> list[str]:
    assert isinstance(path, list | tuple)
    return [each.hex() for each in path]


def oracle(entries: list[bytes]) -> InmemoryTree:
    tree = InmemoryTree()
    for entry in entries:
        tree.append_entry(entry)
    return tree


def subproof(first: int, entries: list[bytes], *, is_whole: bool) -> list[bytes]:
    """RFC 6962, section 2.1.2, word by word."""
    if first == len(entries):
        return [] if is_whole else [Tree(entries).root()]
    half = 1
    while 2 * half < len(entries):
        half *= 2
    left, right = entries[:half], entries[half:]
    if first <= half:
        return [*subproof(first, left, is_whole=is_whole), Tree(right).root()]
    return [*subproof(first - half, right, is_whole=False), Tree(left).root()]


# --- What is known


@pytest.mark.parametrize("size", range(len(ROOTS)))
def test_the_root_of_every_earlier_size_is_known(size: int) -> None:
    assert KNOWN.root(size).hex() == ROOTS[size]


@pytest.mark.parametrize(("place", "path"), INCLUSION.items())
def test_the_inclusion_proofs_are_the_known_ones(place: tuple[int, int], path: list[str]) -> None:
    assert hexed(KNOWN.inclusion(*place)) == path


@pytest.mark.parametrize(("sizes", "path"), CONSISTENCY.items())
def test_the_consistency_proofs_are_the_known_ones(sizes: tuple[int, int], path: list[str]) -> None:
    assert hexed(KNOWN.consistency(*sizes)) == path


# --- As it grows


@given(LEAVES)
def test_it_has_the_roots_and_leaves_of_the_tree_that_keeps_its_peaks(entries: list[bytes]) -> None:
    tree = LevelTree(entries)

    assert tree.size == len(entries)
    assert [tree.leaf(index) for index in range(tree.size)] == [leaf_hash(each) for each in entries]
    for size in range(tree.size + 1):
        assert tree.root(size) == Tree(entries[:size]).root()


@given(LEAVES)
def test_what_was_proved_of_a_size_is_proved_alike_however_the_tree_grows(
    entries: list[bytes],
) -> None:
    small, large = LevelTree(entries), LevelTree([*entries, b"more", b"and more"])
    size = len(entries)

    assert large.inclusion(size - 1, size) == small.inclusion(size - 1, size)
    assert large.consistency(size // 2, size) == small.consistency(size // 2, size)


# --- Every proof proves, and another implementation agrees


@given(LEAVES)
def test_every_entry_is_proved_in_every_size(entries: list[bytes]) -> None:
    tree, other = LevelTree(entries), oracle(entries)
    for size in range(1, tree.size + 1):
        index = (len(entries) * 7) % size
        path, root = tree.inclusion(index, size), tree.root(size)
        proof = other.prove_inclusion(index + 1, size)

        assert [tree.leaf(index), *path] == proof.path
        assert root == other.get_root(size)
        verify_inclusion(tree.leaf(index), root, proof)
        assert is_included(tree.leaf(index), index, size, path, root=root)


@given(LEAVES, st.data())
def test_every_size_is_proved_to_begin_every_later_one(
    entries: list[bytes], data: st.DataObject
) -> None:
    tree, other = LevelTree(entries), oracle(entries)
    second = data.draw(st.integers(1, tree.size))
    for first in range(1, second + 1):
        path, roots = tree.consistency(first, second), (tree.root(first), tree.root(second))
        proof = other.prove_consistency(first, second)

        assert path == subproof(first, entries[:second], is_whole=True)
        verify_consistency(*roots, proof)
        assert is_beginning(first, roots[0], second, roots[1], path)


@given(LEAVES)
def test_the_empty_tree_begins_every_other(entries: list[bytes]) -> None:
    tree = LevelTree(entries)

    assert tree.consistency(0, tree.size) == []
    assert is_beginning(0, EMPTY_ROOT, tree.size, tree.root(tree.size), [])


# --- And nothing else does


@given(LEAVES, st.data())
def test_no_other_entry_place_size_path_or_root_is_proved(
    entries: list[bytes], data: st.DataObject
) -> None:
    tree = LevelTree(entries)
    size = data.draw(st.integers(1, tree.size))
    index = data.draw(st.integers(0, size - 1))
    leaf, path, root = tree.leaf(index), tree.inclusion(index, size), tree.root(size)

    assert not is_included(leaf_hash(b"another"), index, size, path, root=root)
    assert not is_included(leaf, index, size, [*path, leaf], root=root)
    assert not is_included(leaf, index, size, path, root=leaf_hash(root))
    assert not is_included(leaf, size, size, path, root=root)
    assert not is_included(leaf, -1, size, path, root=root)
    for place in range(len(path)):
        assert not is_included(leaf, index, size, flipped(path, place), root=root)
        assert not is_included(leaf, index, size, without(path, place), root=root)


@given(LEAVES, st.data())
def test_no_other_history_is_proved_to_go_on(entries: list[bytes], data: st.DataObject) -> None:
    tree = LevelTree(entries)
    second = data.draw(st.integers(1, tree.size))
    first = data.draw(st.integers(1, second))
    path, before, after = tree.consistency(first, second), tree.root(first), tree.root(second)
    other = leaf_hash(b"another")

    assert not is_beginning(first, other, second, after, path)
    assert not is_beginning(first, before, second, other, path)
    assert not is_beginning(first, before, second, after, [*path, other])
    assert first == second or not is_beginning(second, after, first, before, path)
    assert not is_beginning(-1, before, second, after, path)
    for place in range(len(path)):
        assert not is_beginning(first, before, second, after, flipped(path, place))
        assert not is_beginning(first, before, second, after, without(path, place))


def test_a_proof_of_an_entry_serves_for_no_smaller_or_larger_size() -> None:
    leaf, path, root = KNOWN.leaf(2), KNOWN.inclusion(2, 4), KNOWN.root(4)

    assert is_included(leaf, 2, 4, path, root=root)
    assert not is_included(leaf, 0, 2, path, root=root)
    assert not is_included(leaf, 2, 9, path, root=root)


def test_a_proof_of_a_history_serves_for_no_smaller_or_larger_sizes() -> None:
    roots = KNOWN.root(7), KNOWN.root(8)
    path = KNOWN.consistency(7, 8)

    assert is_beginning(7, roots[0], 8, roots[1], path)
    assert not is_beginning(3, roots[0], 4, roots[1], path)
    assert not is_beginning(7, roots[0], 16, roots[1], path)


@given(LEAVES, st.data())
def test_a_changed_entry_makes_another_history(entries: list[bytes], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(entries) - 1))
    changed = [*entries[:place], entries[place] + b"!", *entries[place + 1 :], b"more"]
    before, after = LevelTree(entries), LevelTree(changed)
    sizes = before.size, after.size

    path, roots = after.consistency(*sizes), (before.root(sizes[0]), after.root(sizes[1]))

    assert not is_beginning(sizes[0], roots[0], sizes[1], roots[1], path)
    with pytest.raises(InvalidProof):
        verify_consistency(*roots, oracle(changed).prove_consistency(*sizes))


def flipped(path: object, place: int) -> list[bytes]:
    assert isinstance(path, list)
    wrong = bytes([path[place][0] ^ FLIPPED]) + path[place][1:]
    return [*path[:place], wrong, *path[place + 1 :]]


def without(path: object, place: int) -> list[bytes]:
    assert isinstance(path, list)
    return [*path[:place], *path[place + 1 :]]
