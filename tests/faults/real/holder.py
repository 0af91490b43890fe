"""Which process holds a lease: PostgreSQL knows the connection, and the kernel whose that is."""

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psycopg

from real.processes import Process
from shared.adapters.postgres.connection import lock_key

# An advisory lock of 64 bits is listed as two halves of 32, the higher first.
_PORT = """
    select client_port, inet_server_port() from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objsubid = 1
        and (classid::bigint << 32 | objid::bigint) = %s::bigint
"""
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LOCAL, _REMOTE, _INODE = 1, 2, 9
"""The columns of /proc/net/tcp that are needed here."""


def holder(url: str, service: str, lease: str, among: Iterable[Process]) -> Process | None:
    """The process that holds a lease of a service now, if it is one of these."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(_PORT, [lock_key("lease", service, lease)]).fetchone()
    if found is None:
        return None
    socket = _socket_between(*map(int, found))
    return next((each for each in among if socket in _sockets_of(each.pid)), None)


def _socket_between(local: int, remote: int) -> str:
    """The socket of this machine that talks from one port to another.

    Either alone says nothing: two sockets may talk from one port, each to a server of its own.
    """
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        columns = line.split()
        if (_port(columns[_LOCAL]), _port(columns[_REMOTE])) == (local, remote):
            return columns[_INODE]
    return ""


def _port(address: str) -> int:
    return int(address.rpartition(":")[2], 16)


def _sockets_of(pid: int | None) -> set[str]:
    """The sockets that a process has open; none if it has ended meanwhile."""
    if pid is None:
        return set()
    found = set()
    with suppress(FileNotFoundError):  # It ends, or closes something, in this very moment.
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            if match := _SOCKET.fullmatch(str(descriptor.readlink())):
                found.add(match[1])
    return found
