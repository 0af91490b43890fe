"""Tables as files: what is read of them, what is odd in them, and what is never opened."""

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from shared.adapters import workbook, workbook_archive
from shared.adapters.threads import Threads
from shared.adapters.workbook import FileTables
from shared.kernel.errors import Refused
from shared.ports import Column, Format, Odd, Table
from tests.support.workbook_parts import archive, changed, xlsx

TABLES = FileTables(Threads("tables", 1))


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The same workbook, something else standing in one of its parts."""
    return changed(content, part, lambda body: body.replace(old, new))


async def refused(content: bytes, form: Format) -> str:
    with pytest.raises(Refused) as refusal:
        await TABLES.read(content, form)
    return refusal.value.code


@pytest.mark.parametrize(
    "content",
    [
        "agency,q1,q2\nso-y-te,5,\nso-noi-vu,1,slow;far\n",
        '\ufeffagency;q1;q2\r\nso-y-te;5;\r\nso-noi-vu;1;"slow;far"\r\n',
        'agency;q1;q2;;\nso-y-te;5;;;\nso-noi-vu;1;"slow;far";;\n;;;;\n\n',
        " agency , q1,q2\nso-y-te,5\nso-noi-vu,1,slow;far",
    ],
)
async def test_csv_is_read_with_commas_or_semicolons_with_or_without_its_mark(
    content: str,
) -> None:
    table = await TABLES.read(content.encode(), "csv")

    rows = [["agency", "q1", "q2"], ["so-y-te", "5", ""], ["so-noi-vu", "1", "slow;far"]]
    assert table == Table(rows)


async def test_a_workbook_is_read_with_its_figures_as_text() -> None:
    content = xlsx(["agency", "q1", "q2"], ["so-y-te", 5, None], [None], ["so-noi-vu", "1", 2.0])

    table = await TABLES.read(content, "xlsx")

    rows = [["agency", "q1", "q2"], ["so-y-te", "5", ""], ["", "", ""], ["so-noi-vu", "1", "2"]]
    assert table == Table(rows)


async def test_what_says_nothing_that_can_be_taken_is_odd_and_named() -> None:
    day = datetime(2021, 5, 1, tzinfo=UTC).replace(tzinfo=None)
    long = "x" * (workbook.CELL_CHARACTERS_MAX + 1)
    times: list[list[object]] = [[day], [day.date()], [day.time()], [timedelta(hours=30)]]
    others: list[list[object]] = [["=1+4"], [1.5], [True], [False], ["#N/A"], [long]]
    content = xlsx(["q1"], *times, *others, ["5"])

    table = await TABLES.read(content, "xlsx")

    named = ["formula", "fraction", "boolean", "boolean", "error", "too-long"]
    oddities = [*["date"] * 4, *named]
    assert [(odd.row, odd.oddity) for odd in table.odd] == list(enumerate(oddities, start=2))
    assert table.rows == [["q1"], *[[""]] * 10, ["5"]]


async def test_control_characters_are_odd_and_texts_are_composed() -> None:
    table = await TABLES.read("q3\nA\x07\nGo\u0301p ý\n".encode(), "csv")

    assert table.odd == (Odd(2, 1, "control-character"),)
    assert table.rows[2] == ["Góp ý"]


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (b"\xff\xfea\x00", "csv"),
        (b'agency,q1\n"so-y-te,5\n', "csv"),
        (b"no workbook", "xlsx"),
        (b"", "xlsx"),
        (archive(("hello.txt", b"hello")), "xlsx"),
        (archive(("[Content_Types].xml", b"<Types"), ("xl/workbook.xml", b"")), "xlsx"),
        (xlsx(["q1"])[:-200], "xlsx"),
        (
            rewritten(
                xlsx(["q1"]),
                "xl/worksheets/sheet1.xml",
                b"<worksheet",
                b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet',
            ),
            "xlsx",
        ),
    ],
)
async def test_what_is_no_such_file_is_refused(content: bytes, form: Format) -> None:
    assert await refused(content, form) == "table-unreadable"


async def test_what_unpacks_to_more_than_anybody_typed_is_not_unpacked() -> None:
    bomb = archive(("xl/worksheets/sheet1.xml", bytes(workbook_archive.UNPACKED_BYTES_MAX + 1)))

    assert len(bomb) < 100_000
    assert await refused(bomb, "xlsx") == "table-beyond-bytes"


async def test_an_archive_that_lies_about_its_parts_is_no_workbook() -> None:
    bomb = archive(("xl/worksheets/sheet1.xml", bytes(workbook_archive.UNPACKED_BYTES_MAX + 1)))
    said = (workbook_archive.UNPACKED_BYTES_MAX + 1).to_bytes(4, "little")
    lying = bomb.replace(said, (10).to_bytes(4, "little"))

    assert await refused(lying, "xlsx") == "table-unreadable"


async def test_an_archive_of_many_parts_is_not_opened() -> None:
    many = archive(*((str(number), b"") for number in range(workbook_archive.PARTS_MAX + 1)))

    assert await refused(many, "xlsx") == "table-beyond-parts"


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_rows_and_columns_have_limits(form: Format) -> None:
    def made(rows: int, columns: int) -> bytes:
        lines: list[list[object]] = [["x"] * columns for _ in range(rows)]
        if form == "xlsx":
            return xlsx(*lines)
        return "\n".join(",".join(map(str, line)) for line in lines).encode()

    assert (
        len((await TABLES.read(made(workbook.ROWS_MAX + 1, 1), form)).rows) == workbook.ROWS_MAX + 1
    )
    assert await refused(made(workbook.ROWS_MAX + 2, 1), form) == "table-beyond-rows"
    columns = workbook.COLUMNS_MAX + 1
    assert await refused(made(1, columns), form) == "table-beyond-columns"


async def test_a_cell_in_the_last_row_of_all_does_not_fill_those_before_it() -> None:
    content = rewritten(
        xlsx(["q1"], ["5"]), "xl/worksheets/sheet1.xml", b'r="2"', b'r="1048576"'
    ).replace(b"A2", b"A1048576")

    assert await refused(content, "xlsx") == "table-beyond-rows"


COLUMNS = [
    Column("Cơ quan", (("so-y-te", ""), ("so-noi-vu", ""))),
    Column("q1. =1+1", (("5", "=HYPERLINK(1)"), ("1", "Không"))),
    Column("q2. Vì sao?", (("slow", "Chậm"),), several=True),
    Column("q3. Góp ý"),
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_a_blank_table_is_read_as_its_headings_alone(form: Format) -> None:
    table = await TABLES.read(await TABLES.blank(COLUMNS, form), form)

    assert table == Table([[column.heading for column in COLUMNS]])


async def test_a_blank_workbook_offers_the_codes_and_computes_nothing() -> None:
    book = load_workbook(io.BytesIO(await TABLES.blank(COLUMNS, "xlsx")))

    forms, codes = book.worksheets
    assert [(str(v.sqref), v.formula1) for v in forms.data_validations.dataValidation] == [
        ("A2:A501", "'Ma'!$B$2:$B$3"),
        ("B2:B501", "'Ma'!$B$4:$B$5"),
    ]
    assert [cell.value for cell in codes["B"]][1:] == ["so-y-te", "so-noi-vu", "5", "1", "slow"]
    assert "f" not in {cell.data_type for row in codes.iter_rows() for cell in row}
    assert codes["C4"].value == "=HYPERLINK(1)"
    assert forms["B7"].number_format == "@"


TEXTS = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" ;,\"'\n"), max_size=12
)


@given(rows=st.lists(st.lists(TEXTS, min_size=3, max_size=3), min_size=1, max_size=5))
@settings(max_examples=40, deadline=None)
def test_texts_come_back_from_either_format_alike(rows: list[list[str]]) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    book = Workbook()
    for number, row in enumerate([["a", "b", "c"], *rows], start=1):
        for place, text in enumerate(row, start=1):
            cell = book.worksheets[0].cell(number, place, text)
            cell.data_type = "s"
    saved = io.BytesIO()
    book.save(saved)

    of_csv = asyncio.run(TABLES.read(written.getvalue().encode(), "csv"))
    of_xlsx = asyncio.run(TABLES.read(saved.getvalue(), "xlsx"))

    assert of_csv == of_xlsx
    assert not of_csv.odd
