"""One SQLite file in WAL mode: a thread that writes, and one that reads beside it."""

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Literal, TypeVar

from shared.adapters.threads import Threads
from shared.kernel.errors import Unavailable

LOCK_TIMEOUT_S = 5.0
CACHED_STATEMENTS_MAX = 64

Connection = sqlite3.Connection
Durability = Literal["full", "normal"]
Result = TypeVar("Result")


class Database:
    """Transactions on one file.

    With `full` durability what was written survives a loss of power, with `normal` the crash of
    the process only (after a loss of power it goes back to an earlier state, never a torn one).
    With `forgetting`, what is deleted is overwritten. `before` is done ahead of the schema, in a
    transaction: where it raises, the file stays as it is, and closed.
    """

    def __init__(
        self,
        path: Path,
        schema: Sequence[str],
        *,
        durability: Durability = "full",
        forgetting: bool = False,
        before: Callable[[Connection], None] | None = None,
    ) -> None:
        self._write_connection = _connect(path, durability, forgetting=forgetting)
        if before is not None:
            self._begin_with(before)
        self._read_connection = _connect(path, durability, forgetting=forgetting)
        self._writer = Threads(f"{path.stem}-writer", 1)
        self._reader = Threads(f"{path.stem}-reader", 1)
        for statement in schema:
            self._write_connection.execute(statement)
        if forgetting:
            self._empty_log()

    async def write(self, work: Callable[[Connection], Result]) -> Result:
        """Run a transaction: all of it, or nothing where it raises.

        What `work` gives back is no cursor: one that is let go in another thread resets a
        statement under the feet of this file's own thread.
        """
        return await self._run(self._writer, lambda: self._transact(work))

    async def change(self, statement: str, *rows: Sequence[object]) -> None:
        """Run one statement for each row, in one transaction."""

        def change(connection: Connection) -> None:
            connection.executemany(statement, rows)

        await self.write(change)

    async def read(self, work: Callable[[Connection], Result]) -> Result:
        """Read what is committed, beside the writer."""
        return await self._run(self._reader, lambda: _without_cursor(work(self._read_connection)))

    async def empty_log(self) -> None:
        """Cut the write-ahead log to nothing: it remembers what the tables forgot."""
        await self._run(self._writer, self._empty_log)

    async def write_anew(self) -> None:
        """Write the file anew and cut the log: a page that was split remembers what it gave away.

        https://www.sqlite.org/pragma.html#pragma_secure_delete overwrites what is deleted where it
        lies at that moment, and no copy that moving it left behind.
        """

        def write() -> None:
            self._write_connection.execute("vacuum").close()
            self._empty_log()

        await self._run(self._writer, write)

    async def close(self) -> None:
        """Finish what was begun and close the file; every later call raises `Unavailable`."""
        await self._writer.close()
        await self._reader.close()
        self._read_connection.close()
        self._write_connection.close()

    async def _run(self, threads: Threads, work: Callable[[], Result]) -> Result:
        try:
            return await threads.run(work)
        except sqlite3.OperationalError as error:
            raise Unavailable("database-unavailable") from error

    def _transact(self, work: Callable[[Connection], Result]) -> Result:
        connection = self._write_connection
        connection.execute("begin immediate")
        try:
            result = _without_cursor(work(connection))
            connection.execute("commit")
        except BaseException:
            connection.rollback()
            raise
        return result

    def _begin_with(self, before: Callable[[Connection], None]) -> None:
        try:
            self._transact(before)
        except BaseException:
            self._write_connection.close()
            raise

    def _empty_log(self) -> None:
        with closing(self._write_connection.execute("pragma wal_checkpoint(truncate)")) as cursor:
            busy = cursor.fetchone()[0]
        if busy:
            raise Unavailable("database-unavailable")


def _without_cursor(result: Result) -> Result:
    assert not isinstance(result, sqlite3.Cursor), "a cursor stays in its thread"
    return result


def _connect(path: Path, durability: Durability, *, forgetting: bool) -> Connection:
    connection = sqlite3.connect(
        path,
        timeout=LOCK_TIMEOUT_S,
        isolation_level=None,  # Transactions begin and end where this module says so.
        check_same_thread=False,  # Each connection is used by one thread, made by another.
        cached_statements=CACHED_STATEMENTS_MAX,
    )
    journal = connection.execute("pragma journal_mode = wal").fetchone()[0]
    connection.execute(f"pragma synchronous = {durability}")
    connection.execute(f"pragma secure_delete = {'on' if forgetting else 'off'}")
    if forgetting:
        # Writing anew needs a place meanwhile, which is to be no further file.
        connection.execute("pragma temp_store = memory")
    if journal != "wal":
        connection.close()
        raise Unavailable("database-not-durable", file=path.name, journal_mode=str(journal))
    return connection
