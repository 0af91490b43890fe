"""A small cycle in which more happens than should."""

from collections.abc import Sequence

from shared.events import appraisal, submission
from shared.events.codec import Stored
from tests.support import asked
from tests.support.small_cycle import CYCLE
from tests.support.told import (
    DECISION,
    SEALED,
    Teller,
    amended,
    answer,
    ask,
    declare,
    recognise,
    whole_cycle,
)


def eventful_cycle() -> Sequence[Stored]:
    """What else may happen: a change after the decision, exclusions, strangers, a late agency."""
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    declare(teller, "so-y-te", "2")
    locked = submission.LockedItem(
        item="1.1",
        criterion="1.1",
        maximum="4",
        points="2",
        declaration=f"submission/{CYCLE}/so-y-te@3",
        evidence=(),
        explanation="",
    )
    teller.tell(
        f"appraisal/{CYCLE}/so-y-te",
        appraisal.ReappraisalDue(
            cycle=CYCLE, agency="so-y-te", item=locked, cause="declaration-changed"
        ),
    )
    teller.tell(f"survey/{CYCLE}/leaders", asked.excluded("leaders", 1, 0, 1))
    late = submission.Agency(code="so-moi", name="Sở Mới", tier="department", ranked=True)
    teller.tell(
        f"cycle/{CYCLE}",
        submission.AgencyAdded(cycle=CYCLE, agency=late, decision=DECISION, because=SEALED),
    )
    declare(teller, "so-moi", "1")
    declare(teller, "so-la", "1")
    ask(teller, "strangers", "1.2", "xy")
    answer(teller, "strangers", ["x"])
    recognise(teller, "so-noi-vu")
    return teller.told


def amending() -> Stored:
    """A scheme that refuses what one agency declared, and takes what the other did."""
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    teller.tell(f"cycle/{CYCLE}", amended({"type": "manual", "step": "0.5"}, "4"))
    return teller.told[-1]
