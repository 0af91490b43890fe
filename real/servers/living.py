"""The processes of this machine, as `ps` lists them."""

import subprocess
from collections.abc import Mapping, Sequence

LISTED_S_MAX = 30.0


def parents() -> Mapping[int, int]:
    """All that live, each with its parent; the dead who wait for theirs are left out."""
    columns = (line.split() for line in _list("pid=,ppid=,stat="))
    return {int(pid): int(parent) for pid, parent, state in columns if not state.startswith("Z")}


def commands() -> Mapping[int, str]:
    """The command line of each."""
    columns = (line.split(maxsplit=1) for line in _list("pid=,args="))
    return {int(pid): "".join(told) for pid, *told in columns}


def _list(columns: str) -> Sequence[str]:
    listed = subprocess.run(  # noqa: S603 - the columns stand above
        ["ps", "-A", "-ww", "-o", columns],  # noqa: S607 - where ps lies differs
        check=True,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=LISTED_S_MAX,
    )
    return listed.stdout.splitlines()
