"""Evidence in which a scanner found something, and which was not withdrawn for it."""

from shared.events import submission
from shared.kernel.index import AgencyResult
from tests.support.counted import AGENCY, SUBMISSION, opened, replayed, rows
from tests.support.small_cycle import CYCLE
from tests.support.told import FILE, Teller, declare, recognise

ATTACHED = f"{SUBMISSION}@2"
NAMED = {"cycle": CYCLE, "agency": AGENCY, "sha256": FILE.sha256, "scanner": "ClamAV"}


def decided() -> Teller:
    """An item is declared, proved by a file, and recognised."""
    teller = opened()
    declare(teller, AGENCY)
    recognise(teller, AGENCY)
    return teller


def counted(teller: Teller) -> AgencyResult:
    return rows(teller)[AGENCY]


def condemned(teller: Teller) -> object:
    return replayed(teller.told).state.agency(AGENCY).condemned_of("1.1")


def test_it_changes_no_number_and_is_known_until_it_is_cleared() -> None:
    teller = decided()
    before = counted(teller)

    said = teller.tell(SUBMISSION, submission.EvidenceCondemned(**NAMED, finding="Worm"))
    found, after = condemned(teller), counted(teller)
    teller.tell(SUBMISSION, submission.EvidenceCleared(**NAMED))

    assert (found, after) == ({ATTACHED: said.id}, before)
    assert (condemned(teller), counted(teller)) == ({}, before)


def test_it_is_known_no_more_once_it_is_withdrawn() -> None:
    teller = decided()
    teller.tell(SUBMISSION, submission.EvidenceCondemned(**NAMED, finding="Worm"))
    place = {"cycle": CYCLE, "agency": AGENCY, "item": "1.1", "evidence": "ke-hoach"}

    teller.tell(SUBMISSION, submission.EvidenceWithdrawn(**place))

    assert condemned(teller) == {}
