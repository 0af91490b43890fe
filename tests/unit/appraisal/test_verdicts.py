"""What a member decides on an item, in which round, and what is no news."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest

from services.appraisal.domain.appraisal import decide
from services.appraisal.domain.sitting import Sitting
from services.appraisal.domain.verdict import Decide, DecideTogether, Verdict
from shared.events import appraisal as events
from shared.events import submission
from shared.kernel.errors import Problem, Refused
from tests.support.small_appraisal import (
    AFTERWARDS,
    AGENCY,
    APPROVED,
    EXPLAINING,
    REASON,
    RECOGNISE,
    RECOGNISED,
    REJECT,
    REJECTED,
    ROUND_1,
    ROUND_2,
    given,
    refusal,
    sitting,
    submitted,
    when,
)
from tests.support.small_cycle import OPENED, at


def judge(verdict: Verdict, *facts: object, before: Sitting | None = None) -> Sequence[object]:
    return when(Decide(before or sitting(), verdict), *facts)


def refused(verdict: Verdict, *facts: object, before: Sitting | None = None) -> Problem:
    return refusal(Decide(before or sitting(), verdict), *facts)


def extended(phase: submission.PhaseName, agency: str | None = None) -> submission.DeadlineExtended:
    return submission.DeadlineExtended(
        cycle="2021",
        phase=phase,
        agency=agency,
        until=AFTERWARDS.replace(month=2),
        decision=OPENED.decision,
        because=REASON,
    )


def test_a_self_score_is_recognised_on_what_the_member_saw() -> None:
    facts = judge(RECOGNISE)

    assert facts == (RECOGNISED,)


def test_a_self_score_is_rejected_for_other_points() -> None:
    facts = judge(REJECT)

    assert facts == (REJECTED,)


def test_an_item_without_declaration_is_recognised_with_nothing() -> None:
    facts = judge(Verdict(item="B1", decision="recognise", declaration=""))

    assert facts == (
        msgspec.structs.replace(RECOGNISED, item="B1", declaration="", evidence=(), awarded="0"),
    )


def test_the_second_round_decides_again() -> None:
    change = replace(REJECT, based_on=2)

    facts = judge(change, RECOGNISED, before=sitting(when=ROUND_2))

    assert facts == (msgspec.structs.replace(REJECTED, round=2),)


@pytest.mark.parametrize(("verdict", "fact"), [(RECOGNISE, RECOGNISED), (REJECT, REJECTED)])
@pytest.mark.parametrize("moment", [ROUND_1, EXPLAINING, AFTERWARDS])
def test_the_same_verdict_again_is_no_news_even_after_the_round(
    verdict: Verdict, fact: events.Fact, moment: datetime
) -> None:
    facts = judge(replace(verdict, based_on=1), fact, before=sitting(when=moment))

    assert facts == ()


def test_the_same_verdict_is_no_news_after_the_approval() -> None:
    assert judge(RECOGNISE, RECOGNISED, APPROVED) == ()


def test_the_same_verdict_in_another_round_is_news() -> None:
    again = replace(RECOGNISE, based_on=2)

    facts = judge(again, RECOGNISED, before=sitting(when=ROUND_2))

    assert facts == (msgspec.structs.replace(RECOGNISED, round=2),)


@pytest.mark.parametrize("moment", [at(12, 11), EXPLAINING, AFTERWARDS])
def test_outside_the_rounds_nothing_is_decided(moment: datetime) -> None:
    problem = refused(RECOGNISE, before=sitting(when=moment))

    assert problem.code == "appraisal-round-closed"


@pytest.mark.parametrize(
    ("phase", "number"), [("appraisal-1", 1), ("appraisal-2", 2)], ids=["first", "second"]
)
@pytest.mark.parametrize("agency", [None, AGENCY], ids=["for all", "for the agency"])
def test_an_extension_keeps_a_round_open(
    phase: submission.PhaseName, number: int, agency: str | None
) -> None:
    moment = AFTERWARDS if number == 2 else EXPLAINING

    facts = judge(RECOGNISE, before=sitting(when=moment, cycle=[extended(phase, agency)]))

    assert facts == (msgspec.structs.replace(RECOGNISED, round=number),)


def test_an_extension_for_another_agency_helps_nobody_else() -> None:
    late = sitting(when=AFTERWARDS, cycle=[extended("appraisal-2", "so-noi-vu")])

    assert refused(RECOGNISE, before=late).code == "appraisal-round-closed"


def test_where_both_rounds_run_the_second_counts() -> None:
    both = sitting(when=ROUND_2, cycle=[extended("appraisal-1")])

    facts = judge(RECOGNISE, before=both)

    assert facts == (msgspec.structs.replace(RECOGNISED, round=2),)


def test_several_items_are_decided_together() -> None:
    idle = Verdict(item="1.1.2", decision="recognise", declaration=submitted(3))

    facts = decide(DecideTogether(sitting(), (RECOGNISE, idle)), given())

    assert facts == [
        RECOGNISED,
        msgspec.structs.replace(
            RECOGNISED, item="1.1.2", declaration=submitted(3), evidence=(), awarded="0"
        ),
    ]


def test_together_means_all_or_none_with_an_error_for_each() -> None:
    verdicts = (
        RECOGNISE,
        replace(RECOGNISE, item="1.3"),
        replace(RECOGNISE, item="7.7"),
        Verdict(item="1.1.2", decision="recognise", declaration=submitted(1)),
        RECOGNISE,
    )

    with pytest.raises(Refused) as caught:
        decide(DecideTogether(sitting(), verdicts), given())

    assert caught.value.code == "decisions-refused"
    assert {flaw.pointer: flaw.code for flaw in caught.value.flaws} == {
        "/decisions/1": "criterion-not-assigned",
        "/decisions/2": "item-unknown",
        "/decisions/3": "declaration-changed",
        "/decisions/4/item": "item-twice",
    }


def test_deciding_together_again_is_no_news() -> None:
    assert decide(DecideTogether(sitting(), (RECOGNISE,)), given(RECOGNISED)) == []
