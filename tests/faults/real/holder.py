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
    select client_port from pg_locks join pg_stat_activity using (pid)
    where locktype = 'advisory' and granted and objsubid = 1
        and (classid::bigint << 32 | objid::bigint) = %s::bigint
"""
_SOCKET = re.compile(r"socket:\[(\d+)\]")
_LOCAL, _INODE = 1, 9
"""The columns of /proc/net/tcp that are needed here."""


def holder(url: str, service: str, lease: str, among: Iterable[Process]) -> Process | None:
    """The process that holds a lease of a service now, if it is one of these."""
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(_PORT, [lock_key("lease", service, lease)]).fetchone()
    if found is None:
        return None
    socket = _socket_at(int(found[0]))
    return next((each for each in among if socket in _sockets_of(each.pid)), None)


def _socket_at(port: int) -> str:
    """The socket of this machine that talks from a port."""
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        columns = line.split()
        if int(columns[_LOCAL].rpartition(":")[2], 16) == port:
            return columns[_INODE]
    return ""


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
