"""What would be under each kind of change; the small cycle has 4 + 2 points, and 4 of SIPAS."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from shared.count.canonical import canonical
from shared.count.table import tables
from shared.count.whatif import (
    BreakTiesBy,
    Change,
    DecideOtherwise,
    LeaveOut,
    Outcome,
    Weigh,
    supposed,
    swaps,
)
from shared.events import submission
from shared.events.codec import Stored
from shared.kernel.index import Table
from shared.kernel.scheme import TieRule
from tests.support.counted import opened, replayed
from tests.support.small_cycle import ADOPTED, CYCLE
from tests.support.supposing import TIER, counted, known, ranks, rows_of, table_if, totals
from tests.support.told import Teller, answer, ask, declare, recognise, whole_cycle

AGENCY, OTHER = "so-y-te", "so-noi-vu"
SIPAS_OF_3 = Fraction(28, 9)
"""Two thirds of the citizens, who weigh 2, and all organisations, who weigh 1, of 4 points."""
LEADERS = Fraction(8, 5)
FIRST, SECOND = Fraction(4) + LEADERS + SIPAS_OF_3, Fraction("3.25") + LEADERS + SIPAS_OF_3


def status(table: Table, agency: str, item: str) -> str:
    return next(
        each.status
        for area in rows_of(table)[agency].areas
        for criterion in area.criteria
        for each in criterion.items
        if each.code == item
    )


def test_nothing_supposed_is_the_table_itself() -> None:
    state = counted()

    assert known(supposed(state, ())) == known(state)
    assert tables(supposed(state, ())) == tables(state)


# --- Other decisions


@pytest.mark.parametrize(
    ("outcome", "points", "expected"),
    [
        (Fraction(1), Fraction(1), "rejected"),
        ("recognised", Fraction("3.25"), "recognised"),
        ("undecided", Fraction("3.25"), "pending"),
    ],
)
def test_another_decision_gives_other_points(
    outcome: Outcome, points: Fraction, expected: str
) -> None:
    table = table_if(counted(), DecideOtherwise(AGENCY, "1.1", outcome))

    assert totals(table)[AGENCY] == (LEADERS + SIPAS_OF_3 + points, 10)
    assert status(table, AGENCY, "1.1") == expected
    assert totals(table)[OTHER] == (FIRST, 10)


def test_a_claim_that_was_rejected_or_fell_out_of_force_can_be_recognised() -> None:
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    declare(teller, AGENCY, "1.5")

    table = table_if(replayed(teller.told).state, DecideOtherwise(AGENCY, "1.1", "recognised"))

    assert status(table, AGENCY, "1.1") == "recognised"
    assert rows_of(table)[AGENCY].appraised.points == Fraction("1.5")


def test_what_was_never_declared_can_be_awarded_and_recognised_as_nothing() -> None:
    state = replayed(opened().told).state

    awarded = table_if(state, DecideOtherwise(AGENCY, "1.1", Fraction(2)))
    recognised = table_if(state, DecideOtherwise(AGENCY, "1.1", "recognised"))

    assert rows_of(awarded)[AGENCY].appraised.points == 2
    assert rows_of(recognised)[AGENCY].appraised.points == 0


# --- Other weights


def test_a_criterion_that_counts_double_does_so_in_points_and_maximum() -> None:
    table = table_if(counted(), Weigh(TIER, "1.1", Fraction(8)))

    assert totals(table) == {
        OTHER: (FIRST + 4, 14),
        AGENCY: (SECOND + Fraction("3.25"), 14),
    }


def test_an_area_of_another_weight_keeps_its_share_of_the_maximum() -> None:
    state = counted()

    before, after = table_if(state), table_if(state, Weigh(TIER, "1", Fraction(3)))

    for was, would_be in zip(before.rows, after.rows, strict=True):
        assert was.areas[0].score.index == would_be.areas[0].score.index
        assert would_be.areas[0].score.maximum == 3
        assert would_be.areas[1] == was.areas[1]
        assert would_be.claimed.index == was.claimed.index


def _told_under(scheme: dict[str, Any], points: dict[str, str]) -> list[Stored]:
    """The whole cycle under another scheme, with other points claimed and recognised."""
    teller = Teller()
    for stored in whole_cycle():
        text = stored.body.decode()
        for was, would_be in points.items():
            for name in ("points", "awarded"):
                text = text.replace(f'"{name}":"{was}"', f'"{name}":"{would_be}"')
        teller.repeat(Stored(stored.stream, stored.version, stored.type, text.encode()))
    adopted = submission.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=scheme)
    return [Teller().tell(f"cycle/{CYCLE}", adopted), *teller.told[1:]]


def test_a_supposed_weight_is_what_a_scheme_of_that_weight_would_have_given() -> None:
    scheme: dict[str, Any] = deepcopy(ADOPTED.scheme)
    scheme["maximum"] = "22"
    scheme["areas"][0]["maximum"] = "14"
    scheme["areas"][0]["criteria"][0]["maximum"] = "12"
    scheme["areas"][1]["maximum"] = scheme["areas"][1]["criteria"][0]["maximum"] = "8"
    told = _told_under(scheme, {"3.25": "9.75", "4": "12"})

    changes: list[Change] = [Weigh(TIER, "1.1", Fraction(12)), Weigh(TIER, "9", Fraction(8))]

    assert canonical(CYCLE, [table_if(counted(), *changes)]) == canonical(
        CYCLE, replayed(told).count().tables
    )


@pytest.mark.parametrize(
    ("part", "points", "maximum"),
    [
        ("1", {OTHER: 4 + LEADERS, AGENCY: Fraction("3.25") + LEADERS}, 6),
        ("1.1", {OTHER: Fraction(4), AGENCY: Fraction("3.25")}, 4),
        ("1.2", {OTHER: LEADERS, AGENCY: LEADERS}, 2),
        ("9", {OTHER: SIPAS_OF_3, AGENCY: SIPAS_OF_3}, 4),
        ("9.1", {OTHER: SIPAS_OF_3, AGENCY: SIPAS_OF_3}, 4),
    ],
)
def test_what_is_left_out_leaves_points_and_maximum(
    part: str, points: dict[str, Fraction], maximum: int
) -> None:
    after = table_if(counted(), LeaveOut(TIER, part))

    assert totals(after) == {
        OTHER: (FIRST - points[OTHER], 10 - maximum),
        AGENCY: (SECOND - points[AGENCY], 10 - maximum),
    }


def test_nothing_is_left_of_a_table_of_which_all_is_left_out() -> None:
    table = table_if(counted(), LeaveOut(TIER, "1"), LeaveOut(TIER, "9"))

    assert [(row.index, row.rank, row.grade) for row in table.rows] == [(None, None, None)] * 2


def test_an_item_left_out_waits_for_nobody() -> None:
    teller = opened()
    declare(teller, AGENCY)
    state = replayed(teller.told).state

    rows = rows_of(table_if(state, LeaveOut(TIER, "1.1"), LeaveOut(TIER, "9")))

    assert rows[AGENCY].pending == ()
    assert rows[AGENCY].unanswered == ("1.2",)


def test_other_weights_and_decisions_do_not_ask_which_comes_first() -> None:
    weigh, decide = Weigh(TIER, "1.1", Fraction(8)), DecideOtherwise(AGENCY, "1.1", Fraction(3))

    one, other = table_if(counted(), weigh, decide), table_if(counted(), decide, weigh)

    assert one == other
    assert rows_of(one)[AGENCY].appraised.points == 6


# --- Other ways to break a tie


def _level_in_all_but_the_parts() -> Teller:
    """Both agencies come to the same index: one by its own work, one by what leaders say of it."""
    teller = opened()
    declare(teller, AGENCY, "2")
    declare(teller, OTHER, "4")
    ask(teller, "leaders", "1.2", "abcde")
    answer(teller, "leaders", ["a"])
    return teller


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("competition", [(OTHER, 1), (AGENCY, 1)]),
        ("dense", [(OTHER, 1), (AGENCY, 1)]),
        ("ordinal", [(OTHER, 1), (AGENCY, 2)]),
    ],
)
def test_another_rule_numbers_a_tie_otherwise(
    rule: TieRule, expected: list[tuple[str, int]]
) -> None:
    state = counted()
    level = DecideOtherwise(AGENCY, "1.1", Fraction(4))

    assert ranks(table_if(state, level, BreakTiesBy(TIER, rule, ()))) == expected


def test_another_chain_tells_apart_what_was_level() -> None:
    state = replayed(_level_in_all_but_the_parts().told).state
    level = DecideOtherwise(OTHER, "1.1", Fraction(2))

    by_claim = table_if(state, level, BreakTiesBy(TIER, "competition", ("self",)))
    by_nothing = table_if(state, level, BreakTiesBy(TIER, "competition", ()))

    assert ranks(by_claim) == [(OTHER, 1), (AGENCY, 2)]
    assert [rank for _, rank in ranks(by_nothing)] == [1, 1]


# --- Who changes places


def test_agencies_that_change_places_are_named_and_those_that_are_level_are_not() -> None:
    state = counted()
    before = table_if(state)

    swapped = table_if(state, DecideOtherwise(OTHER, "1.1", Fraction(1)))
    level = table_if(state, DecideOtherwise(OTHER, "1.1", Fraction("3.25")))

    assert swaps(before, swapped) == [(AGENCY, OTHER)]
    assert swaps(before, before) == swaps(before, level) == swaps(level, before) == []


def test_the_state_is_as_it_was() -> None:
    state = counted()
    before = known(state)

    for change in (
        DecideOtherwise(AGENCY, "1.1", Fraction(0)),
        DecideOtherwise(AGENCY, "1.1", "undecided"),
        Weigh(TIER, "9", Fraction(1)),
        LeaveOut(TIER, "1"),
        BreakTiesBy(TIER, "ordinal", ("self",)),
    ):
        changed = supposed(state, [change])
        tables(changed)
        changed.questionnaire("leaders").chosen.clear()
        changed.agency(AGENCY).declarations.clear()

    assert known(state) == before
