"""A running cycle changes by decision and with a reason, or not at all."""

from dataclasses import replace
from datetime import datetime

import pytest

from services.submission.domain import cycle, submission
from shared.events import submission as events
from shared.kernel.calendar import PhaseName
from shared.kernel.errors import Missing, Refused
from tests.support.small_submission import (
    AGENCIES,
    AGENCY,
    CYCLE,
    DEADLINE,
    NO_TIME,
    OTHER,
    OTHER_LEFT,
    REASON,
    SCHEME,
    SCORING,
    TIER,
    WITHDRAWN,
    at,
    cycle_after,
    extended,
    situation,
)

RETITLED = {**SCHEME, "title": "Bộ tiêu chí MẪU sửa đổi"}
NEWCOMER = events.Agency(code="so-moi", name="Sở mới", tier=TIER, ranked=True)
CHANGES = (
    cycle.AmendScheme(TIER, RETITLED, **REASON),
    cycle.ExtendDeadline("survey", None, at(12, 25), **REASON, at=SCORING),
    cycle.AddAgency(NEWCOMER, **REASON),
    cycle.WithdrawAgency(OTHER, **REASON),
    cycle.ImportItemResults(
        "Báo cáo", (events.ImportedScore(agency=OTHER, item="1.1", points="3"),), ()
    ),
)


def extension(
    until: datetime, agency: str | None = None, phase: PhaseName = "self-scoring"
) -> cycle.ExtendDeadline:
    return cycle.ExtendDeadline(phase, agency, until, **REASON, at=SCORING)


# --- Schemes


def test_a_scheme_is_amended_whole() -> None:
    facts = cycle.decide(cycle.AmendScheme(TIER, RETITLED, **REASON), cycle_after())

    assert facts == (events.SchemeAmended(cycle=CYCLE, tier=TIER, scheme=RETITLED, **REASON),)


def test_amending_a_scheme_to_what_it_is_is_no_news() -> None:
    facts = cycle.decide(cycle.AmendScheme(TIER, SCHEME, **REASON), cycle_after())

    assert facts == ()


def test_an_amendment_with_flaws_is_refused() -> None:
    command = cycle.AmendScheme(TIER, {**SCHEME, "maximum": "19"}, **REASON)

    with pytest.raises(Refused, match="scheme-invalid") as refused:
        cycle.decide(command, cycle_after())

    assert [flaw.pointer for flaw in refused.value.flaws] == ["/scheme/maximum"]


UNREADABLE = events.SchemeAmended(
    cycle=CYCLE, tier=TIER, scheme={**SCHEME, "maximum": "19"}, **REASON
)


def test_a_cycle_with_a_scheme_that_nobody_can_read_any_more_is_folded_all_the_same() -> None:
    state = cycle_after(UNREADABLE)

    assert state.documents[TIER] == UNREADABLE.scheme
    assert not state.is_readable(AGENCY)


def test_nothing_is_decided_by_a_scheme_that_cannot_be_read() -> None:
    where = situation(of=cycle_after(UNREADABLE))
    command = submission.SubmitScore(where, "1.1", {"points": "3"}, None)

    with pytest.raises(Refused, match="scheme-unreadable"):
        submission.decide(command, submission.Submission())


def test_a_scheme_that_cannot_be_read_is_amended() -> None:
    facts = cycle.decide(cycle.AmendScheme(TIER, SCHEME, **REASON), cycle_after(UNREADABLE))

    assert cycle_after(UNREADABLE, *facts).is_readable(AGENCY)


def test_a_tier_without_a_scheme_has_none_to_amend() -> None:
    with pytest.raises(Missing, match="tier-unknown"):
        cycle.decide(cycle.AmendScheme("commune", SCHEME, **REASON), cycle_after())


# --- The whole cycle


def test_a_cycle_is_withdrawn() -> None:
    facts = cycle.decide(cycle.WithdrawCycle(**REASON), cycle_after())

    assert facts == (WITHDRAWN,)


def test_withdrawing_a_cycle_twice_is_no_news() -> None:
    facts = cycle.decide(cycle.WithdrawCycle(**REASON), cycle_after(WITHDRAWN))

    assert facts == ()


@pytest.mark.parametrize("command", CHANGES, ids=lambda command: type(command).__name__)
def test_a_withdrawn_cycle_does_not_change(command: cycle.Command) -> None:
    with pytest.raises(Refused, match="cycle-withdrawn"):
        cycle.decide(command, cycle_after(WITHDRAWN))


# --- Deadlines


@pytest.mark.parametrize("agency", [None, AGENCY])
def test_a_deadline_is_extended(agency: str | None) -> None:
    facts = cycle.decide(extension(at(12, 15), agency), cycle_after())

    assert facts == (extended(at(12, 15), agency),)


def test_extending_to_the_same_time_again_is_no_news() -> None:
    facts = cycle.decide(extension(at(12, 15)), cycle_after(extended(at(12, 15))))

    assert facts == ()


@pytest.mark.parametrize("until", [DEADLINE, at(12, 1)])
def test_a_deadline_is_only_moved_to_a_later_time(until: datetime) -> None:
    with pytest.raises(Refused, match="deadline-not-later"):
        cycle.decide(extension(until), cycle_after())


def test_an_agency_needs_no_extension_where_all_have_a_longer_one() -> None:
    with pytest.raises(Refused, match="deadline-not-later"):
        cycle.decide(extension(at(12, 14), AGENCY), cycle_after(extended(at(12, 15))))


def test_a_deadline_that_has_passed_again_is_no_deadline() -> None:
    late = replace(extension(at(12, 15)), at=at(12, 16))

    with pytest.raises(Refused, match="deadline-in-the-past"):
        cycle.decide(late, cycle_after())


def test_no_deadline_lies_in_another_age() -> None:
    with pytest.raises(Refused, match="time-out-of-range"):
        cycle.decide(extension(NO_TIME), cycle_after())


def test_a_survey_ends_for_everybody_at_once() -> None:
    with pytest.raises(Refused, match="extension-without-effect"):
        cycle.decide(extension(at(12, 25), AGENCY, "survey"), cycle_after())

    assert len(cycle.decide(extension(at(12, 25), None, "survey"), cycle_after())) == 1


def test_a_stranger_has_no_deadline() -> None:
    with pytest.raises(Refused, match="agency-not-in-cycle"):
        cycle.decide(extension(at(12, 15), "so-la"), cycle_after())


def test_an_extension_for_one_agency_leaves_the_others_their_deadline() -> None:
    calendar = cycle_after(extended(at(12, 15), AGENCY)).calendar

    closes = [calendar.closes("self-scoring", agency) for agency in (AGENCY, OTHER)]

    assert closes == [at(12, 15), DEADLINE]


def test_extensions_of_one_phase_may_arrive_in_any_order() -> None:
    facts = [extended(at(12, 15)), extended(at(12, 12), AGENCY)]

    ends = {
        cycle_after(*order).calendar.closes("self-scoring", AGENCY)
        for order in (facts, facts[::-1])
    }

    assert ends == {at(12, 15)}


# --- Agencies


def test_an_agency_joins() -> None:
    facts = cycle.decide(cycle.AddAgency(NEWCOMER, **REASON), cycle_after())

    assert facts == (events.AgencyAdded(cycle=CYCLE, agency=NEWCOMER, **REASON),)


def test_adding_an_agency_twice_is_no_news() -> None:
    added = events.AgencyAdded(cycle=CYCLE, agency=NEWCOMER, **REASON)

    facts = cycle.decide(cycle.AddAgency(NEWCOMER, **REASON), cycle_after(added))

    assert facts == ()


def test_another_agency_of_the_same_code_is_refused() -> None:
    other = events.Agency(code=AGENCY, name="Sở khác", tier=TIER, ranked=True)

    with pytest.raises(Refused, match="agency-exists"):
        cycle.decide(cycle.AddAgency(other, **REASON), cycle_after())


def test_an_agency_of_a_tier_without_scheme_cannot_join() -> None:
    commune = events.Agency(code="xa-a", name="Xã A", tier="commune", ranked=True)

    with pytest.raises(Refused, match="agency-invalid"):
        cycle.decide(cycle.AddAgency(commune, **REASON), cycle_after())


def test_an_agency_leaves() -> None:
    facts = cycle.decide(cycle.WithdrawAgency(OTHER, **REASON), cycle_after())

    assert facts == (OTHER_LEFT,)


def test_withdrawing_an_agency_twice_is_no_news() -> None:
    facts = cycle.decide(cycle.WithdrawAgency(OTHER, **REASON), cycle_after(OTHER_LEFT))

    assert facts == ()


def test_a_stranger_cannot_leave() -> None:
    with pytest.raises(Missing, match="agency-not-in-cycle"):
        cycle.decide(cycle.WithdrawAgency("so-la", **REASON), cycle_after())


def test_an_agency_that_left_may_come_back() -> None:
    back = cycle.AddAgency(AGENCIES[1], **REASON)

    facts = cycle.decide(back, cycle_after(OTHER_LEFT))

    assert facts == (events.AgencyAdded(cycle=CYCLE, agency=AGENCIES[1], **REASON),)
    assert cycle_after(OTHER_LEFT, *facts).takes_part(OTHER)
