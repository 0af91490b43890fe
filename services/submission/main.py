"""The submission service, wired."""

from services.submission import api, policy
from services.submission.application import Archive, Cycles, Scanning, Sheets, Shelf, Submissions
from services.submission.views import VIEWS
from shared.adapters.content import ContentInspector
from shared.events.ranking import PRIVACY
from shared.runtime import service
from shared.runtime.handle import Handler
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Reactor

NAME = "submission"
HEARD = ("appraisal/", PRIVACY)
LOCK_EVERY_S = 1.0
SCAN_EVERY_S = 1.0
INSPECTED_AT_ONCE = 2
"""So many files are in memory as a whole, of at most 20 MiB and what is unpacked of them."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    cycles = Cycles(shelf, outside.seals, outside.mode)
    inspector = ContentInspector(f"{NAME}-content", INSPECTED_AT_ONCE)
    archive = Archive(outside.files, inspector, scans=outside.scanner is not None)
    submissions = Submissions(shelf, archive, outside.seals, outside.clock)
    sheets = Sheets(shelf, outside.files, outside.seals, outside.clock)
    reactor = Reactor(outside.inbox, outside.store, policy.react, submissions.perform)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(cycles, submissions, sheets),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith(HEARD)),
            service.react(NAME, outside, reactor),
            service.forget(NAME, outside, outside.inbox),
            service.show(NAME, outside, projector),
            service.alone(
                outside.leases,
                Loop(f"{NAME}.lock-overdue", submissions.lock_overdue, idle_s=LOCK_EVERY_S),
            ),
            *_scanning(shelf, outside),
        ),
    )


def _scanning(shelf: Shelf, outside: service.Outside) -> tuple[Loop, ...]:
    """The loop over what waits for the scanner, if there is one."""
    if outside.scanner is None:
        return ()
    scanning = Scanning(shelf, outside.files, outside.scanner, outside.clock)
    loop = Loop(f"{NAME}.scan", scanning.scan_waiting, idle_s=SCAN_EVERY_S)
    return (service.alone(outside.leases, loop),)
