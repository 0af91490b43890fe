"""The survey service, wired."""

from services.survey import api, policy
from services.survey.application import Shelf, Surveys
from services.survey.views import VIEWS
from shared.runtime import service
from shared.runtime.handle import Handler
from shared.runtime.loop import Loop
from shared.runtime.project import Projector
from shared.runtime.react import Reactor

NAME = "survey"
COUNT_EVERY_S = 1.0
CALENDAR_EVERY_S = 1.0


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), Handler(outside.inbox), projector)
    surveys = Surveys(shelf, outside.urn, outside.seals, outside.clock)
    reactor = Reactor(outside.inbox, outside.store, policy.react, surveys.perform)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(surveys),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith("cycle/")),
            service.react(NAME, outside, reactor),
            service.show(NAME, outside, projector),
            service.alone(
                outside.leases, Loop(f"{NAME}.count", surveys.count_waiting, idle_s=COUNT_EVERY_S)
            ),
            service.alone(
                outside.leases,
                Loop(f"{NAME}.calendar", surveys.follow_calendar, idle_s=CALENDAR_EVERY_S),
            ),
        ),
    )
