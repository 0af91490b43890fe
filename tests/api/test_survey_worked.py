"""A small survey, worked out by hand, beside what the system says of it over HTTP.

Two agencies, a service question, a scored question with "no opinion" (0), and one of several
choices that is asked only of the dissatisfied. Twelve people answered, one of whom was excluded,
and one agency has a certified total besides.

    so-y-te     ho-tich   5  5  4  2 (slow, far)
                dat-dai   4  3 (slow)  1 (none)  0         and excluded: 1 (far)
    so-noi-vu   ho-tich   5  4
                dat-dai   0                                and certified: six times 5, twice 2

Of 20 people about so-y-te, 12 of them for ho-tich, and of 40 about so-noi-vu, with e = 0.05:
20 / 1.05 = 19.05, so 20; 12 / 1.03 = 11.65, so 12; 40 / 1.1 = 36.36, so 37 are to answer.

What is expected, and how it was worked out. Satisfied are 5 and 4; z² = 1.96² = 3.8416; n answers
of N people are worth w = n (N - 1)/(N - n); the interval is Wilson's with w.

    so-y-te    valid 2+2+1+1+1 = 7, satisfied 4: 4/7 = 57.14 %; points 4 x 4/7 = 16/7
               w = 7 x 19/13 = 10.2308; z²/w = 0.375494
               centre (0.571429 + 0.187747) / 1.375494 = 0.551930
               spread 1.96 √(0.244898/10.2308 + 0.375494/40.9231) / 1.375494
                    = 1.96 √(0.0239374 + 0.0091756) / 1.375494 = 1.96 x 0.181970 / 1.375494
                    = 0.259297; from 29.26 to 81.12; off by 27.88 at most
    so-noi-vu  5: 1+6, 4: 1, 2: 2, 0: 1; valid 10, satisfied 8: 80 %; points 4 x 0.8 = 3.2
               w = 10 x 39/30 = 13; z²/w = 0.295508
               centre (0.8 + 0.147754) / 1.295508 = 0.731569
               spread 1.96 √(0.16/13 + 0.295508/52) / 1.295508
                    = 1.96 √(0.0123077 + 0.0056828) / 1.295508 = 1.96 x 0.134129 / 1.295508
                    = 0.202926; from 52.86 to 93.45; off by 27.14 at most
    both       valid 17, satisfied 12: 12/17 = 70.59 %
               w = 17 x 59/43 = 23.3256; z²/w = 0.164695
               centre (0.705882 + 0.082347) / 1.164695 = 0.676769
               spread 1.96 √(0.207612/23.3256 + 0.164695/93.3023) / 1.164695
                    = 1.96 √(0.0089006 + 0.0017652) / 1.164695 = 1.96 x 0.103275 / 1.164695
                    = 0.173796; from 50.30 to 85.06; off by 20.29 at most
    ho-tich    (so-y-te) valid 4, satisfied 3: 75 %; w = 4 x 11/8 = 5.5; z²/w = 0.698473
               centre (0.75 + 0.349236) / 1.698473 = 0.647191
               spread 1.96 √(0.1875/5.5 + 0.698473/22) / 1.698473
                    = 1.96 √(0.0340909 + 0.0317488) / 1.698473 = 1.96 x 0.256593 / 1.698473
                    = 0.296103; from 35.11 to 94.33; off by 39.89 at most
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from services.survey.api import results_shown
from shared.events import codec
from shared.kernel import points
from tests.support.counted import replayed
from tests.support.small_cycle import CYCLE, OPENED
from tests.support.survey_office import CITIZENS, NOBODY, Office, open_office
from tests.support.worked_survey import WITH_NO_OPINION, held


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with open_office() as opened:
        yield await held(opened)


def _rows(rows: list[dict[str, Any]], *names: str) -> dict[tuple[str, ...], dict[str, Any]]:
    return {tuple(row[name] for name in names): row for row in rows}


def _between(low: str, high: str, margin: str) -> Mapping[str, str]:
    return {"low_percent": low, "high_percent": high, "margin": margin}


def _scored(satisfied: int, percent: str, between: Mapping[str, str], gives: str | None) -> object:
    """All shares of this scale are 0 or 1, so that the mean is the share of the satisfied."""
    return {
        "satisfied": satisfied,
        "satisfied_percent": percent,
        "satisfied_between": between,
        "mean_percent": percent,
        "mean_between": between,
        "maximum": "4",
        "points": gives,
    }


async def test_what_is_worked_out_by_hand_is_what_the_system_says(office: Office) -> None:
    found = (await office.get(f"{CITIZENS}/results")).json()

    by_agency = _rows(found["results"], "agency", "question")
    assert len(by_agency) == 6
    health, home = by_agency["so-y-te", "q1"], by_agency["so-noi-vu", "q1"]
    assert health["counts"] == {"5": 2, "4": 2, "3": 1, "2": 1, "1": 1, "0": 1}
    assert [health[name] for name in ("asked", "answered", "no_opinion", "valid")] == [8, 8, 1, 7]
    assert health["shares"]["5"] == "25.00"
    assert health["scored"] == _scored(4, "57.14", _between("29.26", "81.12", "27.88"), "16/7")
    assert home["counts"] == {"5": 7, "4": 1, "2": 2, "0": 1}
    assert home["imported"] == {"Bưu điện tỉnh": {"5": 6, "2": 2}}
    assert [home[name] for name in ("asked", "answered", "no_opinion", "valid")] == [11, 11, 1, 10]
    assert home["scored"] == _scored(8, "80.00", _between("52.86", "93.45", "27.14"), "3.2")


async def test_several_choices_are_shares_of_those_who_were_asked(office: Office) -> None:
    found = (await office.get(f"{CITIZENS}/results")).json()

    why = _rows(found["results"], "agency", "question")
    mine, others = why["so-y-te", "why"], why["so-noi-vu", "why"]
    assert mine["counts"] == {"slow": 2, "far": 1, "none": 1}
    assert [mine[name] for name in ("asked", "answered", "no_opinion", "valid")] == [3, 3, 1, 2]
    assert mine["shares"] == {"slow": "66.67", "far": "33.33", "none": "33.33"}
    assert (others["asked"], others["counts"], mine["scored"]) == (0, {}, None)


async def test_services_areas_and_all_agencies_are_told_apart(office: Office) -> None:
    found = (await office.get(f"{CITIZENS}/results")).json()

    services = _rows(found["services"], "agency", "service", "question")
    counter = services["so-y-te", "ho-tich", "q1"]
    land = services["so-y-te", "dat-dai", "q1"]["scored"]
    assert counter["scored"] == _scored(3, "75.00", _between("35.11", "94.33", "39.89"), "3")
    assert (land["satisfied"], land["satisfied_percent"]) == (1, "33.33")
    assert services["so-noi-vu", "ho-tich", "q1"]["imported"] == {}
    assert ("so-noi-vu", "", "q1") not in services
    [all_of_them] = [row for row in found["overall"] if row["question"] == "q1"]
    assert all_of_them["valid"] == 17
    assert all_of_them["scored"] == _scored(12, "70.59", _between("50.30", "85.06", "20.29"), None)
    areas = {each["agency"]: each for each in found["areas"]}
    assert {agency: area["points"] for agency, area in areas.items()} == {
        "so-y-te": "16/7",
        "so-noi-vu": "3.2",
    }
    assert areas["so-y-te"]["satisfied_percent"] == "57.14"


async def test_ranking_counts_the_same_points_from_the_same_facts(office: Office) -> None:
    told = [
        codec.encode(f"cycle/{CYCLE}", version, codec.decode(body).context, fact)
        for version, fact in enumerate((WITH_NO_OPINION, OPENED), start=1)
        for body in (await office.bodies())[:1]
    ]
    stored = await office.outside.store.stream(f"survey/{CYCLE}/citizens", limit=1_000)

    [table] = replayed([*told, *stored]).count().tables

    counted = {
        row.agency: points.exact(item.score.points)
        for row in table.rows
        for area in row.areas
        for criterion in area.criteria
        for item in criterion.items
        if item.code == "9.1"
    }
    assert counted == {"so-y-te": "16/7", "so-noi-vu": "3.2"}


async def test_the_turnout_stands_beside_the_plan(office: Office) -> None:
    turnout = (await office.get(f"{CITIZENS}/turnout")).json()

    assert turnout["margin"] == "0.05"
    assert turnout["agencies"]["so-y-te"] == {
        "invited": 10,
        "answered": 9,
        "by_link": 0,
        "batches": {"invitation": 9, "link": 0, "paper": 0, "mixed": 0},
        "excluded": 1,
        "planned": 20,
        "counted": 8,
        "missing": 12,
        "reached": False,
        "services": {
            "dat-dai": {"planned": None, "counted": 4, "missing": None, "reached": None},
            "ho-tich": {"planned": 12, "counted": 4, "missing": 8, "reached": False},
        },
    }
    total = turnout["total"]
    assert [total[name] for name in ("invited", "answered", "planned", "counted", "missing")] == [
        14,
        12,
        57,
        11,
        46,
    ]
    assert total["services"]["ho-tich"] == {
        "planned": 12,
        "counted": 6,
        "missing": 8,
        "reached": False,
    }


async def test_the_public_sees_nothing_of_those_small_groups(office: Office) -> None:
    answer = await office.as_(NOBODY).get(f"{CITIZENS}/results/public")

    # Eight and three people answered, besides a certified total that anybody may take off; of the
    # eight one cannot tell apart who is among all eleven of them, but two agencies are withheld.
    found = answer.json()
    by_agency = _rows(found["results"], "agency", "question")
    assert by_agency["so-y-te", "q1"] == {
        "agency": "so-y-te",
        "service": None,
        "question": "q1",
        "withheld": "small-group",
    }
    assert by_agency["so-noi-vu", "q1"]["withheld"] == "small-group"
    assert by_agency["so-noi-vu", "why"]["withheld"] == "gives-another-away"
    overall = _rows(found["overall"], "question")
    assert overall["q1",]["valid"] == 17
    assert overall["why",]["withheld"] == "small-group"
    assert found["areas"] == []
    assert "10" in found["notes"]["small-group"]


async def test_the_example_of_the_description_has_the_members_of_the_answer(
    office: Office,
) -> None:
    found = (await office.get(f"{CITIZENS}/results")).json()

    assert list(results_shown.EXAMPLE) == list(found)
    [example] = results_shown.EXAMPLE["results"]
    [scored] = [row for row in found["results"] if row["item"] and row["agency"] == "so-y-te"]
    assert list(example) == list(scored)
    assert list(example["scored"]) == list(scored["scored"])
    assert list(results_shown.EXAMPLE["areas"][0]) == list(found["areas"][0])
