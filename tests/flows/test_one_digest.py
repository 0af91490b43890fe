"""One log, one digest: whoever counts it, from whatever there is of it."""

import asyncio
import io
import json
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from demo.__main__ import main as play
from services import cli
from services.cli import embedded
from services.cli.inside import Caller
from shared import verify
from shared.adapters import signature
from shared.adapters.process import lock_directory
from shared.kernel.actor import Actor
from shared.verify import HOLDS
from tests.support import tally

CYCLE = "2021"
AUDITOR = Actor(id="an-auditor", role="auditor")
NOTHING: dict[str, str] = {}

Record = Callable[[str, Any], None]


def said(run: Callable[[list[str]], int], *arguments: str) -> dict[str, Any]:
    """What a command says as JSON."""
    out = io.StringIO()
    with redirect_stdout(out):
        assert run([*arguments, "--json"]) == 0, out.getvalue()
    spoken: dict[str, Any] = json.loads(out.getvalue())
    return spoken


async def read(data: Path, *asked: Mapping[str, str]) -> list[dict[str, Any]]:
    """What a new process reads of the table, as it is asked, once it has drawn what is there."""
    with lock_directory(data):
        async with embedded.opened_for(data, "trial", AUDITOR) as system:
            [counting] = [loop for loop in system.loops if loop.name == "ranking.count"]
            while await counting.step():
                pass
            caller = Caller(system.app)
            path = f"/ranking/cycles/{CYCLE}/table"
            return [await caller.get(path, tier="department", **each) for each in asked]


def rebuilt(data: Path, source: str) -> str:
    """The digest of the documents that were made again, and let serve."""
    arguments = ["rebuild", "--cycle", CYCLE, "--from", source, "--data", str(data)]
    came = said(lambda given: cli.main(given, NOTHING), *arguments)["cycles"][CYCLE]
    assert (came["state"], came["differing"]) == ("serves", [])
    return digest(asyncio.run(read(data, {}))[0])


def digest(table: Mapping[str, Any]) -> str:
    found: str = table["digest"]
    return found


@pytest.mark.slow
def test_every_way_to_count_a_cycle_comes_to_one_digest(
    tmp_path: Path, record_property: Record
) -> None:
    folder, bundle = tmp_path / "demo", tmp_path / "bundle.zip"
    told = said(play, "--folder", str(folder))
    data, published = folder / "data", told["published"]
    caught_up, as_of = asyncio.run(read(data, {}, {"at": str(published["position"])}))
    assert cli.main(["bundle", CYCLE, "--to", str(bundle), "--data", str(data)], NOTHING) == 0
    verified = said(lambda given: verify.main(given, signature.verify), str(bundle))

    digests = {
        "live, as it was published": digest(published),
        "counted again from the exported facts": digest(told["recount"]),
        "caught up by a new process": digest(caught_up),
        "as of the published position": digest(as_of),
        "rebuilt from the ledger": rebuilt(data, "ledger"),
        "rebuilt from the topic": rebuilt(data, "topic"),
        "verified offline, from the bundle": digest(verified),
    }

    rows = {f"{way}: {found}": {"facts": verified["facts"]} for way, found in digests.items()}
    tally.count(record_property, "one log, one digest", rows)
    assert verified["exit"] == HOLDS
    assert set(digests.values()) == {digest(published)}
