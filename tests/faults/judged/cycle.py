"""The cycle that is played while things go wrong: agencies, items, surveys, times and addresses.

It lasts from November to January of the next year. Cycles of different years do not meet, so that
one system can play one after the other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

ITEMS = ("1.1", "1.2", "1.3", "1.4")
SURVEYED = "2.1"
POINTS = ("0.25", "0.5", "0.75", "1", "1.25", "1.5", "1.75", "2")
GROUPS = ("leaders", "staff")
QUESTIONS = ("q1", "q2", "q3", "q4")
OPTIONS = ("a", "b", "c", "d", "e")

# Each phase with the day on which it opens, and the one on which it closes.
_CALENDAR = {
    "self-scoring": ("11-15", "12-11"),
    "survey": ("11-22", "12-21"),
    "appraisal-1": ("12-13", "12-25"),
    "explanation": ("12-25", "01-06"),
    "appraisal-2": ("01-06", "01-15"),
}


def other_points(claimed: str) -> Sequence[str]:
    """What one member may award alone in place of a claim: half of it or more."""
    least = Fraction(claimed) / 2
    return [each for each in POINTS if each != claimed and Fraction(each) >= least]


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle, named by its year: its agencies by tier, and its questionnaires.

    A questionnaire is named for the tier and the group that it asks.
    """

    year: int
    agencies: Mapping[str, Sequence[str]]
    questionnaires: Mapping[str, tuple[str, str]]

    @property
    def code(self) -> str:
        """How it is called in addresses and facts."""
        return str(self.year)

    @property
    def every_agency(self) -> Sequence[str]:
        """All agencies of all tiers."""
        return [agency for agencies in self.agencies.values() for agency in agencies]

    # ------------------------------------------------------------------------------- times

    @property
    def declaring(self) -> str:
        """Agencies declare, and people answer."""
        return self.at("11-23", "08")

    @property
    def locking(self) -> str:
        """The last days of declaring."""
        return self.at("12-09", "08")

    @property
    def overdue(self) -> str:
        """Sheets that are still open are closed by the calendar."""
        return self.at("12-13", "08")

    @property
    def appraising(self) -> str:
        """The council decides for the first time."""
        return self.at("12-14", "08")

    @property
    def survey_over(self) -> str:
        """Surveys that are still open are closed by the calendar."""
        return self.at("12-21", "08")

    @property
    def decided(self) -> str:
        """Everything can be approved and published."""
        return self.at("01-12", "08")

    def at(self, day: str, hour: str = "00") -> str:
        """A day of the cycle at an hour; January lies in the next year."""
        year = self.year + day.startswith("01")
        return f"{year}-{day}T{hour}:00:00+07:00"

    # --------------------------------------------------------------------------- documents

    @property
    def opening(self) -> Mapping[str, Any]:
        """What opens it."""
        agencies = [
            {"code": agency, "name": agency, "tier": tier, "ranked": True}
            for tier, named in self.agencies.items()
            for agency in named
        ]
        phases = [
            {"name": name, "opens": self.at(opens), "closes": self.at(closes)}
            for name, (opens, closes) in _CALENDAR.items()
        ]
        return {
            "year": self.year,
            "decision": {"number": "2366/QĐ-UBND", "on": f"{self.year}-10-14"},
            "agencies": agencies,
            "schemes": {tier: _scheme(tier) for tier in self.agencies},
            "calendar": phases,
        }

    def questionnaire(self, name: str) -> Mapping[str, Any]:
        """What one group is asked about the agencies of its tier."""
        tier, group = self.questionnaires[name]
        options = [{"code": option, "title": option} for option in OPTIONS]
        questions = [
            {"code": code, "text": "Ông/Bà có hài lòng không?", "item": SURVEYED}
            | {"options": options}
            for code in QUESTIONS
        ]
        return {
            "tier": tier,
            "group": group,
            "title": "Phiếu khảo sát",
            "questions": questions,
            "opens": self.at("11-22"),
            "closes": self.at("12-21"),
        }

    # --------------------------------------------------------------------------- addresses

    def sheet(self, agency: str) -> str:
        """The address of an agency's sheet."""
        return f"/submission/cycles/{self.code}/agencies/{agency}"

    def appraisal(self, agency: str) -> str:
        """The address of an agency's appraisal."""
        return f"/appraisal/cycles/{self.code}/agencies/{agency}"

    def survey(self, name: str) -> str:
        """The address of a questionnaire."""
        return f"/survey/cycles/{self.code}/questionnaires/{name}"

    def ranking(self, what: str) -> str:
        """The address of something of the result."""
        return f"/ranking/cycles/{self.code}/{what}"


def _item(code: str) -> Mapping[str, Any]:
    return {
        "code": code,
        "title": f"Tiêu chí {code}",
        "maximum": "2",
        "rule": {"type": "manual", "step": "0.25"},
    }


def _scheme(tier: str) -> Mapping[str, Any]:
    surveyed = {
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
    return {
        "scheme": f"faults-sample-{tier}",
        "title": "Bộ tiêu chí MẪU để thử các sự cố",
        "tier": tier,
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
            {"code": "2", "title": "Khảo sát", "maximum": "2", "criteria": [surveyed]},
        ],
        "ties": {"chain": ["appraised", "officials"], "rule": "competition"},
        "grades": [{"code": "A", "title": "Tốt", "at_least": "80"}],
    }
