"""The comments of a table say where it comes from, and whether it is whole."""

import pytest

from services.cli.results import provenance
from services.cli.results.provenance import Extent
from shared.kernel.errors import Refused

SHA256 = "0" * 64


@pytest.mark.parametrize(
    "comment", ["Source: https://example.org (2012)", "Top 11. Nguồn:  https://example.org (2012)"]
)
def test_the_source_stands_in_a_comment(comment: str) -> None:
    said = provenance.source(["PARTIAL", comment], None, SHA256)

    assert said == f"https://example.org (2012) [SHA-256 {SHA256}]"


def test_what_the_caller_says_goes_before_the_comments() -> None:
    said = provenance.source(["Source: somewhere"], "Báo cáo\n105/BC-BNV", SHA256)

    assert said == f"Báo cáo 105/BC-BNV [SHA-256 {SHA256}]"


@pytest.mark.parametrize(
    ("comments", "given", "code"),
    [
        ([], None, "source-missing"),
        (["no word of it"], "  ", "source-missing"),
        ([], "a" * 221, "source-too-long"),
    ],
)
def test_a_table_without_a_source_is_refused(
    comments: list[str], given: str | None, code: str
) -> None:
    with pytest.raises(Refused, match=code):
        provenance.source(comments, given, SHA256)


@pytest.mark.parametrize(
    ("comment", "extent"),
    [
        ("PARTIAL (top 19 of 63). MOHA 2012", Extent(partial=True, whole=63)),
        ("MỘT PHẦN: 19 trên 63", Extent(partial=True, whole=63)),
        ("PARTIAL. Thanh Hóa, one of them", Extent(partial=True, whole=None)),
        ("COMPLETE, not PARTIAL", Extent(partial=False, whole=None)),
    ],
)
def test_a_comment_says_that_rows_were_left_out(comment: str, extent: Extent) -> None:
    assert provenance.extent(["first", comment]) == extent


def test_the_year_is_that_in_the_name_of_the_cycle() -> None:
    assert provenance.year("moha-2012", None) == 2012
    assert provenance.year("moha", 2012) == 2012
    assert provenance.year("2012-2012", None) == 2012


@pytest.mark.parametrize("cycle", ["moha", "2012-2013", "12012"])
def test_a_year_that_is_not_clear_is_asked_for(cycle: str) -> None:
    with pytest.raises(Refused, match="year-needed"):
        provenance.year(cycle, None)
