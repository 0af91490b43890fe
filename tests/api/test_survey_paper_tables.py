"""Piles that come as tables over HTTP: all rows or none, and each flaw is named."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from openpyxl import load_workbook

from services.survey.application import MEDIA_TYPES, paper_tables
from shared.ports import Format
from tests.support.paper_desk import (
    FORMS,
    HEALTH,
    HOME,
    PILE,
    TEMPLATE,
    Desk,
    code_of,
    form,
    open_desk,
)
from tests.support.workbook_parts import SHEET, changed, xlsx

CSV = f"agency,q1,q2,q3\n{HEALTH},5,,\n{HEALTH},4,,\n{HOME},1,slow;far,Chờ lâu.\n"
VIETNAMESE = (
    "Cơ quan;q1. Ông/Bà có hài lòng?;q2. Vì sao chưa hài lòng?;q3\n"
    f'{HEALTH};5;;\n{HEALTH};4;;\n{HOME};1;"far; slow";chờ lâu\n'
)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with open_desk() as desk:
        yield desk


async def test_a_table_agrees_with_what_another_typed(desk: Desk) -> None:
    await desk.type_in("one", FORMS)

    answer = await desk.upload("other", CSV.encode())

    assert answer.json()["status"] == "entered", answer.text
    assert await desk.waiting() == {HEALTH: 2, HOME: 1}


async def test_two_tables_agree_in_whatever_format_and_order_of_columns(desk: Desk) -> None:
    rows: list[list[object]] = [
        ["q3", "q1", "agency", "q2"],
        [None, 5, HEALTH],
        [None, "4", HEALTH],
    ]
    last: list[object] = ["Chờ lâu.", 1, HOME, "slow; far"]
    await desk.upload("one", VIETNAMESE.encode())

    answer = await desk.upload("other", xlsx(*rows, last), MEDIA_TYPES["xlsx"])

    assert answer.json()["status"] == "entered", answer.text


async def test_one_person_with_two_tables_is_one_person(desk: Desk) -> None:
    for _ in range(2):
        answer = await desk.upload("one", CSV.encode())

    assert answer.json()["status"] == "typed-once"
    assert await desk.waiting() == {}


async def test_a_table_that_differs_shows_where(desk: Desk) -> None:
    await desk.upload("one", CSV.encode())

    seen = (await desk.type_in("other", [*FORMS, form()])).json()

    [difference] = seen["differences"]
    assert (difference["form"], difference["about"], difference["theirs"]) == (4, "form", None)


WRONG = xlsx(
    ["agency", "q1", "q2", "q3"],
    ["so-la", 5],
    [HEALTH, 9],
    [],
    [HEALTH, None],
    [HEALTH, 1, "slow;slow"],
    [HEALTH, 5, "slow"],
    [HEALTH, "=2+3"],
    [HEALTH, True],
    [HEALTH, 5, None, "x" * 2_001],
)
NOT_QUOTED = {ord(mark): None for mark in "“”"}
NAMED = [
    ("/2/A", "row-agency-unknown", "agency"),
    ("/3/B", "row-option-unknown", "q1"),
    ("/4", "row-empty", None),
    ("/5/B", "row-answer-missing", "q1"),
    ("/6/C", "row-option-chosen-twice", "q2"),
    ("/7/C", "row-question-not-asked", "q2"),
    ("/8/B", "odd-cell-formula", "q1"),
    ("/9/B", "odd-cell-boolean", "q1"),
    ("/10/D", "row-comment-too-long", "q3"),
]


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_every_wrong_row_is_named_and_nothing_is_entered(desk: Desk, language: str) -> None:
    headers = {"Content-Type": MEDIA_TYPES["xlsx"], "Accept-Language": language}
    answer = await desk.ask("one", "PUT", f"{PILE}/table", content=WRONG, headers=headers)

    assert code_of(answer) == (409, "sheet-refused")
    errors = answer.json()["errors"]
    assert [(each["pointer"], each["code"]) for each in errors] == [each[:2] for each in NAMED]
    row, column = ("Dòng", "cột") if language == "vi" else ("Row", "column")
    for each, (pointer, _, question) in zip(errors, NAMED, strict=True):
        number, _, letter = pointer[1:].partition("/")
        assert f"{row} {number}" in each["detail"]
        assert not letter or f"{column} {letter}" in each["detail"]
        assert question is None or question in each["detail"]
        assert language == "vi" or each["detail"].translate(NOT_QUOTED).isascii()
    assert code_of(await desk.ask("one", "GET", PILE)) == (404, "pile-unknown")


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("agency,q1,q9", ["sheet-heading-unknown"]),
        ("agency,q1,q1", ["sheet-heading-twice"]),
        ("agency,Q1", ["sheet-heading-unknown", "sheet-column-missing"]),
        ("q1,q3", ["sheet-agency-missing"]),
    ],
)
async def test_columns_are_those_of_the_questionnaire(
    desk: Desk, heading: str, codes: list[str]
) -> None:
    answer = await desk.upload("one", f"{heading}\n{HEALTH},5\n".encode())

    assert code_of(answer) == (409, "sheet-refused")
    assert [each["code"] for each in answer.json()["errors"]] == codes


async def test_a_cell_that_is_true_is_called_so(desk: Desk) -> None:
    content = xlsx(["agency", "q1"], [HEALTH, True])

    for language, said in (("vi", "giá trị đúng/sai"), ("en", "TRUE or FALSE")):
        headers = {"Content-Type": MEDIA_TYPES["xlsx"], "Accept-Language": language}
        answer = await desk.ask("one", "PUT", f"{PILE}/table", content=content, headers=headers)

        [error] = answer.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/2/B", "odd-cell-boolean")
        assert said in error["detail"]


async def test_flaws_are_told_up_to_a_limit(desk: Desk) -> None:
    rows = [f"{HEALTH},9"] * (paper_tables.FLAWS_MAX + 5)

    answer = await desk.upload("one", "\n".join(["agency,q1", *rows]).encode())

    assert answer.json()["details"] == {"count": "105", "told": "100"}
    assert len(answer.json()["errors"]) == 100


async def test_an_odd_file_is_refused_as_such(desk: Desk) -> None:
    too_large = b"x" * (paper_tables.TABLE_BYTES_MAX + 1)
    too_long = "\n".join(["agency,q1", *[f"{HEALTH},5"] * 501]).encode()

    assert code_of(await desk.upload("one", b"")) == (409, "sheet-refused")
    assert code_of(await desk.upload("one", b"agency,q1\n")) == (409, "sheet-refused")
    assert code_of(await desk.upload("one", too_large)) == (413, "file-too-large")
    assert code_of(await desk.upload("one", too_long)) == (409, "table-beyond-rows")
    assert code_of(await desk.upload("one", CSV.encode(), MEDIA_TYPES["xlsx"])) == (
        409,
        "table-unreadable",
    )
    assert code_of(await desk.upload("one", CSV.encode(), "text/html")) == (
        409,
        "file-type-forbidden",
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
async def test_a_workbook_that_expands_itself_changes_nothing(desk: Desk, encoding: str) -> None:
    rows: tuple[list[object], ...] = (["agency", "q1", "q3"], [HEALTH, "5", "five"])
    type_ = '<!DOCTYPE a [<!ENTITY b "Chờ "><!ENTITY c "&b;&b;&b;&b;&b;">]>'
    bomb = changed(
        xlsx(*rows),
        SHEET,
        lambda body: (type_ + body.decode().replace("five", "&c;&c;")).encode(encoding),
    )

    answer = await desk.upload("one", bomb, MEDIA_TYPES["xlsx"])

    assert code_of(answer) == (409, "table-unreadable")
    assert code_of(await desk.ask("one", "GET", PILE)) == (404, "pile-unknown")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_the_template_is_taken_back_filled_in(desk: Desk, form: Format) -> None:
    template = await desk.ask("one", "GET", f"{TEMPLATE}?format={form}")
    assert template.headers["Content-Type"].partition(";")[0] == MEDIA_TYPES[form]

    content = template.content
    if form == "csv":
        content += f"{HEALTH};5;;\n".encode()
    else:
        book = load_workbook(io.BytesIO(content))
        book.worksheets[0]["A2"], book.worksheets[0]["B2"] = HEALTH, "5"
        written = io.BytesIO()
        book.save(written)
        content = written.getvalue()
    answer = await desk.upload("one", content, MEDIA_TYPES[form])

    assert answer.json()["status"] == "typed-once", answer.text
    [typed] = (await desk.ask("one", "GET", PILE)).json()["forms"]
    assert typed == {"agency": HEALTH, "answers": {"q1": "5"}, "choices": {}, "comments": {}}


@pytest.mark.parametrize("separator", [",", ";"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
async def test_the_template_is_taken_back_as_whatever_program_writes_csv(
    desk: Desk, separator: str, quoting: Literal[0, 1]
) -> None:
    template = (await desk.ask("one", "GET", f"{TEMPLATE}?format=csv")).content.decode("utf-8-sig")
    [headings] = csv.reader([template], delimiter=";")
    written = io.StringIO(newline="")
    rows = [headings, [HEALTH, "5", "", "Tốt, nhanh; gọn"], [HOME, "1", "slow;far", ""]]
    csv.writer(written, delimiter=separator, quoting=quoting).writerows(rows)

    answer = await desk.upload("one", written.getvalue().encode())

    assert answer.json()["status"] == "typed-once", answer.text
    assert [each["agency"] for each in answer.json()["forms"]] == [HEALTH, HOME]
    assert answer.json()["forms"][0]["comments"] == {"q3": "Tốt, nhanh; gọn"}


async def test_a_format_that_is_not_known_is_told_in_the_language_of_the_caller(desk: Desk) -> None:
    for language, said in (
        ("vi", "Giá trị phải là một trong: csv, xlsx."),
        ("en", "The value has to be one of: csv, xlsx."),
    ):
        headers = {"Accept-Language": language}
        answer = await desk.ask("one", "GET", f"{TEMPLATE}?format=pdf", headers=headers)

        assert [each["detail"] for each in answer.json()["errors"]] == [said]
