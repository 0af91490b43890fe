"""A row becomes an entry; a cell that cannot be what it should be is refused by its place."""

import pytest

from services.cli.results.entries import Published
from services.cli.results.naming import CODE_CHARACTERS_MAX, code_of
from shared.kernel import scheme_reader
from shared.kernel.errors import Refused
from shared.kernel.scheme import Scheme
from tests.unit.cli import small_scheme
from tests.unit.cli.small_scheme import entries_of, scheme

TWO = scheme({"1": "60", "2": "40"})
HEADINGS = "unit,1,2,index,rank,class\n"


def flaws_of(text: str, *schemes: Scheme) -> list[tuple[str, str]]:
    """The flaws of the cells, by their places."""
    with pytest.raises(Refused) as refused:
        entries_of(text, *schemes or (TWO,))
    return [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Sở Y tế", "so-y-te"),
        ("SỞ Y TẾ", "so-y-te"),
        ("Sở Văn hóa, Thể thao & Du lịch", "so-van-hoa-the-thao-du-lich"),
        ("Ủy ban nhân dân thị xã Tân Châu", "uy-ban-nhan-dan-thi-xa-tan-chau"),
        ("Đắk Đoa (huyện)", "dak-doa-huyen"),
        ("Phường 11", "phuong-11"),
        ("???", ""),
    ],
)
def test_a_code_is_made_of_a_name(name: str, code: str) -> None:
    assert code_of(name) == code


def test_a_long_code_ends_with_a_whole_word() -> None:
    code = code_of("Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và dân dụng tỉnh")

    assert code == "ban-quan-ly-du-an-dau-tu-xay-dung-cac-cong-trinh-giao-thong-va"
    assert len(code) <= CODE_CHARACTERS_MAX
    assert len(code_of("a" * 100)) == CODE_CHARACTERS_MAX


def test_numbers_are_kept_as_they_are_written() -> None:
    (entry,) = entries_of(f"{HEADINGS}Sở Y tế,53.250,.5,87.10,4,Tốt\n", TWO)

    assert entry.line == 2
    assert entry.agency == "so-y-te"
    assert entry.tier == "so"
    assert entry.cells == {"1": "53.250", "2": "0.5"}
    assert entry.published == Published(index="87.10", rank=4, grade="Tốt")


@pytest.mark.parametrize("sign", ["-", "–", "KAD", "n/a"])  # noqa: RUF001 - as people type
def test_a_sign_says_that_a_cell_does_not_apply(sign: str) -> None:
    (entry,) = entries_of(f"{HEADINGS}A,1,{sign},{sign},{sign},{sign}\n", TWO)

    assert entry.cells == {"1": "1", "2": None}
    assert entry.published == Published()
    assert not entry.ranked


def test_an_empty_cell_means_that_only_where_the_caller_says_so() -> None:
    text = f"{HEADINGS}A,1,,50,,Tốt\n"

    (entry,) = entries_of(text, TWO, empty_is_none=True)

    assert entry.cells == {"1": "1", "2": None}
    assert set(flaws_of(text)) == {("/2/2", "cell-empty"), ("/2/rank", "cell-empty")}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ('"53,25"', "decimal-comma"),
        ("-1", "number-below-zero"),
        ("NaN", "number-unreadable"),
        ("inf", "number-unreadable"),
        ("1e3", "number-unreadable"),
        ("53 25", "number-unreadable"),
        ("87.12%", "number-unreadable"),
        ("9" * 80, "number-unreadable"),
        ("60.01", "cell-above-maximum"),
        ("", "cell-empty"),
    ],
)
def test_a_cell_that_holds_no_points_is_named(cell: str, code: str) -> None:
    assert flaws_of(f"{HEADINGS}A,{cell},1,1,1,Tốt\n") == [("/2/1", code)]


def test_an_agency_has_no_points_for_an_item_from_which_it_is_excepted() -> None:
    document = small_scheme.document({"1": "60", "2": "40"})
    document["areas"][0]["criteria"][1]["except_for"] = ["so-y-te"]
    by = scheme_reader.read(document)

    (entry,) = entries_of("unit,1,2\nSở Y tế,1,-\n", by)

    assert entry.cells == {"1": "1", "2": None}
    assert flaws_of("unit,1,2\nSở Y tế,1,2\n", by) == [("/2/2", "cell-excepted")]


@pytest.mark.parametrize("cell", ["0", "-1", "1.5", "=4", "100001", "9" * 40, "²"])
def test_a_rank_is_a_whole_number_from_1(cell: str) -> None:
    assert flaws_of(f"{HEADINGS}A,1,1,1,{cell},Tốt\n") == [("/2/rank", "whole-number-expected")]


def test_a_name_stands_once_and_has_a_code_of_its_own() -> None:
    text = "unit,1,2\nSở Y tế,1,1\nsở y tế,2,2\nSo Y Te,3,3\n???,4,4\n-,5,5\n"

    assert flaws_of(text) == [
        ("/3", "name-repeated"),
        ("/4", "code-repeated"),
        ("/5/unit", "name-without-letters"),
        ("/6/unit", "name-missing"),
    ]


def test_a_column_of_codes_goes_before_the_names() -> None:
    text = "code,unit,1,2\ny-te,Sở Y tế,1,1\nY Tế,Sở Y tế 2,1,1\n"

    assert entries_of("code,unit,1,2\ny-te,Sở Y tế,1,1\n", TWO)[0].agency == "y-te"
    assert flaws_of(text) == [("/3/code", "code-unfit")]


def test_one_scheme_serves_every_tier() -> None:
    entries = entries_of("section,unit,1,2\nI,A,1,1\nKhối huyện,B,1,1\n", TWO)

    assert [entry.tier for entry in entries] == ["i", "khoi-huyen"]


def test_each_tier_has_the_items_of_its_scheme() -> None:
    schemes = (TWO, scheme({"1": "60", "3": "40"}, "huyen"))
    text = "tier,unit,1,2,3\nso,A,1,2,-\nhuyện,B,1,-,3\n"

    entries = entries_of(text, *schemes)

    assert [entry.cells for entry in entries] == [{"1": "1", "2": "2"}, {"1": "1", "3": "3"}]
    assert flaws_of(text.replace("so,A,1,2,-", "so,A,1,2,4"), *schemes) == [
        ("/2/3", "cell-of-another-tier")
    ]
    assert flaws_of(text.replace("so,A", "tỉnh,A"), *schemes) == [("/2/tier", "tier-unfit")]
