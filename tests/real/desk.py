"""The desk at which runbooks are typed in, as their README says, about a cycle that is signed."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from real.system import SERVICES
from shared.adapters.backup import PARTS
from tests.real.town import Town, founded
from tests.support.books import database, files
from tests.support.books.running import Desk
from tests.support.deployed import Deployed
from tests.support.manifests import rendered

SIGNED_S_MAX = 60.0
POLL_S = 0.2
ROLE = "of_runbooks"
LATER = ("11-23", "11")
"""More than an hour after the cycle began, so that its ledger is signed once more."""
SAVED_AT: Mapping[str, str] = {
    part: f"2026-11-27T0{hour}-00-00Z" for hour, part in enumerate(PARTS)
}
"""The backups that go together."""
OTHERS = ("GATEWAY", "OPERATORS", "PROMETHEUS", "TRACES")
"""Whose namespaces are let in, or out to."""


@contextmanager
def signed(deployed: Deployed) -> Iterator[Town]:
    """A cycle that is signed, with something declared."""
    town = founded(deployed)
    with town.http:
        assert town.declare()[2].is_success
        now = {"now": town.cycle.at(*LATER)}
        town.call("PUT", "/trial/clock", by=("administrator", ""), json=now).raise_for_status()
        deadline = time.monotonic() + SIGNED_S_MAX
        while not newest(town).is_success:
            assert time.monotonic() < deadline, "the ledger is not signed"
            time.sleep(POLL_S)
        yield town


def newest(town: Town) -> httpx.Response:
    """The newest checkpoint."""
    return town.call("GET", town.cycle.ranking("checkpoints/latest"))


def desk_in(folder: Path, town: Town, missing: tuple[str, ...]) -> Desk:
    """What the README of the runbooks says is there before the commands are typed in.

    `missing` are first words of what a stand-in takes.
    """
    deployed = town.deployed
    addresses = deployed.system.addresses
    files.put(folder / "files", newest(town).text)
    worker = deployed.settings("ranking")
    key: str = town.call("GET", town.cycle.ranking("log-key")).json()["key"]
    return Desk(
        folder,
        {
            "API": addresses["submission"],
            **{f"API_{name.upper()}": url for name, url in addresses.items()},
            "WORKER": f"http://127.0.0.1:{worker['CCHC_PORT']}",
            "TOKEN": town.token("administrator", ""),
            "CYCLE": town.cycle.code,
            "SERVICE": "ranking",
            "CCHC_POSTGRES": database.as_a_role(worker["CCHC_POSTGRES"], ROLE),
            "SERVICES": " ".join(SERVICES),
            "SERVER": "ranking-postgres-1",
            "POSTGRES_IMAGE": "images.test/postgresql:17",
            "OVERLAY": str(files.own_overlay(folder / "own")),
            "REGISTRY": "registry.test",
            **{f"{name}_NAMESPACE": name.lower() for name in OTHERS},
            "UNTIL": town.cycle.at("12-12", "17"),
            "KEY": key,
            "ROLE": ROLE,
            "RUNNING": "HEAD",
            "VERSION": "0.2.0",
            "VERSION_BEFORE": "0.1.9",
        },
        missing=missing,
        secrets={f"{name}-postgres": deployed.settings(name)["CCHC_POSTGRES"] for name in SERVICES},
        # Two of each, as a Deployment has, though it is one process that answers for both.
        pods={
            f"{name}-{role}-{number}": place
            for name in SERVICES
            for role, place in {
                "worker": f"127.0.0.1:{deployed.settings(name)['CCHC_PORT']}",
                "api": addresses[name].removeprefix("http://"),
            }.items()
            for number in range(2)
        },
        commands=_at_hand(),
        logs={"ranking-backups": "".join(f"{part} {at}\n" for part, at in SAVED_AT.items())},
        inside=database.inside(worker["CCHC_POSTGRES"]),
    )


def _at_hand() -> Mapping[str, Any]:
    """What a Job is made of that a runbook starts."""
    production = rendered("production")
    every = [*production.at_hand, *production.now_and_then]
    return {each.name: each.manifest["spec"]["jobTemplate"]["spec"] for each in every}
