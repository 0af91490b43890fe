"""Opening a cycle: what it takes, and everything that speaks against it."""

from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest

from services.submission.domain import cycle
from services.submission.domain.cycle import Cycle
from shared.events import submission as events
from shared.kernel.errors import Missing, Refused
from tests.support.small_submission import (
    AGENCIES,
    AGENCY,
    BECAUSE,
    CALENDAR,
    CYCLE,
    DECISION,
    NO_TIME,
    OPEN,
    OTHER,
    SCHEME,
    TIER,
    at,
    cycle_after,
)


def flaws_of(command: cycle.OpenCycle) -> list[tuple[str, str]]:
    """Where and why an opening is refused."""
    with pytest.raises(Refused, match="cycle-invalid") as refused:
        cycle.decide(command, Cycle())
    return [(flaw.pointer, flaw.code) for flaw in refused.value.flaws]


def test_a_cycle_is_opened_with_its_schemes_first() -> None:
    facts = cycle.decide(OPEN, Cycle())

    assert facts == (
        events.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=SCHEME),
        events.CycleOpened(
            cycle=CYCLE,
            year=2021,
            mode="trial",
            decision=DECISION,
            agencies=AGENCIES,
            calendar=CALENDAR,
        ),
    )


def test_no_phase_lies_in_another_age() -> None:
    phases = [
        msgspec.structs.replace(phase, closes=NO_TIME) if phase.name == "appraisal-2" else phase
        for phase in CALENDAR
    ]

    flaws = flaws_of(replace(OPEN, calendar=tuple(phases)))

    assert flaws == [("/calendar/4/closes", "time-out-of-range")]


def test_opening_a_cycle_twice_is_no_news() -> None:
    facts = cycle.decide(OPEN, cycle_after())

    assert facts == ()


def test_opening_it_again_is_no_news_after_its_scheme_was_amended() -> None:
    amended = events.SchemeAmended(
        cycle=CYCLE,
        tier=TIER,
        scheme={**SCHEME, "title": "Khác"},
        decision=DECISION,
        because=BECAUSE,
    )

    facts = cycle.decide(OPEN, cycle_after(amended))

    assert facts == ()


def test_another_cycle_under_the_same_name_is_refused() -> None:
    with pytest.raises(Refused, match="cycle-exists"):
        cycle.decide(replace(OPEN, year=2022), cycle_after())


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"agencies": ()}, ("/agencies", "agencies-miscounted")),
        ({"agencies": (*AGENCIES, AGENCIES[0])}, ("/agencies/3/code", "agency-repeated")),
        ({"calendar": CALENDAR[1:]}, ("/calendar", "phase-missing")),
        ({"calendar": (*CALENDAR, CALENDAR[0])}, ("/calendar", "phase-repeated")),
        ({"schemes": {}}, ("/schemes", "schemes-miscounted")),
        (
            {"schemes": {TIER: SCHEME, "district": SCHEME}},
            ("/schemes/district/tier", "scheme-of-another-tier"),
        ),
        (
            {"schemes": {TIER: {**SCHEME, "maximum": "21"}}},
            ("/schemes/department/maximum", "children-below-maximum"),
        ),
    ],
)
def test_an_opening_names_its_flaw(change: dict[str, Any], flaw: tuple[str, str]) -> None:
    flaws = flaws_of(replace(OPEN, **change))

    assert flaw in flaws


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tier": "commune"}, "tier-without-scheme"),
        ({"valid_to": date(2020, 12, 31)}, "agency-not-valid"),
        ({"valid_from": date(2022, 1, 1)}, "agency-not-valid"),
        ({"valid_from": date(2021, 6, 2), "valid_to": date(2021, 6, 1)}, "validity-reversed"),
    ],
)
def test_an_agency_that_does_not_fit_is_named(change: dict[str, Any], code: str) -> None:
    values: dict[str, Any] = {
        "code": AGENCY,
        "name": "Sở Y tế",
        "tier": TIER,
        "ranked": True,
    } | change

    flaws = flaws_of(replace(OPEN, agencies=(events.Agency(**values),)))

    assert [found for _, found in flaws] == [code]


def test_an_agency_that_ends_within_the_year_is_still_scored() -> None:
    agency = events.Agency(
        code=AGENCY, name="Sở Y tế", tier=TIER, ranked=True, valid_to=date(2021, 1, 1)
    )

    facts = cycle.decide(replace(OPEN, agencies=(agency,)), Cycle())

    assert len(facts) == 2


def test_a_phase_opens_before_it_closes() -> None:
    reversed_ = events.Phase(name="survey", opens=at(12, 20), closes=at(12, 20))

    flaws = flaws_of(replace(OPEN, calendar=(CALENDAR[0], reversed_, *CALENDAR[2:])))

    assert flaws == [("/calendar/1/closes", "phase-reversed")]


def test_self_scoring_is_over_before_the_council_begins() -> None:
    early = events.Phase(name="appraisal-1", opens=at(12, 9), closes=at(12, 24))

    flaws = flaws_of(replace(OPEN, calendar=(*CALENDAR[:2], early, *CALENDAR[3:])))

    assert flaws == [("/calendar", "phases-out-of-order")]


def test_every_flaw_is_named_at_once() -> None:
    flaws = flaws_of(replace(OPEN, agencies=(), calendar=(), schemes={}))

    assert {code for _, code in flaws} == {
        "agencies-miscounted",
        "phase-missing",
        "schemes-miscounted",
    }


def test_a_copy_takes_schemes_in_force_and_agencies_that_still_exist() -> None:
    ended = events.Agency(
        code="so-cu", name="Sở cũ", tier=TIER, ranked=True, valid_to=date(2021, 12, 31)
    )
    left = events.AgencyWithdrawn(cycle=CYCLE, agency=OTHER, decision=DECISION, because=BECAUSE)
    earlier = cycle_after(left, opening=replace(OPEN, agencies=(*AGENCIES, ended)))

    agencies, schemes = cycle.copied(earlier, 2022)

    assert [agency.code for agency in agencies] == [AGENCY, "thanh-tra"]
    assert schemes == {TIER: SCHEME}


def test_nothing_can_be_asked_of_a_cycle_that_was_never_opened() -> None:
    with pytest.raises(Missing, match="cycle-unknown"):
        cycle.decide(cycle.WithdrawCycle(DECISION, BECAUSE), Cycle())
