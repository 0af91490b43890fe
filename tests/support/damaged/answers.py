"""Answers that nobody gave, in a ledger that its keeper made fit in everything else."""

from collections.abc import Iterator, Sequence

import msgspec

from shared.events import survey
from tests.support import asked
from tests.support.bundled import Bundled, approved, packed, told_anew
from tests.support.damaged.damage import Codes, Damage
from tests.support.small_cycle import CYCLE
from tests.support.told import Teller, whole_cycle

AGENCY, OTHER = "so-y-te", "so-noi-vu"
RESPONSES = [asked.response(agency, {"q1": "5"}) for agency in (AGENCY, AGENCY, OTHER)]
BATCH = asked.batch("citizens", 2, RESPONSES, channel="invitation", hasty=3)
UNBALANCED, UNINVITED = frozenset({"batch-unbalanced"}), frozenset({"answers-uninvited"})


def of_answers(good: Bundled) -> Iterator[Damage]:
    """What was told behind a cycle, and approved without being published."""
    first, second, third = BATCH.receipts
    invited = [_issued(AGENCY, 2), _issued(OTHER, 1)]
    yield _told(good, "none, answers by invitation", [*invited, BATCH])
    again = msgspec.structs.replace(BATCH, receipts=(), hasty=9)
    yield _told(good, "none, a batch of a number that was counted", [BATCH, again])
    for name, receipts in (
        ("no receipts", ()),
        ("a receipt left out", (first, second)),
        ("a receipt too many", (first, second, third, "more")),
        ("a receipt given twice", (first, second, second)),
        ("a receipt of an earlier batch", (first, second, "citizens-1-000000")),
    ):
        forged = msgspec.structs.replace(BATCH, receipts=receipts)
        yield _told(good, name, [forged], UNBALANCED)
    for name, hasty in (("more hasty answers than answers", 4), ("less than no hasty answers", -1)):
        forged = msgspec.structs.replace(BATCH, hasty=hasty)
        yield _told(good, name, [forged], UNBALANCED)
    late = [_issued(OTHER, 1), _issued(AGENCY, 1), BATCH, _issued(AGENCY, 1)]
    yield _told(good, "more answers than invitations", late, UNINVITED)
    other = [_issued(AGENCY, 2), BATCH]
    yield _told(good, "answers about an agency without invitations", other, UNINVITED)


def _issued(agency: str, count: int) -> survey.InvitationsIssued:
    return survey.InvitationsIssued(
        cycle=CYCLE, questionnaire="citizens", agency=agency, count=count
    )


def _told(good: Bundled, name: str, facts: Sequence[object], codes: Codes = frozenset()) -> Damage:
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    for fact in facts:
        teller.tell(f"survey/{CYCLE}/citizens", fact)
    entries = approved([stored.body for stored in teller.told])
    return Damage(name, packed(told_anew(good.members, entries)), 11 if codes else 3, codes)
