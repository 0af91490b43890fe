"""Given facts of a questionnaire, when a command, then facts or a refusal."""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

import msgspec
import pytest

from services.survey.domain import questionnaire as domain
from services.survey.domain.cycle import CYCLE, Cycle
from shared.events import survey as events
from shared.events.envelope import Sealed
from shared.kernel.errors import Problem
from tests.support import asked
from tests.support.small_cycle import opened_cycle, recorded

STREAM = "survey/2021/citizens"
NAMED: Mapping[str, Any] = {"cycle": "2021", "questionnaire": "citizens"}
OPENED = events.SurveyOpened(**NAMED)
CLOSED = events.SurveyClosed(**NAMED, closed_by="calendar", responses=0)
SEALED = Sealed(key="k", text="t")


def cycle(*more: object) -> Cycle:
    """The small cycle, as the survey knows it."""
    facts = (*opened_cycle(), *(recorded("cycle/2021", 9, fact) for fact in more))
    return reduce(CYCLE.evolve, facts, CYCLE.initial)


def given(*facts: events.Fact) -> domain.Questionnaire:
    """The questionnaire of these facts."""
    numbered = (recorded(STREAM, place, fact) for place, fact in enumerate(facts, start=1))
    return reduce(domain.decider.evolve, numbered, domain.decider.initial)


def when(command: domain.Command, *facts: events.Fact) -> Sequence[object]:
    """What follows from a command."""
    return domain.decide(command, given(*facts))


def refusal(command: domain.Command, *facts: events.Fact) -> Problem:
    """Why nothing follows from it."""
    with pytest.raises(Problem) as caught:
        when(command, *facts)
    return caught.value


def response(agency: str = "so-y-te", option: str = "5") -> events.Response:
    """One person's answer to the one question."""
    return asked.response(agency, {"q1": option})


def batch(number: int, *responses: events.Response) -> events.ResponsesCounted:
    """A batch of them, with as many receipts."""
    return asked.batch("citizens", number, responses, channel="invitation")


def certified(count: int, **changes: str) -> events.ResultImported:
    """So many people were satisfied, as others counted them."""
    result = events.ResultImported(
        **NAMED,
        agency="so-y-te",
        counts={"q1": {"5": count}},
        source="Bưu điện tỉnh",
        document="12/BC-BĐ",
        sha256=None,
    )
    return msgspec.structs.replace(result, **changes)
