"""Names of files that are sent: one step of a path, with nothing unseen, and the same for all."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.web.attachment import NAME_CHARACTERS_MAX, attachment, file_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("15/KH-SYT", "15_KH-SYT"),
        ("Kế hoạch số 15", "Kế hoạch số 15"),
        (unicodedata.normalize("NFD", "Kế hoạch"), "Kế hoạch"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows\\system32", "C__Windows_system32"),
        ("\u202efdp.exe", "fdp.exe"),
        ("a\0b\u200b\u2066c", "abc"),
        ("  nhiều\t\n khoảng  trắng ", "nhiều khoảng trắng"),
        ("con", "_con"),
        ("NUL.txt", "_NUL.txt"),
        ("", "tep"),
        ("..", "tep"),
        ("///", "tep"),
        ("a" * 5_000, "a" * NAME_CHARACTERS_MAX),
    ],
)
def test_a_name_is_made_of_any_text(text: str, name: str) -> None:
    assert file_name(text) == name


@given(st.text(max_size=300))
def test_a_name_is_one_step_and_stays_what_it_is(text: str) -> None:
    name = file_name(text)

    assert 0 < len(name) <= NAME_CHARACTERS_MAX + 1
    assert not {"/", "\\", ":", '"'}.intersection(name)
    assert not name.startswith(".")
    assert {unicodedata.category(each) for each in name}.isdisjoint({"Cc", "Cf", "Cs", "Zl"})


@given(st.text(max_size=300))
def test_the_headers_are_plain_ascii_in_one_line_each(text: str) -> None:
    for value in attachment(text, "pdf", 9).values():
        assert value.isascii()
        assert value.isprintable()


def test_who_cannot_read_a_coded_name_has_one_without_marks() -> None:
    said = attachment("Đề án 15/KH", "pdf", 9)["Content-Disposition"]

    assert said == (
        'attachment; filename="De an 15_KH.pdf"; '
        "filename*=UTF-8''%C4%90%E1%BB%81%20%C3%A1n%2015_KH.pdf"
    )
