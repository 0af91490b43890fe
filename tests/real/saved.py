"""A small cycle with evidence on a deployed system, saved before somebody was forgotten."""

import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.papers import paper
from tests.faults.judged.steps import evidence
from tests.real.test_forgotten_deployed import bearer, keyed, look_up
from tests.real.town import Town, founded
from tests.support.deployed import Deployed
from tests.support.postgres_file import asked
from tests.support.restoring import SERVICES, programs_found, save

DECLARATIONS = 3
BACK_S_MAX = 90.0
POLL_S = 0.2
SOMEBODY = "somebody-in-an-old-backup"
KNOWN = "select count(*) from people where id = 'somebody-in-an-old-backup'"


@dataclass(frozen=True)
class Saved:
    """A town, its evidence, and the backup that was made of everything."""

    town: Town
    folder: Path
    agency: str
    file: str
    content: bytes


@pytest.fixture(scope="module")
def saved(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    """A cycle with a file of evidence, counted, shown and saved; then somebody is forgotten."""
    town, folder = founded(deployed), tmp_path_factory.mktemp("backup")
    with town.http, programs_found(deployed):
        (agency, item, _), *_ = [town.declare() for _ in range(DECLARATIONS)]
        officer = bearer(town, "agency", SOMEBODY, agency)
        content = paper(f"{agency}: {item}")
        file = hashlib.sha256(content).hexdigest()
        path = town.cycle.sheet(agency)
        put = town.call("PUT", f"{path}/files/{file}", content=content, headers=officer)
        put.raise_for_status()
        proof = f"{path}/items/{item}/evidence/tai-lieu"
        body = evidence(agency, 1, file)
        town.call("PUT", proof, json=body, headers=officer).raise_for_status()
        look_up(town, "appraisal", headers=officer)  # Refused, and yet they acted there.
        until(lambda: is_shown(town))
        save(deployed, folder)
        administrator = bearer(town, "administrator", "an-administrator")
        forgetting = town.cycle.ranking(f"people/{SOMEBODY}/forgetting")
        headers, body = {**administrator, **keyed("losses")}, {"reason": "Theo đề nghị."}
        before = len(town.numbered().splitlines())
        town.call("POST", forgetting, json=body, headers=headers).raise_for_status()
        until(lambda: len(town.numbered().splitlines()) > before)
        until(lambda: is_shown(town) and not any(kept(town, each) for each in SERVICES))
        yield Saved(town, folder, agency, file, content)


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + BACK_S_MAX
    while not done():
        assert time.monotonic() < deadline, "it does not come back"
        time.sleep(POLL_S)


def is_shown(town: Town) -> bool:
    """Whether all that is numbered is drawn and signed, and nothing is doubted.

    A ledger that is shorter than what was signed of it raises an alarm, until it is numbered.
    """
    paths = map(town.cycle.ranking, ("facts", "table?tier=department", "log-key"))
    facts, table, key = (town.call("GET", path) for path in paths)
    if not (facts.is_success and table.is_success and key.is_success):
        return False
    size: int = len(facts.text.splitlines())
    return table.json()["counted_to"] == size and key.json()["alarm"] is None


def kept(town: Town, service: str) -> bool:
    """Whether a service still knows who somebody is."""
    return asked(KNOWN, town.deployed.settings(service)["CCHC_POSTGRES"]) != 0
