"""The ranking service, wired: its inbox holds the ledgers."""

from services.ranking import api
from services.ranking.application import (
    Board,
    Checkpoints,
    Differences,
    Explanations,
    Followers,
    Ledgers,
    Log,
    Notes,
    Rankings,
    RedFlags,
    Scenarios,
    Shelf,
    Signing,
    Tools,
    Trees,
)
from services.ranking.views import VIEWS
from shared.adapters.threads import Threads
from shared.count.sample import Drawing, Rounds, Sample
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
    signing = Signing(trees, notes, outside.notary, outside.clock)
    board = Board(ledgers, outside.documents, outside.chance.token())
    use = api.UseCases(
        rankings=Rankings(shelf, outside.seals, notes),
        checkpoints=Checkpoints(trees, notes, outside.notary, outside.clock),
        differences=Differences(ledgers),
        explanations=Explanations(shelf, Log(trees, notes, outside.notary.origin)),
        followers=Followers(ledgers, outside.inbox),
        red_flags=RedFlags(outside.inbox),
        scenarios=Scenarios(shelf, Tools(Threads(f"{NAME}-scenarios", 1), _resample)),
    )
    counting = Loop(
        f"{NAME}.count",
        board.step,
        idle_s=SHOW_EVERY_S,
        rests=SHOWING_RESTS,
        progress=board.progress,
    )
    checkpointing = Loop(f"{NAME}.sign", signing.step, idle_s=SIGN_EVERY_S, rests=SIGNING_RESTS)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(use),
        loops=(
            service.tell(NAME, outside),
            service.number(NAME, outside),
            service.show(NAME, outside, projector),
            service.alone(outside.leases, counting),
            service.alone(outside.leases, checkpointing),
        ),
    )


def _resample(sample: Sample, drawing: Drawing) -> Rounds:
    """Numpy is loaded by whoever is first to draw: it costs as much as the rest of a start."""
    from shared.adapters import bootstrap  # noqa: PLC0415 - see above

    return bootstrap.resample(sample, drawing)
