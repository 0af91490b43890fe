"""The ranking service, wired: its inbox holds the ledgers."""

from services.ranking import api
from services.ranking.application import (
    NOTES,
    Alarms,
    Board,
    Bundles,
    Checkpoints,
    Differences,
    Explanations,
    Followers,
    Forgetting,
    Ledgers,
    LedgerStates,
    Log,
    Make,
    Manner,
    Notes,
    Order,
    Rankings,
    Rebuilder,
    Rebuilds,
    RedFlags,
    Scenarios,
    Shelf,
    Signing,
    Stores,
    Tools,
    Trees,
    drawn,
    served,
)
from services.ranking.views import VIEWS
from shared.adapters.threads import Threads
from shared.count.sample import Drawing, Rounds, Sample
from shared.ports import Clock
from shared.runtime import service
from shared.runtime.alone import alone
from shared.runtime.handle import Handler
from shared.runtime.loop import Loop
from shared.runtime.project import Projector

__all__ = [
    "NAME",
    "NOTES",
    "Make",
    "Manner",
    "Order",
    "Stores",
    "rebuilder",
    "rebuilding",
    "stores_of",
    "wire",
]

NAME = "ranking"
SHOW_EVERY_S = 0.5
SHOWING_RESTS = 4
"""Showing takes at most a fifth of the time, however much there is to count."""
SIGN_EVERY_S = 2.0
SIGNING_RESTS = 9
"""Looking at the ledgers takes at most a tenth of the time."""
REBUILD_EVERY_S = 2.0
"""How often is looked whether a rebuild was ordered."""


def wire(outside: service.Outside) -> service.Service:
    """The service over its outside world."""
    ledgers = Ledgers(outside.inbox)
    projector = Projector(outside.store, drawn(outside.documents), VIEWS)
    shelf = Shelf(Handler(outside.store), projector, served(outside.documents), ledgers)
    rebuilds = rebuilding(stores_of(outside), outside.chance.token(), outside.clock)
    trees, notes = Trees(outside.inbox), Notes(outside.inbox)
    signing = Signing(trees, notes, outside.notary, outside.clock)
    board = Board(ledgers, outside.documents, outside.chance.token())
    use = api.UseCases(
        rankings=Rankings(shelf, outside.seals, notes),
        alarms=Alarms(notes, outside.clock),
        bundles=Bundles(ledgers, notes, outside.notary),
        checkpoints=Checkpoints(trees, notes, outside.notary, outside.clock),
        differences=Differences(ledgers),
        forgetting=Forgetting(shelf.own, outside.inbox, outside.seals, outside.directory),
        explanations=Explanations(shelf, Log(trees, notes, outside.notary.origin)),
        followers=Followers(ledgers, outside.inbox),
        red_flags=RedFlags(outside.inbox, ledgers),
        rebuilds=rebuilds,
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
    remaking = Loop(f"{NAME}.rebuild", rebuilds.step, idle_s=REBUILD_EVERY_S)
    return service.Service(
        name=NAME,
        routes=lambda: api.routes(use),
        loops=(
            service.tell(NAME, outside),
            service.number(NAME, outside),
            service.forget(NAME, outside, outside.store),
            service.show(NAME, outside, projector),
            alone(outside.leases, counting),
            alone(outside.leases, checkpointing),
            alone(outside.leases, remaking),
        ),
        draw=projector.fresh,
        ledgers=LedgerStates(outside.inbox, notes, outside.clock).look,
    )


def stores_of(outside: service.Outside) -> Stores:
    """What of the outside world a rebuild goes by."""
    return Stores(
        own=outside.store,
        inbox=outside.inbox,
        topic=outside.topic,
        documents=outside.documents,
        leases=outside.leases,
    )


def rebuilding(stores: Stores, name: str, clock: Clock, make: Make | None = None) -> Rebuilds:
    """The rebuilds that a process does by a name of its own, itself unless others `make` them."""
    return Rebuilds(stores, make or rebuilder(stores, name).tell, clock)


def rebuilder(stores: Stores, name: str) -> Rebuilder:
    """Who makes cycles again, by a name of its own."""
    return Rebuilder(stores, name)


def _resample(sample: Sample, drawing: Drawing) -> Rounds:
    """Numpy is loaded by whoever is first to draw: it costs as much as the rest of a start."""
    from shared.adapters import bootstrap  # noqa: PLC0415 - see above

    return bootstrap.resample(sample, drawing)
