"""The appraisal service, wired."""

from services.appraisal import api, policy
from services.appraisal.application import Appraisals, Papers, Readings
from services.appraisal.views import VIEWS
from shared.events.ranking import PRIVACY
from shared.runtime import service
from shared.runtime.handle import Handler
from shared.runtime.project import Projector
from shared.runtime.react import Reactor

NAME = "appraisal"
HEARD = ("cycle/", "submission/", PRIVACY)


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    own = Handler(outside.store)
    papers = Papers(own, Handler(outside.inbox))
    projector = Projector(outside.store, outside.documents, VIEWS)
    appraisals = Appraisals(own, papers, outside.seals, outside.clock)
    readings = Readings(papers, projector, outside.seals, outside.clock)
    reactor = Reactor(outside.inbox, outside.store, policy.react, appraisals.perform)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(appraisals, readings),
        loops=(
            service.tell(NAME, outside),
            service.hear(NAME, outside, lambda stream: stream.startswith(HEARD)),
            service.react(NAME, outside, reactor),
            service.forget(NAME, outside, outside.inbox),
            service.show(NAME, outside, projector),
        ),
        draw=projector.fresh,
    )
