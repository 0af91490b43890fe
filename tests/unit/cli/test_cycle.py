"""The files of a cycle are checked together; each flaw is told once, with its file and line."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from services import cli
from services.cli import REFUSED
from services.cli.cycle import read_scheme
from shared.kernel.errors import Refused

SCHEMES = Path(__file__).parents[3] / "schemes"
SCHEME = (SCHEMES / "an-giang-2021-department.sample.yaml").read_text("utf-8")
AGENCIES = """\
agencies:
  - code: so-y-te
    name: Sở Y tế
    tier: department
    ranked: true
"""
CALENDAR = """\
calendar:
  time_zone: Asia/Ho_Chi_Minh
  phases:
    - {name: self-scoring, opens: 2021-11-15, closes: 2021-12-10}
    - {name: survey, opens: 2021-11-22, closes: 2021-12-20}
    - {name: appraisal-1, opens: 2021-12-13, closes: 2021-12-24}
    - {name: explanation, opens: 2021-12-25, closes: 2022-01-05}
    - {name: appraisal-2, opens: 2022-01-06, closes: 2022-01-14}
"""


@dataclass
class Desk:
    """The files of a cycle, and what the command says of them."""

    folder: Path
    capsys: pytest.CaptureFixture[str]
    schemes: list[str] = field(default_factory=lambda: ["scheme.yaml"])

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, "utf-8")

    def run(self, year: str = "2021") -> int:
        path = self.folder.joinpath
        schemes = [str(path(name)) for name in self.schemes]
        files = ["--agencies", str(path("agencies.yaml")), "--calendar", str(path("calendar.yaml"))]
        act = ["--year", year, "--decision", "2366/QĐ-UBND", "--on", "2021-10-14"]
        return cli.main(["cycle", *act, "--schemes", *schemes, *files], {})

    def told(self) -> list[str]:
        """The lines of a refusal, without the folder."""
        status = self.run()
        said = self.capsys.readouterr()
        assert (status, said.out) == (REFUSED, "")
        return said.err.replace(f"{self.folder}{os.sep}", "").splitlines()

    def flaws(self) -> list[str]:
        """The lines that name a place, behind each of which stands its English."""
        told = self.told()
        assert all(line.startswith("    ") for line in told[1:-2:2])
        assert f": {len(told[:-2:2])}." in told[-2]
        return told[:-2:2]


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    made = Desk(tmp_path, capsys)
    made.write("scheme.yaml", SCHEME)
    made.write("agencies.yaml", AGENCIES)
    made.write("calendar.yaml", CALENDAR)
    return made


def _printed(desk: Desk) -> Any:  # noqa: ANN401 - plain JSON
    assert desk.run() == os.EX_OK
    return json.loads(desk.capsys.readouterr().out)


def test_files_in_order_become_the_request(desk: Desk) -> None:
    body = _printed(desk)

    assert (body["year"], list(body["schemes"])) == (2021, ["department"])
    assert body["decision"] == {"number": "2366/QĐ-UBND", "on": "2021-10-14"}
    assert body["calendar"][0] == {
        "name": "self-scoring",
        "opens": "2021-11-15T00:00:00+07:00",
        "closes": "2021-12-11T00:00:00+07:00",
    }


@pytest.mark.parametrize(
    ("line", "ranked"), [("ranked: true", True), ("ranked: false", False), ("", True)]
)
def test_an_agency_is_ranked_unless_it_says_false(desk: Desk, line: str, *, ranked: bool) -> None:
    desk.write("agencies.yaml", AGENCIES.replace("ranked: true", line))

    assert _printed(desk)["agencies"][0]["ranked"] is ranked


@pytest.mark.parametrize("word", ["yes", "True", "ture", "no", "1", "", "[true]"])
def test_any_other_word_for_ranked_is_refused(desk: Desk, word: str) -> None:
    desk.write("agencies.yaml", AGENCIES.replace("ranked: true", f"ranked: {word}"))

    (flaw,) = desk.flaws()

    assert flaw.startswith("agencies.yaml:5: /agencies/0/ranked: Ở đây phải là true hoặc false")


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ("code: so-y-te", "code: Sở_Y_tế", "2: /agencies/0/code: “Sở_Y_tế” không phải là mã"),
        ("code: so-y-te", "code: so y te", "2: /agencies/0/code: “so y te” không phải là mã"),
        ("    name: Sở Y tế\n", "", "2: /agencies/0/name: Thiếu mục “name”"),
        ("Sở Y tế", '""', "3: /agencies/0/name: Nội dung không được để trống"),
        ("Sở Y tế", '"Sở\\nY tế"', "3: /agencies/0/name: Trường này chỉ gồm một dòng"),
        ("Sở Y tế", "S" * 301, "3: /agencies/0/name: Văn bản dài 301 ký tự"),
        ("    tier: department\n", "", "2: /agencies/0/tier: Thiếu mục “tier”"),
        ("tier: department", "tier: so", "4: /agencies/0/tier: Chưa có bộ tiêu chí cho cấp so"),
        ("ranked: true", "rank: true", "5: /agencies/0/rank: Không có mục “rank”"),
        ("ranked: true", "valid_to: 31/12/2020", "5: /agencies/0/valid_to: “31/12/2020” không"),
        ("ranked: true", "valid_to: 2020-12-31", "5: /agencies/0/valid_to: Cơ quan so-y-te không"),
        ("ranked: true", "valid_from: 2022-01-01", "5: /agencies/0/valid_from: Cơ quan so-y-te kh"),
        ("ranked: true", "predecessors: [A B]", "5: /agencies/0/predecessors/0: “A B” không phải"),
        ("ranked: true", "predecessors: so-cu", "5: /agencies/0/predecessors: Ở đây phải là một"),
        (AGENCIES, "agencies: []", "1: /agencies: Danh sách không được để trống"),
        (AGENCIES, "agencies: so-y-te", "1: /agencies: Ở đây phải là một danh sách"),
        (AGENCIES, "agencies: [so-y-te]", "1: /agencies/0: Ở đây phải là các cặp khóa và giá trị"),
        ("agencies:", "notes: x\nagencies:", "1: /notes: Không có mục “notes”"),
        (AGENCIES, "agencies: [" + "{}," * 501 + "]", "1: /agencies: Một đợt đánh giá cần từ 1"),
    ],
)
def test_a_flaw_of_an_agency_is_told_with_its_line(
    desk: Desk, old: str, new: str, flaw: str
) -> None:
    desk.write("agencies.yaml", AGENCIES.replace(old, new))

    (told,) = desk.flaws()

    assert told.startswith(f"agencies.yaml:{flaw}")


def test_an_agency_ends_after_it_begins(desk: Desk) -> None:
    validity = "valid_from: 2021-05-01\n    valid_to: 2021-04-30"
    desk.write("agencies.yaml", AGENCIES.replace("ranked: true", validity))

    (told,) = desk.flaws()

    assert told.startswith("agencies.yaml:6: /agencies/0/valid_to: Cơ quan so-y-te: valid_to")


def test_an_agency_code_stands_once(desk: Desk) -> None:
    again = AGENCIES.replace("agencies:\n", "")
    desk.write("agencies.yaml", AGENCIES + again)

    (told,) = desk.flaws()

    assert told.startswith("agencies.yaml:6: /agencies/1/code: Mã cơ quan so-y-te xuất hiện hai")


def test_more_agencies_than_a_list_of_a_scheme_may_have_are_read(desk: Desk) -> None:
    entry = AGENCIES.replace("agencies:\n", "")
    many = "".join(entry.replace("so-y-te", f"so-{number}") for number in range(300))
    desk.write("agencies.yaml", f"agencies:\n{many}")

    assert len(_printed(desk)["agencies"]) == 300


@pytest.mark.parametrize(
    ("old", "new", "flaw"),
    [
        ("2021-12-10", "2021-12-32", "4: /calendar/phases/0/closes: “2021-12-32” không phải"),
        ("2021-12-10", "10/12/2021", "4: /calendar/phases/0/closes: “10/12/2021” không phải"),
        ("2021-12-10", "20211210", "4: /calendar/phases/0/closes: “20211210” không phải"),
        ("2021-12-10", "[]", "4: /calendar/phases/0/closes: Ở đây phải là văn bản"),
        ("2022-01-14", "9999-12-31", "8: /calendar/phases/4/closes: Năm phải từ 1900"),
        ("2022-01-14", "2199-12-31", "8: /calendar/phases/4/closes: Năm phải từ 1900"),
        ("2022-01-14", "2022-01-05", "8: /calendar/phases/4/closes: Giai đoạn appraisal-2 phải mở"),
        ("2021-12-10", "2021-12-13", "6: /calendar/phases/2/opens: Giai đoạn self-scoring phải"),
        ("  time_zone: Asia/Ho_Chi_Minh\n", "  zone: UTC\n", "2: /calendar/zone: Không có mục"),
        ("Asia/Ho_Chi_Minh", "UTC", "2: /calendar/time_zone: Không dùng được múi giờ “UTC”"),
        ("calendar:", "year: 2021\ncalendar:", "1: /year: Không có mục “year”"),
        (CALENDAR, "phase: []", "1: /calendar: Thiếu mục “calendar”"),
        (CALENDAR, "calendar: soon", "1: /calendar: Ở đây phải là các cặp khóa và giá trị"),
        (CALENDAR, "calendar: {phases: soon}", "1: /calendar/phases: Ở đây phải là một danh sách"),
        (CALENDAR, "calendar: {phases: []}", "1: /calendar/phases: Danh sách không được để trống"),
        ("    - {name: survey, opens: 2021-11-22, closes: 2021-12-20}\n", "", "3: /calendar/phas"),
        ("name: survey", "name: self-scoring", "5: /calendar/phases/1/name: Mỗi giai đoạn chỉ có"),
        ("name: survey", "name: suvey", "5: /calendar/phases/1/name: Không có giá trị “suvey”"),
        ("{name: survey, opens: 2021-11-22, closes: 2021-12-20}", "survey", "5: /calendar/phases"),
        ("closes: 2021-12-20", "close: 2021-12-20", "5: /calendar/phases/1/closes: Thiếu mục"),
    ],
)
def test_a_flaw_of_the_calendar_is_told_with_its_line(
    desk: Desk, old: str, new: str, flaw: str
) -> None:
    desk.write("calendar.yaml", CALENDAR.replace(old, new))

    assert desk.flaws()[0].startswith(f"calendar.yaml:{flaw}")


def test_the_last_day_of_a_phase_may_be_its_first(desk: Desk) -> None:
    desk.write("calendar.yaml", CALENDAR.replace("2022-01-14", "2022-01-06"))

    assert _printed(desk)["calendar"][4]["closes"] == "2022-01-07T00:00:00+07:00"


def test_a_flaw_is_told_once_in_both_languages(desk: Desk) -> None:
    desk.write("calendar.yaml", CALENDAR.replace("2021-12-10", "10/12/2021"))

    assert desk.told() == [
        (
            "calendar.yaml:4: /calendar/phases/0/closes: “10/12/2021” không phải là ngày có thật; "
            "viết ngày như 2021-12-10 (năm-tháng-ngày)."
        ),
        "    “10/12/2021” is no day; write a day like 2021-12-10 (year-month-day).",
        "Số chỗ sai trong các tệp, đã nêu ở trên: 1. Hãy sửa rồi chạy lại lệnh.",
        "Flaws in the files, listed above: 1. Correct them, then run the command again.",
    ]


def test_the_flaws_of_all_files_are_told_together(desk: Desk) -> None:
    desk.schemes = ["scheme.yaml", "broken.yaml", "away.yaml"]
    desk.write("scheme.yaml", SCHEME.replace("sample: true", "sample: yes"))
    desk.write("broken.yaml", "tier: district\nareas: [\n")
    desk.write("agencies.yaml", AGENCIES.replace("ranked: true", "ranked: ture"))
    desk.write("calendar.yaml", CALENDAR.replace("2021-12-10", "2021-12-32"))

    told = desk.flaws()

    files = [flaw.partition(": ")[0].partition(":")[0] for flaw in told]
    names = ["scheme", "broken", "away", "agencies", "calendar"]
    assert files == [f"{name}.yaml" for name in names]
    assert told[1].startswith("broken.yaml:3: Dòng 3")


def test_a_tier_takes_one_scheme(desk: Desk) -> None:
    desk.schemes = ["scheme.yaml", "scheme.yaml"]

    (told,) = desk.flaws()

    assert ": /tier: Cấp department đã có bộ tiêu chí trong " in told


def test_a_scheme_is_for_somebody(desk: Desk) -> None:
    desk.schemes = ["scheme.yaml", "other.yaml"]
    desk.write("other.yaml", SCHEME.replace("tier: department", "tier: district"))

    (told,) = desk.flaws()

    assert told.startswith("other.yaml:")
    assert "/tier: Không có cơ quan nào thuộc cấp district" in told


def test_the_tier_of_a_scheme_is_a_code_that_the_request_may_hold(desk: Desk) -> None:
    desk.write("scheme.yaml", SCHEME.replace("tier: department", "tier: So_Nganh"))
    desk.write("agencies.yaml", AGENCIES.replace("tier: department", "tier: So_Nganh"))

    told = desk.flaws()

    assert [": “So_Nganh” không phải là mã" in flaw for flaw in told] == [True, True]


@pytest.mark.parametrize("year", ["1999", "2101", "21", "MMXXI"])
def test_a_year_is_one_of_this_century(desk: Desk, year: str) -> None:
    with pytest.raises(SystemExit) as left:
        desk.run(year)

    assert left.value.code == REFUSED
    assert "--year" in desk.capsys.readouterr().err


def test_a_scheme_read_alone_is_refused_after_its_flaws_are_told(desk: Desk) -> None:
    desk.write("scheme.yaml", SCHEME.replace("sample: true", "sample: yes"))

    with pytest.raises(Refused) as refused:
        read_scheme(desk.folder / "scheme.yaml")

    assert (refused.value.code, refused.value.flaws) == ("files-flawed", ())
    assert ": /sample: Ở đây phải là true hoặc false" in desk.capsys.readouterr().err
