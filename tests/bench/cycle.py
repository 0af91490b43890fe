"""The cycle of 2021 as the benches have it: its opening, and what its people then say.

Everything is drawn from a seed, so that two runs measure the same work.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from demo.choices import Choices
from tests.support import running

CYCLE = "2021"
SEED = 2021
SCORING = "2021-11-22T08:00:00+07:00"
"""In this week agencies score themselves, and the survey is open."""

PDF = "application/pdf"
_SCHEMES = Path("schemes")

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """One item of one agency, with the inputs that its rule wants."""

    agency: str
    item: str
    inputs: Mapping[str, str]


@cache
def opening() -> Json:
    """The request that opens the cycle, made of the files in schemes/ by the command line."""
    made = running.run(
        *("cycle", "--year", CYCLE, "--decision", "2366/QĐ-UBND", "--on", "2021-10-14"),
        *("--agencies", str(_SCHEMES / "an-giang-2021-agencies.yaml")),
        *("--calendar", str(_SCHEMES / "an-giang-2021-calendar.yaml")),
        *("--schemes", *map(str, sorted(_SCHEMES.glob("an-giang-2021-*.sample.yaml")))),
    )
    opened: Json = json.loads(made.stdout)
    return opened


def agencies() -> Sequence[Json]:
    """All agencies, departments and districts."""
    found: Sequence[Json] = opening()["agencies"]
    return found


def sheet(agency: Json, year: int = 0) -> Sequence[Declared]:
    """What an agency declares; another `year` gives other inputs for the same items."""
    return _sheet(agency["code"], agency["tier"], year)


@cache
def _sheet(agency: str, tier: str, year: int) -> Sequence[Declared]:
    choices = Choices(SEED + year)
    return [
        Declared(agency, item["code"], dict(choices.inputs(agency, item)))
        for item in items(tier)
        if item["rule"]["type"] != "survey" and agency not in item.get("except_for", ())
    ]


def items(tier: str) -> Iterator[Json]:
    """Every scored item in the tree of a tier's scheme."""
    for area in opening()["schemes"][tier]["areas"]:
        for criterion in area["criteria"]:
            yield from criterion.get("components", (criterion,))


@cache
def asked(tier: str) -> tuple[str, Sequence[Json], Sequence[str]]:
    """A group of respondents, the items that it is asked about, and the options that it has."""
    scheme = opening()["schemes"][tier]
    surveyed = [item for item in items(tier) if item["rule"]["type"] == "survey"]
    group = min(group for item in surveyed for group in item["rule"]["groups"])
    found = [item for item in surveyed if group in item["rule"]["groups"]]
    options = sorted(scheme["scales"][found[0]["rule"]["scale"]])
    return group, found, options


def evidence(sha256: str, section: int) -> Json:
    """A piece of evidence: a document, and the stored file that holds it."""
    document = {"number": "7/BC", "on": "2021-05-15", "issuer": "Sở Y tế", "section": f"{section}"}
    return {"document": document, "file": {"sha256": sha256, "media_type": PDF}}


def questionnaire(tier: str) -> Json:
    """A questionnaire of one question for each item that the group is asked about."""
    group, surveyed, options = asked(tier)
    offered = [{"code": option, "title": option} for option in options]
    return {
        "tier": tier,
        "group": group,
        "title": "Phiếu khảo sát",
        "questions": [
            {"code": f"q{item['code']}", "text": item["title"], "item": item["code"]}
            | {"options": offered}
            for item in surveyed
        ],
        "opens": "2021-11-22T00:00:00+07:00",
        "closes": "2021-12-21T00:00:00+07:00",
    }


def answers(tier: str, agency: str, respondent: int) -> Mapping[str, str]:
    """What one respondent says of an agency."""
    _, surveyed, options = asked(tier)
    choices = Choices(SEED)
    return {
        f"q{item['code']}": choices.answer(agency, f"{respondent}/{item['code']}", options)
        for item in surveyed
    }
