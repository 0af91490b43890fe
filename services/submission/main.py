"""The submission service, wired."""

from services.submission import api, policy
from services.submission.application import (
    Accesses,
    Archive,
    Cycles,
    Sheets,
    Shelf,
    Submissions,
)
from services.submission.views import KEPT, QUARANTINE, VIEWS
from shared.adapters.content import ContentInspector
from shared.events.ranking import PRIVACY
from shared.runtime import service
from shared.runtime.alone import alone
from shared.runtime.handle import Handler
from shared.runtime.intray import Intray
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Reactor
from shared.runtime.scan import Quarantine

NAME = "submission"
HEARD = ("appraisal/", "assignment/", PRIVACY)
HEARD_EDITION = 2
"""At first the assignments were not heard."""

LOCK_EVERY_S = 1.0
INSPECTED_AT_ONCE = 2
"""So many files are in memory as a whole, of at most 20 MiB and what is unpacked of them."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    cycles = Cycles(shelf, outside.seals, outside.mode)
    inspector = ContentInspector(f"{NAME}-content", INSPECTED_AT_ONCE)
    intray = Intray(outside.uploads, outside.files)
    archive = Archive(outside.files, intray, inspector, scans=outside.scanner is not None)
    submissions = Submissions(shelf, archive, outside.seals, outside.clock)
    accesses = Accesses(shelf, outside.seals, outside.clock)
    sheets = Sheets(shelf, outside.files, accesses, outside.seals, outside.clock)
    quarantine = Quarantine(
        QUARANTINE.collection, KEPT.collection, shelf.documents, submissions.take_scan
    )
    reactor = Reactor(outside.inbox, outside.store, policy.react, submissions.perform)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(cycles, submissions, sheets, accesses),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith(HEARD), HEARD_EDITION),
            service.react(NAME, outside, reactor),
            service.forget(NAME, outside, outside.inbox),
            service.show(NAME, outside, projector),
            alone(
                outside.leases,
                Loop(f"{NAME}.lock-overdue", submissions.lock_overdue, idle_s=LOCK_EVERY_S),
            ),
            service.sweep(NAME, outside, submissions.sweep_uploads),
            *service.scan(NAME, outside, quarantine),
        ),
        draw=projector.fresh,
    )
