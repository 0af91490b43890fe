"""Who is to answer: the plan, the invitations, the open links, and the keys of ballots."""

from collections.abc import Iterator, Sequence

from services.survey.domain.questionnaire.checks import (
    adopted_in,
    asked_about,
    require_agency,
    require_not_closed,
    require_running,
)
from services.survey.domain.questionnaire.commands import (
    AdoptBallotKeys,
    CloseLink,
    IssueInvitations,
    OpenLink,
    PlanSample,
)
from services.survey.domain.questionnaire.state import Questionnaire
from services.survey.domain.sample import sample_size
from shared.events import survey as events
from shared.kernel import points
from shared.kernel.errors import Flaw, Missing, Refused


def plan_sample(command: PlanSample, state: Questionnaire) -> Sequence[events.Fact]:
    """How many people are to be asked about each agency and service."""
    adopted = adopted_in(state)
    require_running(command.cycle)
    flaws = tuple(_plan_flaws(command, adopted))
    if flaws:
        raise Refused("plan-invalid", flaws=flaws)
    planned = events.SamplePlanned(
        cycle=adopted.cycle,
        questionnaire=adopted.questionnaire,
        margin=points.exact(command.margin),
        strata=tuple(
            events.Stratum(
                agency=agency,
                service=service,
                population=population,
                sample=sample_size(population, command.margin),
            )
            for agency, service, population in sorted(command.populations)
        ),
    )
    return () if state.plan == planned else (planned,)


def issue_invitations(command: IssueInvitations, state: Questionnaire) -> Sequence[events.Fact]:
    """More people may answer; who they are, nobody says."""
    adopted = adopted_in(state)
    require_running(command.cycle)
    require_not_closed(state)
    require_agency(adopted, command.agency, command.cycle)
    return (
        events.InvitationsIssued(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            agency=command.agency,
            count=command.count,
        ),
    )


def open_link(command: OpenLink, state: Questionnaire) -> Sequence[events.Fact]:
    """Anybody may answer; a link that is open stays as it is."""
    adopted = adopted_in(state)
    opened = events.LinkOpened(
        cycle=adopted.cycle,
        questionnaire=adopted.questionnaire,
        agency=command.agency,
        link=command.link,
        answers_max=command.answers_max,
        answers_per_day_max=command.answers_per_day_max,
    )
    if state.links.get(command.link) == opened and command.link not in state.closed_links:
        return ()
    require_running(command.cycle)
    require_not_closed(state)
    require_agency(adopted, command.agency, command.cycle)
    if command.link in state.links:
        raise Refused("link-taken", link=command.link)
    if command.answers_per_day_max > command.answers_max:
        a_day, in_all = str(command.answers_per_day_max), str(command.answers_max)
        raise Refused("link-day-above-all", a_day=a_day, in_all=in_all)
    return (opened,)


def close_link(command: CloseLink, state: Questionnaire) -> Sequence[events.Fact]:
    """The link takes nothing more."""
    adopted = adopted_in(state)
    if command.link not in state.links:
        raise Missing("link-unknown", link=command.link)
    if command.link in state.closed_links:
        return ()
    return (
        events.LinkClosed(
            cycle=adopted.cycle,
            questionnaire=adopted.questionnaire,
            link=command.link,
            because=command.because,
        ),
    )


def adopt_ballot_keys(command: AdoptBallotKeys, state: Questionnaire) -> Sequence[events.Fact]:
    """The keys stand in the log before anybody answers, and are never changed."""
    adopted = adopted_in(state)
    if state.keys is not None:
        return ()
    require_not_closed(state)
    keys = dict(command.keys)
    return (
        events.BallotKeysAdopted(
            cycle=adopted.cycle, questionnaire=adopted.questionnaire, keys=keys
        ),
    )


def _plan_flaws(command: PlanSample, adopted: events.QuestionnaireAdopted) -> Iterator[Flaw]:
    agencies = asked_about(adopted, command.cycle)
    services = _services(adopted)
    seen: set[tuple[str, str]] = set()
    if not 0 < command.margin < 1:
        yield Flaw("/margin", "margin-out-of-range")
    for place, (agency, service, _) in enumerate(command.populations):
        pointer, details = f"/strata/{place}", {"agency": agency, "service": service}
        if agency not in agencies:
            yield Flaw(f"{pointer}/agency", "agency-unknown", details)
        if service and service not in services:
            yield Flaw(f"{pointer}/service", "service-unknown", details)
        if (agency, service) in seen:
            yield Flaw(pointer, "stratum-twice", details)
        seen.add((agency, service))


def _services(adopted: events.QuestionnaireAdopted) -> frozenset[str]:
    """The services that people say they used."""
    return frozenset(
        option.code
        for question in adopted.questions
        if question.code == adopted.service_question
        for option in question.options
    )
