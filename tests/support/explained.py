"""An explanation made from told facts alone, without a service around it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from services.ranking import views
from services.ranking.application.asked import row_of
from services.ranking.views import Anchor, Cited
from shared.count.ledger import Ledger
from shared.events import codec
from shared.events.codec import Stored
from shared.ledger.entry import Entry
from shared.ledger.levels import LevelTree
from tests.support.sample_cycle import sample_cycle
from tests.support.small_cycle import CYCLE, OPENED_AT


def explained(
    told: Sequence[Stored],
    agency: str,
    part: str = "",
    *,
    with_people: bool = True,
    sees_small: bool = True,
) -> Any:  # noqa: ANN401 - JSON
    """The explanation of an agency by these facts, as it is read over HTTP."""
    ledger, tree = Ledger(CYCLE), LevelTree(stored.body for stored in told)
    for stored in told:
        ledger.take(Entry(OPENED_AT, stored.body))
    known = views.known_of(ledger, *row_of(ledger, agency), part)
    if sees_small:
        known = replace(known, small=frozenset())
    cited = [
        Cited(
            number=number,
            at=OPENED_AT,
            recorded=codec.decode(told[number - 1].body),
            leaf=tree.leaf(number - 1),
            path=tree.inclusion(number - 1, len(told)),
        )
        for number in known.numbers.values()
    ]
    anchor = Anchor(tree.size, tree.root(tree.size), None, ())
    body = views.explanation_body(known, cited, anchor, sees_others=True, with_people=with_people)
    return json.loads(json.dumps({**body, "part": part}))


@lru_cache(maxsize=8)
def sample_explained(agency: str) -> Any:  # noqa: ANN401 - JSON
    """An agency of the sample cycle, explained once for all tests."""
    return explained(sample_cycle(), agency)


def items_of(explanation: Any) -> list[Any]:  # noqa: ANN401 - JSON
    """Every item that is explained."""
    return list(_items_of(explanation))


def _items_of(explanation: Any) -> Iterator[Any]:  # noqa: ANN401 - JSON
    for area in explanation["areas"]:
        for criterion in area["criteria"]:
            yield from criterion["items"]
    yield from explanation["extras"]
