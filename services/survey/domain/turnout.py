"""The turnout against the plan: how many were to answer, were invited, answered and are counted.

Who was invited and which rights were used the urn says; everything else stands in the facts. What
answered and is not counted yet waits in the urn. Certified totals are no part of the sample.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.survey.domain.cycle import Cycle
from services.survey.domain.questionnaire import Questionnaire, adopted_in, asked_about
from shared.events import survey as events
from shared.events.envelope import Recorded
from shared.kernel.decider import Fold

CHANNELS: tuple[events.Channel, ...] = ("invitation", "link", "paper", "mixed")

Channels = tuple[events.Channel, ...]


@dataclass(frozen=True, slots=True)
class Used:
    """What the urn says of an agency: invitations made and used, and answers by open links."""

    invited: int = 0
    answered: int = 0
    by_link: int = 0


@dataclass(frozen=True, slots=True)
class Quota:
    """How many were to answer, how many did who count, and how many more are needed.

    Without a plan, nobody knows: None. Of several quotas together, those that are more than
    reached fill no other.
    """

    planned: int | None
    counted: int
    missing: int | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """How a questionnaire went about one agency, or about all.

    `batches` says how many answers were counted by each channel; of these, `excluded` do not
    count. `services` has those that are planned, and those that somebody named.
    """

    used: Used
    batches: Mapping[events.Channel, int]
    excluded: int
    quota: Quota
    services: Mapping[str, Quota]


@dataclass(frozen=True, slots=True)
class Turnouts:
    """The turnout by agency and of all, and the sampling error that the plan is for."""

    margin: str | None
    agencies: Mapping[str, Turnout]
    total: Turnout


def _evolve(channels: Channels, recorded: Recorded) -> Channels:
    match recorded.data:
        case events.ResponsesCounted() as fact:
            return (*channels, fact.channel)
        case _:
            return channels


BATCH_CHANNELS: Fold[Channels, Recorded] = Fold((), _evolve)
"""By which channel each batch of a questionnaire came, in their order."""


def turnouts(
    state: Questionnaire, cycle: Cycle, channels: Channels, used: Mapping[str, Used]
) -> Turnouts:
    """The turnout about every agency that is asked about.

    `channels` may know batches that came since `state` was read, never fewer.
    """
    adopted = adopted_in(state)
    counted = _counted(state, channels)
    agencies = {
        agency: _turnout(
            used.get(agency, Used()), counted.get(agency, _Counted()), _plan(state.plan, agency)
        )
        for agency in sorted(asked_about(adopted, cycle))
    }
    margin = state.plan.margin if state.plan else None
    return Turnouts(margin, agencies, _total(list(agencies.values())))


@dataclass(slots=True)
class _Counted:
    """What was counted about an agency; by service what counts still."""

    batches: Counter[events.Channel] = field(default_factory=Counter)
    excluded: int = 0
    services: Counter[str] = field(default_factory=Counter)


def _counted(state: Questionnaire, channels: Channels) -> Mapping[str, _Counted]:
    assert len(channels) >= len(state.batches), "every batch came by a channel"
    service_question = adopted_in(state).service_question or ""
    found: dict[str, _Counted] = {}
    for number, (channel, batch) in enumerate(zip(channels, state.batches, strict=False), start=1):
        for position, response in enumerate(batch):
            here = found.setdefault(response.agency, _Counted())
            here.batches[channel] += 1
            if (number, position) in state.excluded:
                here.excluded += 1
            elif service_question in response.answers:
                here.services[response.answers[service_question]] += 1
    return found


def _plan(plan: events.SamplePlanned | None, agency: str) -> Mapping[str, int]:
    """How many are to answer, by service; under "" about the agency, or else their sum."""
    strata = plan.strata if plan else ()
    samples = {each.service: each.sample for each in strata if each.agency == agency}
    return {"": sum(samples.values()), **samples} if samples else {}


def _turnout(used: Used, counted: _Counted, plan: Mapping[str, int]) -> Turnout:
    services = sorted({*plan, *counted.services} - {""})
    return Turnout(
        used=used,
        batches={channel: counted.batches[channel] for channel in CHANNELS},
        excluded=counted.excluded,
        quota=_quota(plan.get(""), counted.batches.total() - counted.excluded),
        services={each: _quota(plan.get(each), counted.services[each]) for each in services},
    )


def _quota(planned: int | None, counted: int) -> Quota:
    return Quota(planned, counted, None if planned is None else max(planned - counted, 0))


def _total(every: Sequence[Turnout]) -> Turnout:
    services = sorted({service for each in every for service in each.services})
    return Turnout(
        used=Used(
            invited=sum(each.used.invited for each in every),
            answered=sum(each.used.answered for each in every),
            by_link=sum(each.used.by_link for each in every),
        ),
        batches={channel: sum(each.batches[channel] for each in every) for channel in CHANNELS},
        excluded=sum(each.excluded for each in every),
        quota=_together([each.quota for each in every]),
        services={
            service: _together(
                [each.services[service] for each in every if service in each.services]
            )
            for service in services
        },
    )


def _together(quotas: Sequence[Quota]) -> Quota:
    planned = [each.planned for each in quotas if each.planned is not None]
    missing = [each.missing for each in quotas if each.missing is not None]
    counted = sum(each.counted for each in quotas)
    return Quota(sum(planned), counted, sum(missing)) if planned else Quota(None, counted, None)
