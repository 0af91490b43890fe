"""A backup of a system that runs here, and the drill that restores it beside: by the commands."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from real.processes import PROJECT
from real.servers import postgres
from real.servers.found import Servers
from real.servers.server import NotHad
from real.system import PARTITIONS, System

PARTS = ("ranking", "appraisal", "submission", "topic", "survey")
"""In the order in which they are saved; the topic with the settings of ranking."""
SETTINGS_OF = {"topic": "ranking"}
IDENTITY = "identity.txt"


def saved(system: System, folder: Path) -> int:
    """Save every part into a folder, which has the key too; the status of the first that failed."""
    folder.mkdir(parents=True, exist_ok=True)
    made = _run(["backup-key", str(folder / IDENTITY)], {}, system.servers, stdout=subprocess.PIPE)
    recipient = (made.stdout or "").partition("\n")[0]
    for part in PARTS:
        settings = system.process(SETTINGS_OF.get(part, part), "worker").settings
        given = ["save", part, "--to", str(folder), "--recipient", recipient]
        if status := _run(given, settings, system.servers).returncode:
            return status
    return 0


def drilled(servers: Servers, folder: Path, *more: str) -> int:
    """Restore what lies in a folder into an empty place on these servers; the drill's status."""
    at = {
        "--postgres": servers.postgres.url,
        "--mongo": servers.mongo.url,
        "--kafka": servers.kafka.url,
        "--partitions": str(PARTITIONS),
        "--from": str(folder),
        "--identity": str(folder / IDENTITY),
    }
    given = ["drill", *(word for pair in at.items() for word in pair), *more]
    return _run(given, {}, servers).returncode


def _run(
    given: Sequence[str],
    settings: Mapping[str, str],
    servers: Servers,
    *,
    stdout: int | None = None,
) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "services", *given],
        cwd=PROJECT,
        env={**os.environ, **settings, "PATH": _path(servers)},
        check=False,
        stdout=stdout,
        text=True,
    )


def _path(servers: Servers) -> str:
    """Where programs are looked for, those of PostgreSQL too, if they are here."""
    path = os.environ.get("PATH", os.defpath)
    try:
        return os.pathsep.join([path, str(postgres.programs(servers.home))])
    except NotHad:
        return path
