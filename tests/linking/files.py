"""Everything that the embedded mode keeps: each file as bytes, and each table by its columns."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path

from tests.linking.attack import Blob, Held, Table

TABLES = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'"


def held_in(folder: Path, *logs: Path) -> Held:
    """The files of a folder and beside it, as whoever copied them would find them."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    blobs = [Blob(str(path.relative_to(folder)), content) for path, content in _read(files)]
    blobs += [Blob(path.name, path.read_bytes()) for path in logs]
    databases = [path for path in files if path.suffix == ".db"]
    tables = [table for path in databases for table in _tables(path, str(path.relative_to(folder)))]
    return Held(blobs, tables)


def _read(files: Sequence[Path]) -> Iterator[tuple[Path, bytes]]:
    """What lies in files; one that a running system has removed by now is kept no more."""
    for path in files:
        with suppress(FileNotFoundError):
            yield path, path.read_bytes()


def _tables(path: Path, file: str) -> Iterator[Table]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        connection.row_factory = sqlite3.Row
        for (name,) in connection.execute(TABLES).fetchall():
            yield Table(f"{file} {name}", _rows(connection, name))


def _rows(connection: sqlite3.Connection, table: str) -> Sequence[Mapping[str, object]]:
    """The rows as they lie, with the number that SQLite gives each, where it does."""
    try:
        rows = connection.execute(f'select rowid as "rowid", * from "{table}"').fetchall()  # noqa: S608 - the name is SQLite's own
    except sqlite3.OperationalError:  # A table without rowid has no such column.
        rows = connection.execute(f'select * from "{table}"').fetchall()  # noqa: S608 - the name is SQLite's own
    return [{"place": place, **dict(row)} for place, row in enumerate(rows)]
