"""A file is read as it stands, or refused with the line, the column and what to do."""

import pytest

from services.cli.results import table
from services.cli.results.table import Row, Table
from shared.adapters import messages
from shared.kernel.errors import Flaw, Refused

TABLE = """\
# PARTIAL (2 of 3)
# Source: https://example.org

rank,unit,score
1,"Sở  Lao động,
Thương binh",87.12

2, Sở Y tế ,.5
"""


def flaws_of(content: bytes) -> list[tuple[str, str]]:
    """The flaws of a file, by their places."""
    with pytest.raises(Refused) as refused:
        table.read(content)
    assert refused.value.code == "table-refused"
    return [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]


def test_comments_headings_and_rows_are_kept_with_their_lines() -> None:
    read = table.read(TABLE.encode())

    assert read == Table(
        comments=("PARTIAL (2 of 3)", "Source: https://example.org"),
        line=4,
        headings=("rank", "unit", "score"),
        rows=(
            Row(5, ("1", "Sở Lao động, Thương binh", "87.12")),
            Row(8, ("2", "Sở Y tế", ".5")),
        ),
    )


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + TABLE.encode(),
        TABLE.replace("\n", "\r\n").encode(),
        TABLE.replace("ế", "e\u0302\u0301").encode(),
        TABLE.replace("score", "score,,").encode().replace(b".5\n", b".5,,\n"),
    ],
    ids=["with a BOM", "with the line ends of Windows", "decomposed", "with empty columns"],
)
def test_what_programs_add_to_a_table_changes_nothing(content: bytes) -> None:
    read = table.read(content)

    assert read.headings == ("rank", "unit", "score")
    assert [row.cells[1] for row in read.rows] == ["Sở Lao động, Thương binh", "Sở Y tế"]


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        (b"", ("/1", "table-empty")),
        (b"# only comments\n\n", ("/1", "table-empty")),
        (b"unit,score\n", ("/1", "table-without-rows")),
        (b"unit;score\nA;87,12\n", ("/1", "table-separator")),
        (b"unit\tscore\nA\t1\n", ("/1", "table-separator")),
        (b"unit,score\nA,87,12\n", ("/2", "row-too-long")),
        (b"unit,score\nA\n", ("/2", "row-too-short")),
        (b"unit,,score\nA,1,2\n", ("/1/2", "heading-empty")),
        (b"unit,Unit\nA,1\n", ("/1/Unit", "heading-repeated")),
        (b"unit,score,\nA,1,left over\n", ("/1/3", "heading-empty")),
        (b"unit,score\nA,1\n# Source: late\n", ("/3", "comment-below-headings")),
        (b'unit,score\nA,"1\nB,2\n', ("/2", "table-quotes")),
        (b'unit,score\n"A"x,1\n', ("/2", "table-quotes")),
        (b"unit,score\nA\x00,1\n", ("/2", "table-control-character")),
        ("unit,score\nSở,1\n".encode("utf-16"), ("/1", "table-not-utf8")),
        ("unit,score\nS\xe9,1\n".encode("latin-1"), ("/2", "table-not-utf8")),
        (b"unit,score\n" + b"A" * 301 + b",1\n", ("/2", "cell-too-long")),
        (b"unit,score\n" + b"A,1\n" * 501, ("/502", "table-rows-too-many")),
        (b"a," * 301 + b"unit\n" + b"1," * 301 + b"A\n", ("/1", "table-columns-too-many")),
        (b"#" * (table.FILE_BYTES_MAX + 1), ("/1", "table-too-large")),
    ],
    ids=lambda value: value[1] if isinstance(value, tuple) else "",
)
def test_an_odd_file_is_refused_with_its_line(content: bytes, flaw: tuple[str, str]) -> None:
    assert flaw in flaws_of(content)


def test_all_flaws_are_told_at_once_up_to_a_limit() -> None:
    content = b"unit,score\n" + b"A\n" * 100

    with pytest.raises(Refused) as refused:
        table.read(content)

    assert len(refused.value.flaws) == table.FLAWS_MAX
    assert refused.value.details["count"] == "100"


def test_every_flaw_says_in_both_languages_what_to_do() -> None:
    counts = {"cells": "4", "columns": "3"}
    flaw = table.flaw_at("row-too-long", 7, **counts)

    said = [messages.sentence(flaw.code, language, flaw.details) for language in ("vi", "en")]

    assert flaw == Flaw("/7", "row-too-long", {"line": "7", "column": "", **counts})
    assert all("87.12" in sentence and "{" not in sentence for sentence in said)
