"""The survey service, wired."""

from collections.abc import Sequence
from typing import Any

from services.survey import api, pages, policy
from services.survey.application import (
    Answering,
    Archive,
    Certified,
    Closing,
    CountedReceipts,
    Counting,
    Entering,
    Exclusions,
    Moderation,
    Paper,
    PaperTables,
    Results,
    Rights,
    Shelf,
    Surveys,
)
from services.survey.views import KEPT, QUARANTINE, VIEWS
from shared.adapters import qr
from shared.adapters.content import ContentInspector
from shared.adapters.threads import Threads
from shared.adapters.workbook import FileTables
from shared.events.ranking import PRIVACY
from shared.runtime import service
from shared.runtime.alone import alone
from shared.runtime.handle import Handler
from shared.runtime.intray import Intray
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Reactor
from shared.runtime.scan import Quarantine

NAME = "survey"
HEARD = ("cycle/", PRIVACY)
COUNT_EVERY_S = 1.0
CALENDAR_EVERY_S = 1.0
PAPER_EVERY_S = 5.0
COMMENTS_EVERY_S = 5.0
RELEASE_EVERY_S = 15.0
"""Each time all comments of an open questionnaire that nobody may read yet are counted."""
STIR_EVERY_S = 15.0
"""So long at most the tables of the urn tell with which token an answer came."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    rights = Rights(shelf, outside.urn, outside.seals)
    counted = CountedReceipts(shelf, outside.urn)
    surveys = _surveys(shelf, counted, outside)
    paper = Paper(shelf, outside.urn, outside.drafts, outside.seals, outside.clock, outside.chance)
    moderation = Moderation(shelf, outside.urn, outside.seals, outside.clock)
    reactor = Reactor(outside.inbox, outside.store, policy.react, surveys.perform)
    answering = Answering(
        shelf, outside.urn, counted, outside.ballots, outside.clock, outside.chance
    )
    archive = Archive(
        outside.files,
        Intray(outside.uploads, outside.files),
        ContentInspector(f"{NAME}-content", 1),
        scans=outside.scanner is not None,
    )
    certified = Certified(shelf, archive, outside.clock)
    desks = api.Desks(
        surveys=surveys,
        rights=rights,
        answering=answering,
        paper=paper,
        tables=PaperTables(shelf, paper, FileTables(Threads(f"{NAME}-tables", 1))),
        certified=certified,
        exclusions=Exclusions(shelf, outside.seals),
        moderation=moderation,
        results=Results(shelf, Handler(outside.store), rights, Threads(f"{NAME}-results", 1)),
        printer=pages.Slips(outside.public_url, qr.svg, Threads(f"{NAME}-slips", 1)).printer,
        previewed=pages.preview_page,
    )
    return service.Service(
        name=NAME,
        routes=lambda: _routes(desks, outside),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith(HEARD)),
            service.react(NAME, outside, reactor),
            service.forget(NAME, outside, outside.inbox),
            service.show(NAME, outside, projector),
            *(_alone(outside, loop) for loop in _in_turns(surveys, paper, moderation)),
            service.sweep(NAME, outside, certified.sweep_uploads),
            *service.scan(NAME, outside, _quarantine(shelf, certified)),
        ),
        draw=projector.fresh,
    )


def _quarantine(shelf: Shelf, certified: Certified) -> Quarantine:
    return Quarantine(
        QUARANTINE.collection, KEPT.collection, shelf.shown.fresh, certified.take_scan
    )


def _surveys(shelf: Shelf, counted: CountedReceipts, outside: service.Outside) -> Surveys:
    piles = Entering(shelf, outside.urn, outside.drafts, outside.clock, outside.chance)
    counting = Counting(shelf, outside.urn, counted, outside.clock)
    closing = Closing(shelf, outside.urn, piles, outside.ballots, counting)
    return Surveys(shelf, counting, closing, outside.ballots, outside.clock)


def _in_turns(surveys: Surveys, paper: Paper, moderation: Moderation) -> Sequence[Loop]:
    """What one process at a time does, again and again."""
    return (
        Loop(
            f"{NAME}.count",
            surveys.count_and_rest,
            idle_s=COUNT_EVERY_S,
            progress=surveys.counting,
        ),
        Loop(f"{NAME}.calendar", surveys.follow_calendar, idle_s=CALENDAR_EVERY_S),
        Loop(f"{NAME}.paper", paper.finish_all, idle_s=PAPER_EVERY_S),
        Loop(f"{NAME}.comments", moderation.finish_all, idle_s=COMMENTS_EVERY_S),
        Loop(f"{NAME}.release", surveys.release_comments, idle_s=RELEASE_EVERY_S),
        Loop(f"{NAME}.stir", surveys.stir_urn, idle_s=STIR_EVERY_S),
    )


def _alone(outside: service.Outside, loop: Loop) -> Loop:
    return alone(outside.leases, loop)


def _routes(desks: api.Desks, outside: service.Outside) -> Any:  # noqa: ANN401 - of the framework, which main does not know
    """What programs call, and the pages that people open."""
    router = api.routes(desks)
    is_secure = outside.public_url.startswith("https:")
    shown = pages.routes(desks.answering, desks.results, outside.seals, secure=is_secure)
    router.routes.extend(shown.routes)
    return router
