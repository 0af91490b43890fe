"""The ranking service, wired: its inbox holds the ledgers."""

from services.ranking import api
from services.ranking.application import (
    Board,
    Checkpoints,
    Ledgers,
    Notes,
    Rankings,
    Shelf,
    Signing,
    Trees,
)
from services.ranking.views import VIEWS
from shared.runtime import service
from shared.runtime.handle import Handler
from shared.runtime.loop import Loop
from shared.runtime.project import Projector

NAME = "ranking"
SHOW_EVERY_S = 0.5
SHOWING_RESTS = 4
"""Showing takes at most a fifth of the time, however much there is to count."""
SIGN_EVERY_S = 2.0
SIGNING_RESTS = 9
"""Looking at the ledgers takes at most a tenth of the time."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    ledgers = Ledgers(outside.inbox)
    projector = Projector(outside.store, outside.documents, VIEWS)
    shelf = Shelf(Handler(outside.store), projector, outside.documents, ledgers)
    trees, notes = Trees(outside.inbox), Notes(outside.inbox)
    rankings = Rankings(shelf, outside.seals, notes)
    checkpoints = Checkpoints(trees, notes, outside.notary, outside.clock)
    signing = Signing(trees, notes, outside.notary, outside.clock)
    board = Board(ledgers, outside.documents)
    counting = Loop(
        f"{NAME}.count", board.step, idle_s=SHOW_EVERY_S, rests=SHOWING_RESTS, lag=board.lag
    )
    checkpointing = Loop(f"{NAME}.sign", signing.step, idle_s=SIGN_EVERY_S, rests=SIGNING_RESTS)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(rankings, checkpoints),
        loops=(
            service.tell(NAME, outside),
            service.number(NAME, outside),
            service.show(NAME, outside, projector),
            service.alone(outside.leases, counting),
            service.alone(outside.leases, checkpointing),
        ),
    )
