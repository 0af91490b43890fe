"""Databases on a PostgreSQL server, created by `psql`, wherever that is to be had."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

from real.compose import Composed
from real.servers import postgres
from real.servers.server import NotHad, Server

COMMAND_S_MAX = 60.0


class NotCreated(Exception):
    """psql failed; the sentence ends with what it said."""


def create(server: Server, name: str, home: Path) -> str:
    """Create a database, where it is missing, on a server that runs; gives its URL."""
    assert name.isidentifier(), "so that the name needs no quoting"
    assert name.islower(), "or else PostgreSQL writes it differently"
    if name not in _ask(server, "select datname from pg_database", home).splitlines():
        _ask(server, f"create database {name}", home)
    return urlunsplit(urlsplit(server.url)._replace(path=f"/{name}"))


def _ask(server: Server, statement: str, home: Path) -> str:
    options = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--command", statement)
    asked = subprocess.run(  # noqa: S603 - the program is found, and the statement is ours
        [*_psql(server, home), *options],
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        env={**os.environ, **_environment(server)},
        timeout=COMMAND_S_MAX,
    )
    if asked.returncode != 0:
        raise NotCreated(f"psql ended with {asked.returncode}: {asked.stdout}")
    return asked.stdout.strip()


def _psql(server: Server, home: Path) -> Sequence[str]:
    if isinstance(server, Composed):
        within = ("exec", "--no-TTY", "postgres", "psql", "--username=cchc", "--dbname=postgres")
        return server.project.command(*within)
    try:
        found: Path | str | None = postgres.programs(home) / "psql"
    except NotHad:
        found = shutil.which("psql")
    if found is None:
        raise NotHad(
            "thiếu psql để tạo cơ sở dữ liệu / psql, which creates the databases, is missing: "
            "make servers"
        )
    return (str(found),)


def _environment(server: Server) -> Mapping[str, str]:
    """Where the server is, told in a way that other users of the machine cannot list."""
    url = urlsplit(server.url)
    return {
        "PGHOST": url.hostname or "",
        "PGPORT": str(url.port or ""),
        "PGUSER": unquote(url.username or ""),
        "PGPASSWORD": unquote(url.password or ""),
        "PGDATABASE": url.path.removeprefix("/"),
    }
