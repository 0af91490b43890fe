"""The publications of a cycle made again: a view of the service's own log."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.ranking import views
from services.ranking.application.generations import PUBLICATIONS, Generations, named
from services.ranking.application.making import Making
from services.ranking.application.sources import Stores
from shared.events import codec, ranking
from shared.kernel.errors import Refused
from shared.ledger import entry
from shared.ports import Document, EventStore, Logged
from shared.runtime.number import LEDGER
from shared.runtime.project import POSITIONS

FACTS_READ_MAX = 1_000


async def publish_again(stores: Stores, making: Making) -> Sequence[str]:
    """Put the publications of a cycle beside those that serve; names them where they differ.

    What serves is looked at before the log is read, and held against the log up to there. Raises
    `Refused("rebuild-sources-differ")` where the ledger has another fact, or one more.
    """
    cycle, documents = making.cycle, stores.documents
    drawn = (await Generations(documents).pointer(cycle)).drawn
    mark = await documents.get(POSITIONS, PUBLICATIONS)
    served = await documents.get(named(PUBLICATIONS, cycle, drawn), cycle)
    facts = await _own_facts(stores.own, ranking.result_of(cycle))
    await _compare_with_ledger(stores.inbox, making, facts)
    if facts:
        made = Document(cycle, facts[-1].position, _folded(cycle, facts))
        await documents.put(named(PUBLICATIONS, cycle, making.generation), [made])
    shown_to = max(each.position if each else 0 for each in (mark, served))
    expected = _folded(cycle, [each for each in facts if each.position <= shown_to])
    return () if (served.body if served else None) == expected else [f"{PUBLICATIONS}/{cycle}"]


async def _own_facts(own: EventStore, stream: str) -> Sequence[Logged]:
    """The facts of a stream with their positions in the log, as the projector has them."""
    facts, after = list[Logged](), 0
    while page := await own.log(after=after, limit=FACTS_READ_MAX):
        facts += [each for each in page if each.fact.stream == stream]
        after = page[-1].position
    return facts


async def _compare_with_ledger(inbox: EventStore, making: Making, facts: Sequence[Logged]) -> None:
    """See that each fact that came back to the ledger did so with the same bytes."""
    place, replay = LEDGER + making.cycle, making.ledger.replay
    for each in facts:
        number = replay.number_of(each.fact.id)
        if number is None:
            continue  # It has not been told yet.
        [kept] = await inbox.stream(place, after=number - 1, limit=1)
        if entry.from_bytes(kept.body).fact != each.fact.body:
            raise Refused("rebuild-sources-differ", entry=f"{place}@{number}", fact=each.fact.id)
    stream = ranking.result_of(making.cycle)
    if (last := replay.version_of(stream)) > len(facts):
        raise Refused("rebuild-sources-differ", entry=place, fact=f"{stream}@{last}")


def _folded(cycle: str, facts: Sequence[Logged]) -> Mapping[str, Any] | None:
    body: views.Body | None = None
    for each in facts:
        body = views.PUBLICATIONS.apply(cycle, body, codec.decode(each.fact.body))
    return body
