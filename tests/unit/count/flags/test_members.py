"""Flags about members: too fast, too agreeable, too near, or alone."""

import pytest

from shared.count.flags import limits
from tests.support.flagged import (
    AGENCY,
    DECLARED,
    MEMBER,
    OTHER,
    ROUND_1,
    ROUND_2,
    SECOND,
    Story,
    ids,
)

PAUSE = limits.PAUSE_S_MAX * SECOND
RUN = limits.RUN_DECISIONS_MIN


# --- decided-in-seconds


def test_many_decisions_within_seconds_are_told_once_however_long_it_goes_on() -> None:
    story = Story()
    decided = [story.decide("0", ROUND_1 + n * PAUSE, item=f"7.{n}") for n in range(RUN + 3)]

    [flag] = story.flags()

    assert (flag.kind, flag.subject.by, flag.count) == ("decided-in-seconds", MEMBER, 1)
    assert ids(flag) == decided
    assert flag.details == {"decisions": "13", "behind": "12", "seconds": "120"}
    assert flag.parameters == {"pause_s_max": 10, "run_decisions_min": 10}


def test_one_decision_less_or_a_pause_or_two_members_are_not_told() -> None:
    fewer, paused, shared = Story(), Story(), Story()
    for n in range(RUN):
        fewer.decide("0", ROUND_1 + n * SECOND, item=f"7.{n}")
    for n in range(2 * RUN):
        pause = (n >= RUN) * (PAUSE + SECOND)
        paused.decide("0", ROUND_1 + n * SECOND + pause, item=f"7.{n}")
    for n in range(2 * RUN):
        by = MEMBER if n % 2 else OTHER
        shared.decide("0", ROUND_1 + n * SECOND, item=f"7.{n}", by=by)

    for story in (fewer, paused, shared):
        assert story.flags() == []


def test_what_was_sent_in_one_request_may_have_been_read_before() -> None:
    story = Story()
    for n in range(5 * RUN):
        story.decide("0", ROUND_1, item=f"7.{n}", sending="k-1")

    assert story.flags() == []


def test_a_second_request_on_the_heels_of_the_first_is_told() -> None:
    story = Story()
    for n in range(2 * RUN):
        sending, when = ("k-1", ROUND_1) if n < RUN else ("k-2", ROUND_1 + SECOND)
        story.decide("0", when, item=f"7.{n}", sending=sending)

    [flag] = story.flags()

    assert flag.details == {"decisions": "20", "behind": "10", "seconds": "1"}


def test_requests_that_share_a_name_are_told_apart_by_their_times() -> None:
    story = Story()
    for n in range(RUN + 1):
        story.decide("0", ROUND_1 + n * SECOND, item=f"7.{n}", sending="the-same")

    assert story.kinds() == ["decided-in-seconds"]


def test_to_propose_nothing_for_an_item_is_a_decision_too() -> None:
    story = Story()
    for n in range(RUN + 1):
        story.propose(ROUND_1 + n * SECOND, item=f"7.{n}")

    assert story.kinds() == ["decided-in-seconds"]


def test_a_second_run_is_counted_and_the_flag_speaks_of_it() -> None:
    story = Story()
    for begun in (ROUND_1, ROUND_2):
        for n in range(RUN + 1):
            story.decide("0", begun + n * SECOND, item=f"7.{n}")

    [flag] = story.flags("decided-in-seconds")

    assert (flag.count, flag.details["decisions"], len(flag.facts)) == (2, "11", 22)


def test_a_flag_names_so_many_facts_and_says_that_there_are_more() -> None:
    story = Story()
    for n in range(limits.FACTS_NAMED_MAX + 1):
        story.decide("0", ROUND_1 + n * SECOND, item=f"7.{n}")

    [flag] = story.flags()

    assert (len(flag.facts), flag.more) == (limits.FACTS_NAMED_MAX, True)
    assert flag.details["decisions"] == "51"


# --- seconded-at-once


def test_a_second_person_who_agrees_at_once_is_told() -> None:
    story = Story()
    proposed = story.propose(ROUND_1)
    seconded = story.second(ROUND_1 + (limits.SECONDED_S_MIN - 1) * SECOND)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("seconded-at-once", [proposed, seconded])
    assert (flag.subject.by, flag.subject.item) == (OTHER, "1.1")


def test_a_second_person_who_takes_a_minute_is_not() -> None:
    story = Story()
    story.propose(ROUND_1)
    story.second(ROUND_1 + limits.SECONDED_S_MIN * SECOND)

    assert story.flags() == []


# --- acted-on-own-agency


def test_a_member_who_acts_on_the_own_agency_is_told() -> None:
    story = Story()
    assigned = story.assign("m-1", AGENCY)
    decided = story.decide("1")

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("acted-on-own-agency", [assigned, decided])
    assert (flag.subject.agency, flag.subject.by) == (AGENCY, MEMBER)


def test_so_is_one_who_is_registered_with_it_afterwards() -> None:
    story = Story()
    decided = story.decide("1")
    assigned = story.assign("m-1", AGENCY)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("acted-on-own-agency", [decided, assigned])
    story.assign("m-1", AGENCY)
    assert [flag.count for flag in story.flags()] == [1]


def test_a_member_of_another_agency_is_not() -> None:
    story = Story()
    story.assign("m-1", "so-noi-vu")
    story.assign("m-2", AGENCY)
    story.decide("1")

    assert story.flags() == []


# --- decided-by-one


def test_one_member_who_decides_everything_and_approves_it_is_told() -> None:
    story = Story()
    decided = [story.decide("0", ROUND_1, item=item, sending="k-1") for item in DECLARED]
    approved = story.approve(ROUND_2)

    [flag] = story.flags()

    assert (flag.kind, ids(flag)) == ("decided-by-one", [*decided, approved])
    assert (flag.subject.by, flag.details) == (MEMBER, {"items": "6"})


@pytest.mark.parametrize("why", ["another decides", "another approves", "few", "two agreed"])
def test_where_a_second_person_had_a_hand_in_it_or_there_was_little_it_is_not(why: str) -> None:
    story = Story()
    if why == "two agreed":
        story.propose(ROUND_1 - 100 * SECOND, by=OTHER, item="2.5")
        story.second(ROUND_1, by=MEMBER)
    few = DECLARED[: limits.ONE_HAND_ITEMS_MIN - 1] if why == "few" else DECLARED
    for item in few:
        by = OTHER if why == "another decides" and item == "1.1" else MEMBER
        story.decide("0", ROUND_1, item=item, by=by, sending="k-1")
    story.approve(ROUND_2, by=OTHER if why == "another approves" else MEMBER)

    assert story.flags() == []
