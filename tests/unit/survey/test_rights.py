"""Who is to answer: the plan, the invitations, the links and the keys of ballots."""

from fractions import Fraction

import pytest
from hypothesis import given as for_any
from hypothesis import strategies as st
from msgspec import structs

from services.survey.domain import questionnaire as domain
from services.survey.domain.sample import sample_size
from shared.events import survey as events
from tests.support.small_cycle import recorded
from tests.support.small_questionnaire import ADOPTED
from tests.support.survey_given import CLOSED, NAMED, OPENED, SEALED, cycle, given, refusal, when

LINK = events.LinkOpened(
    **NAMED, agency="so-y-te", link="portal", answers_max=9, answers_per_day_max=3
)
LINK_CLOSED = events.LinkClosed(**NAMED, link="portal", because=SEALED)
KEYS = events.BallotKeysAdopted(**NAMED, keys={"so-y-te": "MIIB"})


def planning(*strata: tuple[str, str, int], margin: str = "0.05") -> domain.PlanSample:
    return domain.PlanSample(Fraction(margin), strata, cycle())


def inviting(agency: str = "so-y-te", count: int = 5) -> domain.IssueInvitations:
    return domain.IssueInvitations(agency, count, cycle())


def linking(link: str = "portal", answers_max: int = 9) -> domain.OpenLink:
    return domain.OpenLink(cycle(), "so-y-te", link, answers_max, 3)


@pytest.mark.parametrize(("population", "sample"), [(0, 0), (1, 1), (100, 80), (1200, 300)])
def test_a_sample_is_as_large_as_the_formula_says(population: int, sample: int) -> None:
    assert sample_size(population, Fraction("0.05")) == sample


@for_any(st.integers(0, 10**7), st.fractions("1/100", "1/2"))
def test_nobody_is_asked_who_is_not_there_and_more_people_need_no_smaller_sample(
    population: int, margin: Fraction
) -> None:
    sample = sample_size(population, margin)

    assert 0 <= sample <= population
    assert sample <= sample_size(population + 1, margin)


def test_a_sample_is_planned_for_each_stratum() -> None:
    [planned] = when(planning(("so-y-te", "", 1200), ("so-noi-vu", "", 100)), ADOPTED)

    assert planned == events.SamplePlanned(
        **NAMED,
        margin="0.05",
        strata=(
            events.Stratum(agency="so-noi-vu", service="", population=100, sample=80),
            events.Stratum(agency="so-y-te", service="", population=1200, sample=300),
        ),
    )
    assert isinstance(planned, events.SamplePlanned)
    again = planning(("so-noi-vu", "", 100), ("so-y-te", "", 1200))
    assert when(again, ADOPTED, planned) == ()


@pytest.mark.parametrize(
    ("command", "pointer", "code"),
    [
        (planning(("so-la", "", 5)), "/strata/0/agency", "agency-unknown"),
        (planning(("so-y-te", "visa", 5)), "/strata/0/service", "service-unknown"),
        (planning(("so-y-te", "", 5), ("so-y-te", "", 6)), "/strata/1", "stratum-twice"),
        (planning(("so-y-te", "", 5), margin="0"), "/margin", "margin-out-of-range"),
    ],
)
def test_a_plan_that_does_not_fit_is_refused_with_its_place(
    command: domain.PlanSample, pointer: str, code: str
) -> None:
    refused = refusal(command, ADOPTED)

    assert refused.code == "plan-invalid"
    assert [(flaw.pointer, flaw.code) for flaw in refused.flaws] == [(pointer, code)]


def test_the_log_says_how_many_were_invited() -> None:
    issued = events.InvitationsIssued(**NAMED, agency="so-y-te", count=5)
    issue = domain.Issue("", "so-y-te", 5, recorded("survey/2021/citizens", 2, issued).context.at)

    assert when(inviting(), ADOPTED) == (issued,)
    assert given(ADOPTED, issued, issued).issues == (issue, issue)


def test_nobody_is_invited_to_a_closed_survey_or_about_an_agency_that_is_not_asked_about() -> None:
    assert refusal(inviting(), ADOPTED, OPENED, CLOSED).code == "survey-closed"
    assert refusal(inviting("so-la"), ADOPTED).code == "agency-unknown"
    assert refusal(inviting()).code == "questionnaire-unknown"


def test_a_link_is_opened_once() -> None:
    assert when(linking(), ADOPTED) == (LINK,)
    assert when(linking(), ADOPTED, LINK) == ()
    assert refusal(linking(answers_max=10), ADOPTED, LINK).code == "link-taken"
    assert refusal(linking(), ADOPTED, LINK, LINK_CLOSED).code == "link-taken"
    assert refusal(linking(), ADOPTED, OPENED, CLOSED).code == "survey-closed"


def test_no_day_of_a_link_takes_more_than_there_is_in_all() -> None:
    opened_before = structs.replace(LINK, answers_max=2)

    assert refusal(linking(answers_max=2), ADOPTED).code == "link-day-above-all"
    assert len(when(linking(answers_max=3), ADOPTED)) == 1
    assert when(linking(answers_max=2), ADOPTED, opened_before) == ()


def test_a_link_is_closed_for_a_reason_once() -> None:
    command = domain.CloseLink("portal", SEALED)

    assert when(command, ADOPTED, LINK) == (LINK_CLOSED,)
    assert when(command, ADOPTED, LINK, LINK_CLOSED) == ()
    assert refusal(command, ADOPTED).code == "link-unknown"


def test_the_keys_of_ballots_are_published_once_and_stay() -> None:
    command = domain.AdoptBallotKeys((("so-y-te", "MIIB"),))

    assert when(command, ADOPTED) == (KEYS,)
    assert when(domain.AdoptBallotKeys((("so-y-te", "other"),)), ADOPTED, KEYS) == ()
    assert refusal(command, ADOPTED, OPENED, CLOSED).code == "survey-closed"
