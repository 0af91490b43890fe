"""The beginning of a small cycle, and what a count of it says."""

from collections.abc import Sequence

from shared.count.replay import Replay
from shared.count.state import Note
from shared.count.table import notes
from shared.events.codec import Stored
from shared.kernel.index import AgencyResult, ItemResult
from tests.support.small_cycle import ADOPTED, CYCLE, OPENED
from tests.support.told import Teller

AGENCY = "so-y-te"
SUBMISSION, APPRAISAL = f"submission/{CYCLE}/{AGENCY}", f"appraisal/{CYCLE}/{AGENCY}"


def opened() -> Teller:
    teller = Teller()
    teller.tell(f"cycle/{CYCLE}", ADOPTED)
    teller.tell(f"cycle/{CYCLE}", OPENED)
    return teller


def replayed(told: Sequence[Stored]) -> Replay:
    replay = Replay(CYCLE)
    for stored in told:
        replay.take(stored.body)
    return replay


def rows(teller: Teller) -> dict[str, AgencyResult]:
    return {row.agency: row for table in replayed(teller.told).count().tables for row in table.rows}


def item(teller: Teller, code: str) -> ItemResult:
    row = rows(teller)[AGENCY]
    return next(
        item
        for area in row.areas
        for criterion in area.criteria
        for item in criterion.items
        if item.code == code
    )


def noted(teller: Teller) -> list[Note]:
    return list(notes(replayed(teller.told).state))
