"""Who lives, and what it was started with, whatever it is called and whenever it ends."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from real.servers.living import commands, parents

NAMES = ["waits", "a b", "a) Z (b", "(", ") Z 1", "a\nb) Z 1 ("]


@contextmanager
def waiting(command: Sequence[str]) -> Iterator[int]:
    """A process that waits for a line, and gets none."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None, "opened with a pipe"
        process.stdout.readline()
        try:
            yield process.pid
        finally:
            process.kill()


@pytest.mark.parametrize("name", NAMES)
def test_a_process_is_listed_whatever_it_is_called(name: str, tmp_path: Path) -> None:
    script = tmp_path / name
    script.write_text("#!/bin/sh\necho\nread line\n", "utf-8")
    script.chmod(0o700)

    with waiting([str(script), "a  b", "é", "end"]) as pid:
        assert parents()[pid] == os.getpid()
        assert commands()[pid] == f"/bin/sh {script} a  b é end"


def test_the_dead_are_left_out() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        listed = process.pid in parents() or process.pid in commands()
        is_there = Path(f"/proc/{process.pid}").exists()

    assert is_there
    assert not listed


def test_who_ends_while_it_is_read_is_left_out(tmp_path: Path) -> None:
    for name, stat, command in (
        ("7", b"7 (sh) S 1 7 7", b"sh\0-c\0x y\0"),
        ("8", b"8 (renamed) R 7 7 7", b"renamed: idle\0\0\0\0"),
        ("9", b"9 (kthreadd) S 0 0 0", b""),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "stat").write_bytes(stat)
        (tmp_path / name / "cmdline").write_bytes(command)
    (tmp_path / "10").mkdir()
    (tmp_path / "self").mkdir()

    assert parents(tmp_path) == {7: 1, 8: 7, 9: 0}
    assert commands(tmp_path) == {7: "sh -c x y", 8: "renamed: idle"}
