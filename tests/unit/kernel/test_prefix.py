"""Sequences that share their beginnings are lists like others, seen from outside."""

from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.prefix import Joined, Prefix

ELEMENTS = st.integers(0, 2)


@given(st.data())
def test_whoever_goes_on_changes_nobody_else(data: st.DataObject) -> None:
    grown: list[tuple[Prefix[int], list[int]]] = [(Prefix(), [])]

    for _ in range(data.draw(st.integers(0, 30))):
        prefix, elements = data.draw(st.sampled_from(grown))
        element = data.draw(ELEMENTS)
        grown.append((prefix.with_next(element), [*elements, element]))

    for prefix, elements in grown:
        assert list(prefix) == elements


@given(st.lists(ELEMENTS), st.lists(ELEMENTS), st.data())
def test_a_prefix_reads_as_the_list_that_it_is(
    elements: list[int], more: list[int], data: st.DataObject
) -> None:
    prefix = Prefix(elements)
    longer = prefix
    for element in more:
        longer = longer.with_next(element)
    start, end = data.draw(st.tuples(*(st.none() | st.integers(-40, 40),) * 2))

    assert len(prefix) == len(elements)
    assert prefix[start:end] == elements[start:end]
    assert [prefix[place - len(elements)] for place in range(len(elements))] == elements
    assert (prefix == longer) == (not more)
    assert prefix == elements


def test_a_place_behind_the_end_is_none_even_if_somebody_else_has_gone_on() -> None:
    prefix = Prefix("ab")
    prefix.with_next("c")

    try:
        found = prefix[2]
    except IndexError:
        found = ""

    assert found == ""


@given(st.lists(st.lists(ELEMENTS), max_size=4), st.data())
def test_joined_sequences_read_as_one(parts: list[list[int]], data: st.DataObject) -> None:
    joined = Joined([Prefix(part) for part in parts])
    whole = [element for part in parts for element in part]
    start, end = data.draw(st.tuples(*(st.none() | st.integers(-40, 40),) * 2))

    assert (list(joined), len(joined)) == (whole, len(whole))
    assert joined[start:end] == whole[start:end]
    assert [joined[place - len(whole)] for place in range(len(whole))] == whole
    assert joined == Joined([Joined([part]) for part in parts]) == whole


def test_sequences_of_other_elements_are_not_equal() -> None:
    assert Prefix("ab") != Prefix("ac")
    assert Prefix("ab") != Prefix("a")
    assert Joined([["a"], ["b"]]) != Joined([["a"], ["c"]])
    assert Joined([["a"]]) != {"a"}
