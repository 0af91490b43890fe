"""The pages of `explain` are those that were committed, and fit the terminal."""

import pytest

from tests.golden.pages import PAGES, path_of, text_of


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_as_it_was_committed(name: str) -> None:
    committed = path_of(name).read_text("utf-8")

    assert text_of(name) == committed, (
        "if this was wanted: python -m tests.golden.documents --write"
    )


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_plain_text_that_fits(name: str) -> None:
    committed = path_of(name).read_text("utf-8")

    assert all(len(line) <= PAGES[name].width for line in committed.splitlines())
    assert committed.replace("\n", "").isprintable()
