"""What processes use of the machine, as proc(5) tells it."""

import os
from pathlib import Path

import pytest

_STATUS = Path("/proc")

MEASURED = pytest.mark.skipif(not _STATUS.exists(), reason="there is no proc(5) here")


def processor_s(pid: int) -> float:
    """How much time of a processor it has used: fields 14 and 15 of /proc/pid/stat."""
    told = (_STATUS / str(pid) / "stat").read_text("ascii")
    user, system = told.rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def memory_bytes(pid: int) -> int:
    """How much memory it has, what it shares with others included: field 2 of /proc/pid/statm."""
    resident = (_STATUS / str(pid) / "statm").read_text("ascii").split()[1]
    return int(resident) * os.sysconf("SC_PAGE_SIZE")
