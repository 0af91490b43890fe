"""The cycle that is played while the system is killed: three agencies, four items, two surveys."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

CYCLE = "2021"
TIER = "department"
AGENCIES = ("so-y-te", "so-noi-vu", "so-tu-phap")
ITEMS = ("1.1", "1.2", "1.3", "1.4")
SURVEYED = "2.1"
POINTS = ("0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2")
QUESTIONNAIRES = ("leaders", "staff")
QUESTIONS = ("q1", "q2", "q3", "q4")
OPTIONS = ("a", "b", "c", "d", "e")
MEMBERS = (("member-1", "so-tai-chinh"), ("member-2", "so-cong-thuong"))

DECLARING = "2021-11-23T08:00:00+07:00"
LOCKING = "2021-12-09T08:00:00+07:00"
OVERDUE = "2021-12-13T08:00:00+07:00"
APPRAISING = "2021-12-14T08:00:00+07:00"
SURVEY_OVER = "2021-12-21T08:00:00+07:00"
DECIDED = "2022-01-12T08:00:00+07:00"


def _phase(name: str, opens: str, closes: str) -> dict[str, str]:
    opens, closes = f"{opens}T00:00:00+07:00", f"{closes}T00:00:00+07:00"
    return {"name": name, "opens": opens, "closes": closes}


def _item(code: str) -> dict[str, Any]:
    return {
        "code": code,
        "title": f"Tiêu chí {code}",
        "maximum": "2",
        "rule": {"type": "manual", "step": "0.25"},
    }


_SURVEYED = {
    "code": SURVEYED,
    "title": "Ý kiến cán bộ",
    "maximum": "2",
    "rule": {
        "type": "survey",
        "part": "officials",
        "scale": "officials",
        "groups": {"leaders": "2", "staff": "1"},
    },
}
_SCHEME = {
    "scheme": "killed-sample",
    "title": "Bộ tiêu chí MẪU để thử tắt đột ngột",
    "tier": TIER,
    "sample": "true",
    "source": "Viết cho việc kiểm thử.",
    "maximum": "10",
    "scales": {"officials": {"a": "100", "b": "60", "c": "20", "d": "0", "e": "no-opinion"}},
    "groups": {"leaders": "Lãnh đạo", "staff": "Công chức"},
    "areas": [
        {
            "code": "1",
            "title": "Tự chấm",
            "maximum": "8",
            "criteria": [_item(code) for code in ITEMS],
        },
        {"code": "2", "title": "Khảo sát", "maximum": "2", "criteria": [_SURVEYED]},
    ],
    "ties": {"chain": ["appraised", "officials"], "rule": "competition"},
    "grades": [{"code": "A", "title": "Tốt", "at_least": "80"}],
}
OPENING: Mapping[str, Any] = MappingProxyType(
    {
        "year": 2021,
        "decision": {"number": "2366/QĐ-UBND", "on": "2021-10-14"},
        "agencies": [
            {"code": agency, "name": agency, "tier": TIER, "ranked": True} for agency in AGENCIES
        ],
        "schemes": {TIER: _SCHEME},
        "calendar": [
            _phase("self-scoring", "2021-11-15", "2021-12-11"),
            _phase("survey", "2021-11-22", "2021-12-21"),
            _phase("appraisal-1", "2021-12-13", "2021-12-25"),
            _phase("explanation", "2021-12-25", "2022-01-06"),
            _phase("appraisal-2", "2022-01-06", "2022-01-15"),
        ],
    }
)


def questionnaire(group: str) -> dict[str, Any]:
    """What one group is asked."""
    options = [{"code": option, "title": option} for option in OPTIONS]
    return {
        "tier": TIER,
        "group": group,
        "title": "Phiếu khảo sát",
        "questions": [
            {"code": code, "text": "Ông/Bà có hài lòng không?", "item": SURVEYED}
            | {"options": options}
            for code in QUESTIONS
        ],
        "opens": "2021-11-22T00:00:00+07:00",
        "closes": "2021-12-21T00:00:00+07:00",
    }


def sheet(agency: str) -> str:
    """The address of an agency's sheet."""
    return f"/submission/cycles/{CYCLE}/agencies/{agency}"


def appraisal(agency: str) -> str:
    """The address of an agency's appraisal."""
    return f"/appraisal/cycles/{CYCLE}/agencies/{agency}"


def survey(name: str) -> str:
    """The address of a questionnaire."""
    return f"/survey/cycles/{CYCLE}/questionnaires/{name}"


def ranking(what: str) -> str:
    """The address of something of the result."""
    return f"/ranking/cycles/{CYCLE}/{what}"
