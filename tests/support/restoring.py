"""A deployed system of which servers lose their data, and the commands by which these come back."""

import asyncio
import io
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest
from pymongo import MongoClient

from real.processes import Process
from real.servers import postgres
from real.servers.server import NotHad
from services import cli
from shared.adapters.backup import PARTS, TOPIC
from shared.adapters.kafka import delete_topic
from tests.support.books.blocks import RUNBOOKS, read
from tests.support.books.running import BASH
from tests.support.deployed import Deployed
from tests.support.manifests import rendered
from tests.support.role import run
from tests.support.servers import open_folder

SERVICES = ("submission", "appraisal", "survey", "ranking")
IDENTITY = "identity.txt"

Told = Mapping[str, Any]


@contextmanager
def programs_found(deployed: Deployed) -> Iterator[None]:
    """PostgreSQL's programs are looked for where those of the servers lie, too."""
    path = os.environ["PATH"]
    try:
        path = os.pathsep.join([path, str(postgres.programs(deployed.servers.home))])
    except NotHad:
        assert shutil.which("pg_dump"), "whoever brings a server has its programs"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", path)
        yield


def command(*given: str, settings: Mapping[str, str]) -> tuple[int, Told]:
    """The exit status of a command in this process, and what it says."""
    with redirect_stdout(io.StringIO()) as out:
        status = cli.main([*given, "--json"], settings)
    return status, json.loads(out.getvalue() or "{}")


def save(deployed: Deployed, folder: Path) -> Sequence[Told]:
    """Save every part, in its order, for an identity that lies in the folder."""
    recipient, saved = recipient_of(folder), []
    for part in PARTS:
        given = ("save", part, "--to", str(folder), "--recipient", recipient)
        settings = deployed.settings("ranking" if part == TOPIC else part)
        status, told = command(*given, settings=settings)
        assert status == 0, told
        saved.append(told)
    return saved


def recipient_of(folder: Path) -> str:
    """For whom dumps are encrypted, by the identity in a folder, which is made if need be."""
    with redirect_stdout(io.StringIO()) as out:
        assert cli.main(["backup-key", str(folder / IDENTITY)], {}) == 0
    return out.getvalue().partition("\n")[0]


def drill(deployed: Deployed, folder: Path) -> tuple[int, Told]:
    """What a drill on the servers of the system comes to."""
    at = deployed.servers
    servers = ("--postgres", at.postgres.url, "--mongo", at.mongo.url, "--kafka", at.kafka.url)
    given = ("drill", "--from", str(folder), "--identity", str(folder / IDENTITY), *servers)
    return command(*given, settings={})


# --- Processes


@contextmanager
def standing_still(deployed: Deployed, *services: str) -> Iterator[None]:
    """No process of these services runs meanwhile."""
    processes = [each for each in deployed.system.processes if each.name.service in services]
    try:
        for process in processes:
            process.retire()
        for process in processes:
            process.stop()
        yield
    finally:
        _begin(processes)


def _begin(processes: Sequence[Process]) -> None:
    starts = {process.name: process.starts + 1 for process in processes}
    for process in processes:
        process.begin()
    for process in processes:
        process.wait(starts[process.name])


def tell(deployed: Deployed, setting: str, value: str) -> None:
    """Tell every process something else from its next start on."""
    for process in deployed.system.processes:
        process.settings[setting] = value


def migrate(deployed: Deployed, *services: str) -> None:
    """Make what is missing."""
    for service in services:
        ended = run(service, "migrate", deployed.settings(service))
        assert ended.returncode == 0, ended.stderr


# --- As in a cluster


def set_aside(settings: Mapping[str, str]) -> None:
    """Set aside what stands in a database, as the runbook has it."""
    [block] = [each for each in read(RUNBOOKS / "restore.md").blocks if "rename to" in each.text]
    subprocess.run([BASH, "-e"], input=block.text, env=_told(settings), check=True, text=True)


def started(
    name: str, folder: Path, settings: Mapping[str, str], dump: Path | None = None
) -> Iterator[int]:
    """The exit status of each container of a CronJob of the manifests, up to one that fails.

    `folder` is where the volumes would be, with the identity in it, and `dump` the memory.
    """
    made = rendered("production")
    [job] = [each for each in (*made.at_hand, *made.now_and_then) if each.name == name]
    with open_folder() as memory:
        places = {"/backup": folder, "/run/identity": folder, "/dump": dump or memory}
        for container in job.containers:
            args = [_placed(each, places, settings) for each in container["args"]]
            if "command" in container:
                command = [*container["command"], *args]
                status = subprocess.run(command, env=_told(settings), check=False).returncode
            else:
                status = cli.main(args, settings)
            yield status
            if status != 0:
                return


def _told(settings: Mapping[str, str]) -> Mapping[str, str]:
    return {"PATH": os.environ["PATH"], "CCHC_POSTGRES": settings["CCHC_POSTGRES"]}


def _placed(text: str, places: Mapping[str, Path], settings: Mapping[str, str]) -> str:
    for place, folder in places.items():
        text = re.sub(rf"(?<![\w/]){place}\b", str(folder), text)
    return re.sub(r"\$\((\w+)\)", lambda named: settings[named[1]], text)


# --- What servers lose


def lose_topic(deployed: Deployed) -> None:
    """Kafka loses the topic, with everything in it."""
    settings = deployed.settings("ranking")
    asyncio.run(delete_topic(settings["CCHC_KAFKA"], settings["CCHC_KAFKA_TOPIC"]))


def lose_documents(deployed: Deployed) -> None:
    """MongoDB loses the databases of all services: documents, files, and what was brought."""
    for service in SERVICES:
        settings = deployed.settings(service)
        with MongoClient[dict[str, Any]](settings["CCHC_MONGO"]) as client:
            client.drop_database(settings["CCHC_MONGO_DATABASE"])


def lose_database(deployed: Deployed, service: str) -> None:
    """PostgreSQL loses the database of a service; an empty one takes its place."""
    name = urlsplit(deployed.settings(service)["CCHC_POSTGRES"]).path.removeprefix("/")
    with psycopg.connect(deployed.servers.postgres.url, autocommit=True) as connection:
        connection.execute(f"drop database {name} with (force)".encode())
        connection.execute(f"create database {name}".encode())
