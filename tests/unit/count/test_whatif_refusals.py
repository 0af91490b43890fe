"""What cannot be supposed is refused, all of it at once, with a pointer to each."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest

from shared.count.whatif import BreakTiesBy, Change, DecideOtherwise, LeaveOut, Weigh, supposed
from shared.events import submission
from shared.kernel.errors import Flaw, Refused
from tests.support.counted import opened, replayed
from tests.support.small_cycle import ADOPTED, CYCLE
from tests.support.supposing import TIER, counted
from tests.support.told import DECISION, SEALED

AGENCY, OTHER = "so-y-te", "so-noi-vu"
ONE = Fraction(1)
COLUMNS = "appraised, sipas, officials, self, area:1, area:9"


def flaws(*changes: Change) -> tuple[Flaw, ...]:
    with pytest.raises(Refused) as refused:
        supposed(counted(), changes)
    assert refused.value.code == "changes-refused"
    assert refused.value.details == {"count": str(len(refused.value.flaws))}
    return refused.value.flaws


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        (
            DecideOtherwise("so-la", "1.1", ONE),
            Flaw("/agency", "agency-not-in-cycle", {"cycle": CYCLE, "agency": "so-la"}),
        ),
        (DecideOtherwise(AGENCY, "7", ONE), Flaw("/item", "item-unknown", {"item": "7"})),
        (DecideOtherwise(AGENCY, "9.1", ONE), Flaw("/item", "item-is-surveyed", {"item": "9.1"})),
        (
            DecideOtherwise(AGENCY, "1.1", Fraction(5)),
            Flaw("/points", "points-above-maximum", {"item": "1.1", "points": "5", "maximum": "4"}),
        ),
        (
            DecideOtherwise(AGENCY, "1.1", -ONE),
            Flaw("/points", "points-negative", {"item": "1.1", "points": "-1"}),
        ),
        (Weigh("commune", "1", ONE), Flaw("/tier", "tier-unknown", {"tier": "commune"})),
        (LeaveOut("commune", "1"), Flaw("/tier", "tier-unknown", {"tier": "commune"})),
        (
            BreakTiesBy("commune", "dense", ()),
            Flaw("/tier", "tier-unknown", {"tier": "commune"}),
        ),
        (Weigh(TIER, "7", ONE), Flaw("/part", "part-unknown", {"part": "7", "tier": TIER})),
        (LeaveOut(TIER, "7"), Flaw("/part", "part-unknown", {"part": "7", "tier": TIER})),
        (
            Weigh(TIER, "1.1", Fraction(0)),
            Flaw("/maximum", "number-not-positive", {"value": "0"}),
        ),
        (
            BreakTiesBy(TIER, "dense", ("self", "luck")),
            Flaw("/chain/1", "tie-column-unknown", {"value": "luck", "known": COLUMNS}),
        ),
        (
            BreakTiesBy(TIER, "dense", ("self", "area:1", "self")),
            Flaw("/chain/2", "code-duplicate", {"value": "self", "first": "/chain/0"}),
        ),
    ],
    ids=str,
)
def test_a_change_that_says_what_cannot_be_is_refused(change: Change, flaw: Flaw) -> None:
    assert flaws(change) == (Flaw(f"/changes/0{flaw.pointer}", flaw.code, flaw.details),)


@pytest.mark.parametrize(
    "changes",
    [
        [DecideOtherwise(AGENCY, "1.1", ONE), DecideOtherwise(AGENCY, "1.1", "recognised")],
        [Weigh(TIER, "1", ONE), Weigh(TIER, "1.1", ONE)],
        [LeaveOut(TIER, "9.1"), Weigh(TIER, "9", ONE)],
        [BreakTiesBy(TIER, "dense", ()), BreakTiesBy(TIER, "ordinal", ())],
    ],
    ids=str,
)
def test_two_changes_that_speak_of_the_same_thing_are_refused(changes: list[Change]) -> None:
    assert flaws(*changes) == (Flaw("/changes/1", "change-repeated", {"first": "/changes/0"}),)


def test_changes_that_speak_of_other_things_go_together() -> None:
    changes: list[Change] = [
        DecideOtherwise(AGENCY, "1.1", ONE),
        DecideOtherwise(OTHER, "1.1", ONE),
        Weigh(TIER, "1.1", ONE),
        Weigh(TIER, "1.2", ONE),
        LeaveOut(TIER, "9"),
        BreakTiesBy(TIER, "ordinal", ("self", "sipas")),
    ]

    assert supposed(counted(), changes).schemes[TIER].maximum == 2


def test_all_that_is_wrong_is_said_at_once() -> None:
    found = flaws(
        Weigh(TIER, "7", Fraction(0)),
        DecideOtherwise("so-la", "1.1", ONE),
        DecideOtherwise(AGENCY, "1.1", ONE),
        DecideOtherwise(AGENCY, "1.1", Fraction(9)),
    )

    assert [(flaw.pointer, flaw.code) for flaw in found] == [
        ("/changes/0/part", "part-unknown"),
        ("/changes/0/maximum", "number-not-positive"),
        ("/changes/1/agency", "agency-not-in-cycle"),
        ("/changes/3/points", "points-above-maximum"),
        ("/changes/3", "change-repeated"),
    ]


def test_an_item_that_does_not_apply_and_a_tier_without_a_scheme_are_refused() -> None:
    teller = opened()
    stranger = submission.Agency(code="xa-la", name="Xã lạ", tier="commune", ranked=True)
    teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyAdded(cycle=CYCLE, agency=stranger, decision=DECISION, because=SEALED),
    )
    scheme: dict[str, Any] = deepcopy(ADOPTED.scheme)
    scheme["areas"][0]["criteria"][0]["except_for"] = [AGENCY]
    teller.tell(
        f"cycle/{CYCLE}",
        submission.SchemeAdopted(cycle=CYCLE, tier=TIER, scheme=scheme),
    )
    state = replayed(teller.told).state

    with pytest.raises(Refused) as refused:
        supposed(state, [DecideOtherwise("xa-la", "1.1", ONE), DecideOtherwise(AGENCY, "1.1", ONE)])

    assert refused.value.flaws == (
        Flaw("/changes/0/agency", "tier-unknown", {"tier": "commune"}),
        Flaw("/changes/1/item", "item-not-applicable", {"item": "1.1", "agency": AGENCY}),
    )
