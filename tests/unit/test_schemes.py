"""The files under schemes/ hold what the decision of 2021 says, and pass for nothing official."""

import json
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest

from shared.adapters import scheme_file
from shared.events import codec, submission
from shared.kernel import scheme, scheme_reader

FOLDER = Path(__file__).parents[2] / "schemes"
TIERS = ["department", "district"]
AREAS = [
    "Công tác chỉ đạo, điều hành cải cách hành chính",
    "Xây dựng và tổ chức thực hiện văn bản quy phạm pháp luật",
    "Cải cách thủ tục hành chính",
    "Cải cách tổ chức bộ máy hành chính",
    "Nâng cao chất lượng cán bộ, công chức, viên chức",
    "Cải cách tài chính công",
    "Hiện đại hóa hành chính",
    "Công tác văn thư, lưu trữ",
    "Mức độ hài lòng của người dân, tổ chức đối với sự phục vụ hành chính (SIPAS)",
]


def _document(name: str) -> Any:  # noqa: ANN401 - plain JSON
    return scheme_file.load((FOLDER / name).read_bytes()).document


@pytest.fixture(scope="module", params=TIERS)
def sample(request: pytest.FixtureRequest) -> scheme.Scheme:
    return scheme_reader.read(_document(f"an-giang-2021-{request.param}.sample.yaml"))


@pytest.fixture(scope="module")
def agencies() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _document("an-giang-2021-agencies.yaml")["agencies"]
    return found


def _tree(of: scheme.Scheme) -> list[scheme.Item]:
    return [item for area in of.areas for criterion in area.criteria for item in criterion.items]


def test_a_sample_has_the_nine_areas_of_the_decision(sample: scheme.Scheme) -> None:
    assert [area.title for area in sample.areas] == AREAS


def test_a_sample_splits_100_points_into_60_24_and_16(sample: scheme.Scheme) -> None:
    points = {
        part: sum(item.maximum for item in _tree(sample) if item.part == part)
        for part in get_args(scheme.Part)
    }

    assert sample.maximum == 100
    assert points == {"self": 60, "sipas": 24, "officials": 16}


def test_a_sample_is_as_large_as_its_header_says(sample: scheme.Scheme) -> None:
    criteria = [criterion for area in sample.areas for criterion in area.criteria]
    alone = [criterion for criterion in criteria if criterion.items[0].code == criterion.code]
    parts = Counter(item.part for item in _tree(sample))

    assert (len(criteria), len(alone)) == (30, 14)
    assert len(_tree(sample)) - len(alone) == 51
    assert parts == {"self": 51, "sipas": 5, "officials": 9}
    assert (len(sample.bonus), len(sample.penalty)) == (2, 2)


def test_a_sample_uses_every_type_of_rule(sample: scheme.Scheme) -> None:
    used = {type(item.rule) for item in sample.items.values()}

    assert used == set(get_args(scheme.Rule))


def test_the_ninth_area_alone_is_scored_by_citizens(sample: scheme.Scheme) -> None:
    areas = {
        area.code for area in sample.areas for c in area.criteria if c.items[0].part == "sipas"
    }
    surveyed = {
        area.code
        for area in sample.areas
        for criterion in area.criteria
        for item in criterion.items
        if item.part == "officials"
    }

    assert areas == {"9"}
    assert surveyed == set("12345678")


def test_every_self_scored_item_demands_evidence(sample: scheme.Scheme) -> None:
    assert [i.code for i in sample.items.values() if i.part == "self" and not i.evidence] == []


def test_where_nothing_may_have_arisen_no_task_may_be_said(sample: scheme.Scheme) -> None:
    said = Counter(item.no_task for item in sample.items.values())

    assert said["full"] >= 4
    assert said["not-applicable"] >= 5
    assert any(item.except_for for item in sample.items.values())


def test_a_sample_says_so_wherever_it_is_named(sample: scheme.Scheme) -> None:
    text = (FOLDER / f"an-giang-2021-{sample.tier}.sample.yaml").read_text(encoding="utf-8")

    assert sample.sample
    assert sample.code == f"an-giang-2021-{sample.tier}-sample"
    assert sample.title.startswith("Bộ tiêu chí MẪU ")
    assert text.startswith("# BỘ TIÊU CHÍ MẪU — KHÔNG PHẢI BỘ TIÊU CHÍ CHÍNH THỨC.")


def test_exceptions_are_made_for_agencies_of_the_tier(
    sample: scheme.Scheme, agencies: list[dict[str, Any]]
) -> None:
    known = {agency["code"] for agency in agencies if agency["tier"] == sample.tier}

    assert {code for item in sample.items.values() for code in item.except_for} <= known


@pytest.mark.parametrize("tier", TIERS)
def test_a_sample_fits_into_a_fact(tier: str) -> None:
    document = _document(f"an-giang-2021-{tier}.sample.yaml")

    assert len(json.dumps(document, ensure_ascii=False).encode()) < codec.FACT_BYTES_MAX // 2


def test_28_agencies_are_ranked_and_the_inspectorate_is_not(
    agencies: list[dict[str, Any]],
) -> None:
    ranked = Counter(agency["tier"] for agency in agencies if agency["ranked"] == "true")

    assert ranked == {"department": 17, "district": 11}
    assert [agency["code"] for agency in agencies if agency["ranked"] == "false"] == [
        "thanh-tra-tinh"
    ]
    assert len({agency["code"] for agency in agencies}) == len(agencies) == 29


def test_the_calendar_names_every_phase_once_and_in_order() -> None:
    calendar = _document("an-giang-2021-calendar.yaml")["calendar"]
    days = {
        phase["name"]: (date.fromisoformat(phase["opens"]), date.fromisoformat(phase["closes"]))
        for phase in calendar["phases"]
    }

    assert calendar["time_zone"] == "Asia/Ho_Chi_Minh"
    assert set(days) == set(get_args(submission.PhaseName))
    assert len(days) == len(calendar["phases"])
    assert all(date(2021, 10, 14) < opens < closes for opens, closes in days.values())
    in_turn = ["self-scoring", "appraisal-1", "explanation", "appraisal-2"]
    assert all(days[before][1] < days[after][0] for before, after in pairwise(in_turn))
