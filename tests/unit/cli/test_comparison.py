"""What differs is found with its size; what a table does not hold is said, and not judged."""

from collections.abc import Sequence

from services.cli.results import comparison
from services.cli.results.columns import Basis
from services.cli.results.finding import Computed, Finding, Part, TierReport
from shared.adapters import messages
from shared.kernel.index import AgencyState, Imported, compute
from shared.kernel.points import parse
from shared.kernel.scheme import Scheme
from tests.unit.cli.small_scheme import entries_of, found, scheme

GRADES = [
    {"code": "a", "title": "Xuất sắc", "at_least": "90"},
    {"code": "b", "title": "Tốt", "at_least": "80"},
]
TWO = scheme({"1": "60", "2": "40"})
GRADED = scheme({"1": "60", "2": "40"}, grades=GRADES)
ONE = scheme({"all": "100"})


def report_on(
    text: str, by: Scheme, *, whole: int | None = None, partial: bool = False
) -> TierReport:
    """A table compared with what the kernel computes from its cells."""
    entries = entries_of(text, by)
    basis: Basis = found(text, [by]).basis
    states = [
        AgencyState(
            code=entry.agency,
            ranked=entry.ranked,
            imported={
                item: Imported(None if cell is None else parse(cell), "cycle/x@3")
                for item, cell in entry.cells.items()
            },
        )
        for entry in entries
    ]
    titles = {grade.code: grade.title for grade in by.grades}
    computed = {
        row.agency: Computed(
            row.total.points,
            row.index,
            row.rank,
            titles.get(row.grade or "", ""),
            (row.index or parse("0"),),
        )
        for row in compute(by, states).rows
    }
    return comparison.compare(Part(by.tier, by, basis, entries, whole, partial), computed)


def of_row(report: TierReport, agency: str) -> Sequence[Finding]:
    """What was found about one agency."""
    return next(row.findings for row in report.rows if row.entry.agency == agency)


def codes(findings: Sequence[Finding]) -> list[str]:
    """The codes of findings, each of which can be said in both languages."""
    for finding in findings:
        for language in ("vi", "en"):
            said = messages.sentence(finding.code, language, finding.details)
            assert said != finding.code
            assert "{" not in said, said
    return [finding.code for finding in findings]


def test_a_table_that_agrees_has_no_differences() -> None:
    report = report_on("unit,1,2,index,rank\nA,60,35.5,95.5,1\nB,50,35,85.00,2\n", TWO)

    assert [row.findings for row in report.rows] == [(), ()]
    assert codes(report.findings) == ["ranks-follow-stated"]


def test_a_difference_is_told_with_its_size_at_the_precision_of_print() -> None:
    report = report_on("unit,1,2,index,rank\nA,60,35.5,94.4,1\nB,50,35,85.01,2\n", TWO)

    assert of_row(report, "a") == (
        Finding(
            "index-differs",
            "difference",
            {"published": "94.4", "computed": "95.5", "difference": "-1.1"},
        ),
    )
    assert codes(of_row(report, "b")) == ["index-within-rounding"]
    assert report.count("difference") == 1


def test_an_index_is_compared_as_it_was_rounded() -> None:
    third = scheme({"1": "3"})

    report = report_on("unit,1,index\nA,1,33.3\nB,2,66.67\n", third)

    assert report.count("difference") == 0
    assert codes(report.findings) == ["no-ranks"]


def test_a_total_is_compared_with_the_sum_of_its_columns() -> None:
    report = report_on("unit,1,2,total,rank\nA,60,30,91,1\nB,50,35,85,2\n", TWO)

    assert of_row(report, "a") == (
        Finding(
            "total-differs",
            "difference",
            {"published": "91", "computed": "90", "difference": "+1"},
        ),
    )


def test_ranks_that_follow_from_a_wrong_total_are_told_as_such() -> None:
    report = report_on("unit,1,2,total,rank\nA,50,30,90,1\nB,50,35,85,2\n", TWO)

    assert codes(of_row(report, "a")) == ["total-differs", "rank-differs"]
    assert of_row(report, "b")[0].details == {
        "published": "2",
        "computed": "1",
        "difference": "+1",
    }
    assert codes(report.findings) == ["ranks-follow-stated"]


def test_ranks_against_the_values_beside_them_are_a_difference() -> None:
    report = report_on("unit,1,2,total,rank\nA,50,35,85,2\nB,50,30,80,1\n", TWO)

    assert codes(report.findings) == ["ranks-against-stated"]


def test_every_tie_rule_is_said_to_agree_or_not() -> None:
    text = "unit,index,rank\nA,95,1\nB,90,2\nC,90,3\nD,80,4\n"

    report = report_on(text, ONE)

    assert codes(report.findings) == [
        "index-alone",
        "equals-there",
        "tie-rule-differs",
        "tie-rule-differs",
        "tie-rule-agrees",
    ]
    assert [finding.details for finding in report.findings[2:]] == [
        {"rule": "competition", "departures": "C 2 (3)"},
        {"rule": "dense", "departures": "C 2 (3), D 3 (4)"},
        {"rule": "ordinal"},
    ]


def test_a_rank_by_another_tie_rule_than_the_schemes_is_a_difference() -> None:
    by = scheme({"all": "100"}, ties={"chain": [], "rule": "competition"})

    report = report_on("unit,index,rank\nA,95,1\nB,90,2\nC,90,3\n", by)

    assert codes(of_row(report, "b")) == []
    assert codes(of_row(report, "c")) == ["rank-by-another-tie-rule"]
    assert report.count("difference") == 1


def test_no_tie_rule_gives_these_ranks() -> None:
    report = report_on("unit,index,rank\nA,95,1\nB,90,1\nC,90,3\n", ONE)

    assert codes(report.findings)[-1] == "tie-rule-unknown"


def test_equals_in_another_order_are_no_difference() -> None:
    report = report_on("unit,index,rank\nB,90,1\nA,90,2\n", ONE)

    assert codes(of_row(report, "a")) == ["rank-among-equals"]
    assert report.count("difference") == 0


def test_a_partial_table_is_compared_by_its_order_alone() -> None:
    text = "unit,total,index,rank,of\nA,95,95,1,20\nB,90,90,6,20\nC,80,80,20,20\n"

    report = report_on(text, ONE, whole=20)

    assert [row.findings for row in report.rows] == [(), (), ()]
    assert codes(report.findings) == ["totals-alone", "rows-left-out", "order-agrees"]
    assert report.findings[1].details["ranks"] == "2-5, 7-19"


def test_a_wrong_order_in_a_partial_table_is_a_difference() -> None:
    report = report_on("unit,1,2,rank\nA,50,30,6\nB,50,35,9\n", TWO)

    assert codes(report.findings) == ["ranks-left-out", "order-differs"]
    assert report.findings[1].details == {"agencies": "A (6), B (9)"}


def test_rows_may_be_left_out_without_a_count() -> None:
    report = report_on("unit,1,2,rank\nA,50,35,1\nB,50,30,2\n", TWO, partial=True)

    assert codes(report.findings) == ["rows-left-out-uncounted", "order-agrees"]


def test_a_maximum_that_is_not_in_the_table_is_implied_and_nothing_is_judged() -> None:
    text = "unit,total_points,index_pct,rank\nA,92.83,92.83,1\nB,68.32,81.33,3\nC,80,80.00,2\n"

    report = report_on(text, ONE)

    (finding,) = of_row(report, "b")
    assert finding.kind == "limit"
    assert finding.details == {
        "total": "68.32",
        "published": "81.33",
        "computed": "68.32",
        "implied": "84.00",
        "least": "83.998",
        "most": "84.009",
    }
    assert report.count("difference") == 1, "3 is not the rank of 81.33 beside 80.00"
    assert codes(report.findings) == ["totals-alone", "ranks-against-stated"]


def test_ranks_are_not_judged_beside_a_maximum_that_is_not_known() -> None:
    text = "unit,total_points,index_pct,rank\nA,92.83,92.83,2\nB,80.00,95.24,1\n"

    report = report_on(text, ONE)

    assert codes(of_row(report, "b")) == ["maximum-not-in-table", "rank-not-comparable"]
    assert codes(of_row(report, "a")) == ["rank-not-comparable"]
    assert report.count("difference") == 0


def test_a_total_above_its_index_is_a_difference() -> None:
    report = report_on("unit,total_points,index_pct,rank\nA,92.83,90.00,1\n", ONE)

    assert codes(of_row(report, "a")) == ["index-differs"]


def test_grades_are_compared_and_their_bounds_known_as_intervals() -> None:
    text = (
        "unit,1,2,rank,class\nA,60,32,1,Xuất sắc\nB,50,38,2,xuất sắc\nC,50,35,3,Tốt\nD,9,9,4,Kém\n"
    )

    report = report_on(text, GRADED)

    assert codes(of_row(report, "a")) == []
    assert of_row(report, "b") == (
        Finding("grade-differs", "difference", {"published": "xuất sắc", "computed": "Tốt"}),
    )
    assert codes(of_row(report, "d")) == ["grade-unknown"]
    assert report.findings[-1] == Finding(
        "grade-bound-outside",
        "difference",
        {"grade": "Xuất sắc", "above": "85", "until": "88", "threshold": "90"},
    )


def test_a_threshold_within_the_interval_is_neither_right_nor_wrong() -> None:
    text = "unit,1,2,total,class\nA,60,32,92,Xuất sắc\nB,50,35,85,Tốt\n"

    report = report_on(text, GRADED)

    assert report.findings[-1] == Finding(
        "grade-bound-open",
        "limit",
        {"grade": "Xuất sắc", "above": "85", "until": "92", "threshold": "90"},
    )


def test_grades_that_the_scheme_does_not_have_cannot_be_compared() -> None:
    report = report_on("unit,1,2,class\nA,60,32,Xuất sắc\n", TWO)

    assert codes(report.findings) == ["no-ranks", "scheme-without-grades"]


def test_what_does_not_apply_leaves_the_maximum() -> None:
    report = report_on("unit,1,2,index,rank\nA,45,-,75,1\nB,-,-,-,-\n", TWO)

    assert of_row(report, "a") == ()
    assert of_row(report, "b") == ()
    assert [row.computed.index for row in report.rows] == [75, None]
