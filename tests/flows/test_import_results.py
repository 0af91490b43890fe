"""Published tables become cycles of facts: through the real command, on real data directories."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from services import cli
from services.cli import REFUSED
from shared import verify
from shared.adapters import signature
from shared.adapters.process import lock_directory
from shared.verify import UNPUBLISHED
from tests.support import running

pytestmark = pytest.mark.slow

PUBLISHED = Path(__file__).parents[1] / "data" / "published"
MOHA = "https://huggingface.co/datasets/letrinhan/vn-par-master"


class Desk:
    """Somebody at the command line, with a data directory."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data = folder / "data"
        self._capsys = capsys

    def run(self, table: Path, scheme: Path, cycle: str, *options: str) -> tuple[int, str, str]:
        """The exit status of an import, its output and its errors."""
        arguments = [str(table), "--scheme", str(scheme), "--cycle", cycle, *options]
        status = cli.main(["import-results", *arguments, "--data", str(self.data)], {})
        return status, *self._capsys.readouterr()

    def imported(self, name: str, *options: str) -> Any:  # noqa: ANN401 - plain JSON
        """The report on one of the published tables."""
        status, out, errors = self.run(*_files(name), name.replace("_", "-"), "--json", *options)
        assert (status, errors) == (0, "")
        return json.loads(out)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def _files(name: str) -> tuple[Path, Path]:
    return PUBLISHED / f"{name}.csv", PUBLISHED / f"{name}.scheme.yaml"


def _codes(found: Mapping[str, Any]) -> list[str]:
    return [finding["code"] for finding in found["findings"]]


def _found(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """What was found about rows, by agency."""
    rows = [row for tier in report["tiers"] for row in tier["rows"]]
    return {row["agency"]: _codes(row) for row in rows if row["findings"]}


def test_moha_2012_agrees_as_far_as_its_19_of_63_rows_go(desk: Desk) -> None:
    report = desk.imported("moha_2012")

    (tier,) = report["tiers"]
    assert report["differences"] == 0
    assert report["source"].startswith(MOHA)
    assert [row["computed"]["rank"] for row in tier["rows"]] == list(range(1, 20))
    assert tier["rows"][4]["agency"] == "an-giang"
    assert tier["rows"][4]["computed"]["index"] == "83.25"
    assert _codes(tier) == ["rows-left-out", "order-agrees"]
    assert tier["findings"][0]["ranks"] == "20-63"


def test_sipas_2015_has_ordinal_ranks_for_a_tie(desk: Desk) -> None:
    report = desk.imported("sipas_2015")

    (tier,) = report["tiers"]
    by_rule = {f["rule"]: f for f in tier["findings"] if f["code"].startswith("tie-rule")}
    assert report["differences"] == 0
    assert by_rule["ordinal"]["code"] == "tie-rule-agrees"
    assert by_rule["competition"]["code"] == "tie-rule-differs"
    assert by_rule["competition"]["departures"] == "Lai Chau 4 (5)"
    assert by_rule["dense"]["code"] == "tie-rule-differs"
    assert _codes(tier)[:2] == ["index-alone", "equals-there"]


def test_thanh_hoa_2023_does_not_hold_the_maximum_of_an_agency(desk: Desk) -> None:
    report = desk.imported("thanhhoa_2023", "--decision", "600/QĐ-UBND", "--on", "2024-02-05")

    departments, districts = report["tiers"]
    (finding,) = departments["rows"][3]["findings"]
    assert report["differences"] == 0
    assert report["findings"] == []
    assert _found(report) == {"ban-dan-toc-tinh": ["maximum-not-in-table"]}
    assert (finding["published"], finding["implied"]) == ("81.33", "84.00")
    assert _codes(departments) == ["totals-alone", "rows-left-out", "order-agrees"]
    assert departments["findings"][1]["ranks"] == "3-5, 7-19"
    assert (districts["rows_there"], districts["rows_whole"]) == (4, 27)


def test_lai_chau_2021_has_one_row_that_does_not_add_up(desk: Desk) -> None:
    report = desk.imported("laichau_2021")

    first, second = report["tiers"]
    odd = next(row for row in first["rows"] if row["agency"] == "so-ke-hoach-va-dau-tu")
    assert odd["computed"]["points"] == "12.859"
    assert odd["findings"][0]["difference"] == "+1"
    assert _found(report) == {
        "so-khoa-hoc-va-cong-nghe": ["rank-differs"],
        "so-noi-vu": ["rank-differs"],
        "so-giao-thong-van-tai": ["rank-differs"],
        "so-ke-hoach-va-dau-tu": ["total-differs", "rank-differs"],
        "cong-ty-dien-luc": ["rank-among-equals"],
        "cong-ty-nuoc": ["rank-among-equals"],
    }
    assert _codes(first) == ["ranks-follow-stated", "grade-bound-open"]
    assert first["findings"][1]["above"] == "14.947"
    assert first["findings"][1]["until"] == "15.428"
    assert second["tier"] == "ii"


def test_the_report_can_be_read_by_eye(tmp_path: Path) -> None:
    table, scheme = _files("thanhhoa_2023")
    arguments = (str(table), "--scheme", str(scheme), "--cycle", "thanh-hoa-2023")

    done = running.run("import-results", *arguments, "--data", str(tmp_path / "data"))

    assert (done.returncode, done.stderr) == (0, "")
    assert "CHẠY THỬ / TRIAL" in done.stdout
    assert "SAMPLE SCHEME" in done.stdout
    assert "│ Ban Dân tộc tỉnh" in done.stdout
    assert "implied is 84.00" in done.stdout
    assert "suy ra 84.00" in done.stdout


def test_the_same_import_twice_is_no_news(desk: Desk) -> None:
    before = desk.imported("moha_2012")
    after = desk.imported("moha_2012")

    assert (before["news"], after["news"]) == (True, False)
    assert {**before, "news": False} == after


def test_another_table_under_the_same_name_is_refused_and_changes_nothing(
    desk: Desk, tmp_path: Path
) -> None:
    table, scheme = _files("moha_2012")
    before = desk.imported("moha_2012")
    points = tmp_path / "points.csv"
    points.write_text(table.read_text("utf-8").replace("53.25", "53.20"), "utf-8")
    agencies = tmp_path / "agencies.csv"
    agencies.write_text(table.read_text("utf-8").replace("Da Nang", "Da Lat"), "utf-8")

    refusals = [desk.run(other, scheme, "moha-2012") for other in (points, agencies)]

    assert [status for status, _, _ in refusals] == [REFUSED, REFUSED]
    assert all("moha-2012" in errors and "--cycle" in errors for _, _, errors in refusals)
    assert {**before, "news": False} == desk.imported("moha_2012")


def test_several_tables_stand_side_by_side(desk: Desk) -> None:
    desk.imported("moha_2012")
    desk.imported("sipas_2015")

    assert desk.imported("moha_2012")["counted_to"] == 3


def test_an_import_into_production_says_so_and_needs_no_issuer(desk: Desk) -> None:
    report = desk.imported("moha_2012", "--mode", "production")

    assert report["mode"] == "production"
    assert report["provisional"] is True


def test_an_imported_cycle_is_served_and_verified_like_any_other(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = desk.imported("moha_2012")
    exported = tmp_path / "facts.ndjson"

    with running.running(desk.data) as system, system.client(system.token("auditor")) as client:
        table = client.get("/ranking/cycles/moha-2012/table").raise_for_status().json()
        facts = client.get("/ranking/cycles/moha-2012/facts").raise_for_status().content
    exported.write_bytes(facts)
    status = verify.main([str(exported), "--json"], signature.verify)

    verified = json.loads(capsys.readouterr().out)
    imported = json.loads(facts.splitlines()[-1])
    assert table["rows"][4]["agency"] == "an-giang"
    assert imported["type"] == "submission.ItemResultsImported.v1"
    assert imported["data"]["source"] == report["source"]
    assert imported["data"]["published"][4] == {"agency": "an-giang", "index": "83.25", "rank": 5}
    assert imported["actor"] == "administrator:import-results"
    assert status == UNPUBLISHED, "nobody has approved it"
    assert verified["faults"] == []
    assert verified["digest"] == report["digest"] == table["digest"]


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ("rank,unit,par_index,score_moha,", "rank;unit;par_index;score_moha;", ":3"),
        ("moha,score_survey", "moha,survey", ":3 [survey]"),
        ("87.12", "87,12", ":4"),
        ("87.12", '"87,12"', ":4 [par_index]"),
        ("Ha Noi", "Da Nang", ":10"),
        ("53.25", "63.25", ":4 [score_moha]"),
        ("53.25", "", ":4 [score_moha]"),
        ("53.25", "-3", ":4 [score_moha]"),
        ("53.25", "NaN", ":4 [score_moha]"),
        ("Source:", "From:", ""),
    ],
)
def test_an_odd_table_is_refused_before_anything_is_recorded(
    desk: Desk, tmp_path: Path, before: str, after: str, place: str
) -> None:
    table, scheme = _files("moha_2012")
    odd = tmp_path / "odd.csv"
    odd.write_text(table.read_text("utf-8").replace(before, after, 1), "utf-8")

    status, out, errors = desk.run(odd, scheme, "moha-2012")

    assert (status, out) == (REFUSED, "")
    assert f"{odd}{place}" in errors
    assert not desk.data.exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cycle", "moha 2012"), "small letters"),
        (("--cycle", "moha"), "--year 2012"),
        (("--scheme", str(_files("moha_2012")[1])), "same tier province"),
        (("--column", "unit=nonsense"), "nonsense"),
        (("--year", "1912"), "year"),
    ],
)
def test_options_that_make_no_sense_are_explained(
    desk: Desk, options: tuple[str, ...], said: str
) -> None:
    status, out, errors = desk.run(*_files("moha_2012"), "moha-2012", *options)

    assert (status, out) == (REFUSED, "")
    assert said in errors


def test_a_data_directory_in_use_is_left_alone(desk: Desk) -> None:
    with lock_directory(desk.data):
        status, _, errors = desk.run(*_files("moha_2012"), "moha-2012")

    assert status == REFUSED
    assert str(desk.data) in errors


def test_a_table_of_another_shape_is_named_column_by_column(desk: Desk, tmp_path: Path) -> None:
    table = tmp_path / "bang.csv"
    table.write_text(
        "# Nguồn: Báo cáo số 1\nSTT,Tên,Bộ,Dân,Ghi chú\n1,Sở Y tế,50,30,\n2,Sở Nội vụ,55,,x\n",
        "utf-8",
    )
    columns = ("STT=rank", "Bộ=score-moha", "Dân=score-survey", "Ghi chú=ignore")

    status, out, errors = desk.run(
        table,
        _files("moha_2012")[1],
        "cchc.2019",
        *(part for column in columns for part in ("--column", column)),
        *("--empty", "not-applicable", "--json"),
    )

    rows = json.loads(out)["tiers"][0]["rows"]
    assert (status, errors) == (0, "")
    assert [(row["agency"], row["computed"]["index"]) for row in rows] == [
        ("so-noi-vu", "275/3"),
        ("so-y-te", "80"),
    ]
