"""The turnout beside the plan."""

import msgspec

from services.survey.domain import turnout
from services.survey.domain.turnout import BATCH_CHANNELS, Quota, Turnouts, Used
from shared.events import survey as events
from tests.support import asked
from tests.support.small_cycle import recorded
from tests.support.small_questionnaire import ADOPTED, QUESTION, option, question
from tests.support.survey_given import NAMED, OPENED, STREAM, batch, cycle, given

SERVICE = question("service", required=False, options=(option("a"), option("b")))
ASKED = msgspec.structs.replace(ADOPTED, questions=(SERVICE, QUESTION), service_question="service")


def _stratum(agency: str, service: str, sample: int) -> events.Stratum:
    return events.Stratum(agency=agency, service=service, population=1_000, sample=sample)


def _planned(*strata: events.Stratum) -> events.SamplePlanned:
    return events.SamplePlanned(**NAMED, margin="0.05", strata=strata)


def _counted(
    number: int, channel: events.Channel, agency: str, services: str
) -> events.ResponsesCounted:
    responses = [
        events.Response(
            agency=agency,
            answers={"q1": "5", **({} if service == "-" else {"service": service})},
            choices={},
        )
        for service in services
    ]
    return msgspec.structs.replace(batch(number, *responses), channel=channel)


def _turnouts(*facts: events.Fact, **used: Used) -> Turnouts:
    channels = BATCH_CHANNELS.initial
    for version, fact in enumerate(facts, start=1):
        channels = BATCH_CHANNELS.evolve(channels, recorded(STREAM, version, fact))
    by_agency = {name.replace("_", "-"): each for name, each in used.items()}
    return turnout.turnouts(given(ASKED, OPENED, *facts), cycle(), channels, by_agency)


def test_without_a_plan_nothing_is_missing_and_nothing_reached() -> None:
    found = _turnouts(so_y_te=Used(10, 4, 2))

    assert found.margin is None
    assert found.agencies["so-y-te"].used == found.total.used == Used(10, 4, 2)
    assert found.agencies["so-noi-vu"].quota == Quota(None, 0, None)
    assert found.total.quota == Quota(None, 0, None)


def test_answers_are_told_by_channel_and_excluded_ones_fill_no_quota() -> None:
    found = _turnouts(
        _planned(_stratum("so-y-te", "", 5)),
        _counted(1, "invitation", "so-y-te", "aab"),
        _counted(2, "paper", "so-y-te", "-"),
        asked.excluded("citizens", 1, 0, 2),
    ).agencies["so-y-te"]

    assert found.batches == {"invitation": 3, "link": 0, "paper": 1, "mixed": 0}
    assert found.excluded == 2
    assert found.quota == Quota(5, 2, 3)
    assert found.services == {"a": Quota(None, 1, None)}


def test_where_it_is_planned_by_service_the_agency_s_plan_is_their_sum() -> None:
    found = _turnouts(
        _planned(_stratum("so-y-te", "a", 2), _stratum("so-y-te", "b", 3)),
        _counted(1, "link", "so-y-te", "aaa"),
    ).agencies["so-y-te"]

    assert found.quota == Quota(5, 3, 2)
    assert found.services == {"a": Quota(2, 3, 0), "b": Quota(3, 0, 3)}


def test_who_answered_more_than_was_planned_fills_no_other_s_quota() -> None:
    total = _turnouts(
        _planned(_stratum("so-y-te", "", 1), _stratum("so-noi-vu", "", 4)),
        _counted(1, "mixed", "so-y-te", "abab"),
        _counted(2, "mixed", "so-noi-vu", "a"),
    ).total

    assert total.quota == Quota(5, 5, 3)
    assert total.batches["mixed"] == 5
    assert total.services["a"] == Quota(None, 3, None)
