"""The OpenAPI documents hold: requests made from them are answered as they say, whoever asks.

CONTRACT_EXAMPLES   how many requests chance makes for an operation; beyond the usual number,
                    everybody asks, in every state, and all go to the edges of every schema
CONTRACT_SEED       where chance begins
"""

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.support import tally
from tests.support.documented import Asked, Asking, ask
from tests.support.served import Served

pytestmark = pytest.mark.slow

USUAL = 3
EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", str(USUAL)))
SEED = int(os.environ.get("CONTRACT_SEED", "7"))
TITLE = f"Requests made from the OpenAPI documents (seed {SEED})"
UNDOCUMENTED = (
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "problem_conformance",
)
BUSIEST = {
    "submission": ("agency", "scoring"),
    "appraisal": ("member", "appraising"),
    "survey": ("survey-officer", "scoring"),
    "ranking": ("administrator", "approved"),
}
"""Who has most to do with a service, and when."""
ROLES = (
    "public",
    "agency",
    "member",
    "survey-officer",
    "administrator",
    "auditor",
    "program-of-agency",
)
USUALLY = ("administrator", "program-of-agency", "public")
STATES = ("scoring", "appraising", "approved", "published")

Count = Callable[[str, Any], None]


def askings() -> Iterator[Asking]:
    """Some at every service, of whom the busiest asks more and goes to the edges; or everybody."""
    for service, (busiest, state) in BUSIEST.items():
        if EXAMPLES > USUAL:
            for who in ROLES:
                yield from (Asking(service, each, who, EXAMPLES, SEED) for each in STATES)
            continue
        yield Asking(service, state, busiest, USUAL, SEED)
        for who in sorted({*USUALLY} - {busiest}):
            yield Asking(service, state, who, 1, SEED, edges=False)


PARAMS = [
    pytest.param(
        each,
        id=f"{each.service}-{each.state}-{each.who}",
        marks=pytest.mark.xdist_group(f"documents-{each.service}"),
    )
    for each in askings()
]
"""The requests at a service are one process's, which makes its document once."""


@pytest.mark.parametrize("asking", PARAMS)
def test_every_answer_is_as_the_document_says(asking: Asking, record_property: Count) -> None:
    asked = ask(asking, Served(asking.service, asking.state))

    count(record_property, asking, asked)
    assert not asked.wrong, asked.told()
    assert asked.operations


def count(record_property: Count, asking: Asking, asked: Asked) -> None:
    """Add to the table that the run ends with."""
    server = asked.count("not_a_server_error")
    undocumented = asked.count(*UNDOCUMENTED)
    is_busiest = (asking.who, asking.state) == BUSIEST[asking.service]
    row = {
        "operations": len(asked.operations) if is_busiest else 0,
        **{phase: asked.cases[phase] for phase in ("examples", "coverage", "fuzzing", "stateful")},
        "5xx": server,
        "undocumented": undocumented,
        "other flaws": sum(map(len, asked.wrong.values())) - server - undocumented,
    }
    tally.count(record_property, TITLE, {asking.service: row})
