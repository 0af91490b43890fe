"""The submission service, wired."""

from services.submission import api, policy
from services.submission.application import Archive, Cycles, Sheets, Shelf, Submissions
from services.submission.views import VIEWS
from shared.adapters.content import ContentInspector
from shared.runtime import service
from shared.runtime.handle import Handler
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Reactor

NAME = "submission"
LOCK_EVERY_S = 1.0
INSPECTED_AT_ONCE = 2
"""So many files are in memory as a whole, of at most 20 MiB and what is unpacked of them."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    cycles = Cycles(shelf, outside.seals, outside.mode)
    archive = Archive(outside.files, ContentInspector(f"{NAME}-content", INSPECTED_AT_ONCE))
    submissions = Submissions(shelf, archive, outside.seals, outside.clock)
    sheets = Sheets(shelf, outside.files, outside.seals, outside.clock)
    reactor = Reactor(outside.inbox, outside.store, policy.react, submissions.perform)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(cycles, submissions, sheets),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith("appraisal/")),
            service.react(NAME, outside, reactor),
            service.show(NAME, outside, projector),
            service.alone(
                outside.leases,
                Loop(f"{NAME}.lock-overdue", submissions.lock_overdue, idle_s=LOCK_EVERY_S),
            ),
        ),
    )
