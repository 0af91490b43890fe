"""A database as a dump, and back, by PostgreSQL's own programs: `pg_dump` and `pg_restore`.

Both are asked for by their names where programs are looked for (PATH). A password, and nothing
else, goes to them by the environment, which other users of the machine do not see.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, BinaryIO

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from shared.kernel.errors import Refused

DUMP = ("pg_dump", "--format=custom", "--no-owner", "--no-privileges")
RESTORE = (
    "pg_restore",
    "--single-transaction",
    "--exit-on-error",
    "--no-owner",
    "--no-privileges",
)
SAID_CHARACTERS_MAX = 2_000


@contextmanager
def dumped(url: str) -> Iterator[BinaryIO]:
    """A database as it is at this moment, to be read to its end.

    Raises `Refused` with `postgres-program-missing` or, in the end, `postgres-program-failed`: what
    was read is then no dump.
    """
    with tempfile.TemporaryFile() as said, _program(DUMP, url, said, reads=True) as program:
        assert program.stdout is not None, "it was asked for"
        yield program.stdout  # type: ignore[misc] # What Popen reads from is a BinaryIO.
        program.stdout.close()
        _check(program, said, DUMP[0])


@contextmanager
def restored(url: str) -> Iterator[BinaryIO]:
    """Where to write a dump: all of it comes into the database, or nothing.

    Raises what `dumped` raises; whoever fails while writing leaves the database as it was.
    """
    with tempfile.TemporaryFile() as said, _program(RESTORE, url, said, reads=False) as program:
        assert program.stdin is not None, "it was asked for"
        try:
            yield program.stdin  # type: ignore[misc] # As above.
            program.stdin.close()
        except BrokenPipeError:
            pass  # It has ended, and says below why.
        _check(program, said, RESTORE[0])


@contextmanager
def _program(
    command: Sequence[str], url: str, said: IO[bytes], *, reads: bool
) -> Iterator[subprocess.Popen[bytes]]:
    found = shutil.which(command[0])
    if found is None:
        raise Refused("postgres-program-missing", program=command[0])
    try:
        told = {name: str(value) for name, value in conninfo_to_dict(url).items()}
    except psycopg.ProgrammingError:
        # The driver's own words quote the URL, and with it the password.
        raise Refused("database-url-unreadable") from None
    password = told.pop("password", "")
    program = subprocess.Popen(  # noqa: S603 - PostgreSQL's own, with options of ours
        [found, *command[1:], f"--dbname={make_conninfo(**told)}"],
        env={"PGPASSWORD": password},
        stdin=subprocess.DEVNULL if reads else subprocess.PIPE,
        stdout=subprocess.PIPE if reads else subprocess.DEVNULL,
        stderr=said,
    )
    try:
        yield program
    finally:
        if program.poll() is None:
            program.kill()  # So that what was half restored is rolled back.
            program.wait()
        for pipe in filter(None, (program.stdin, program.stdout)):
            _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return  # What was still to be written, nobody reads any more.


def _check(program: subprocess.Popen[bytes], said: IO[bytes], name: str) -> None:
    if program.wait() != 0:
        said.seek(0)
        words = said.read().decode(errors="replace").strip()[-SAID_CHARACTERS_MAX:]
        raise Refused("postgres-program-failed", program=name, said=words)
