"""What lies in the file of a table of PostgreSQL, dead or alive."""

import struct

import psycopg

# https://www.postgresql.org/docs/current/storage-page-layout.html
PAGE_BYTES, LOWER_AT, POINTERS_AT, LENGTH_AT, PLACE = 8_192, 12, 24, 17, 0x7FFF
TABLE = "select pg_read_binary_file(pg_relation_filepath(%s))"


def file_of(table: str, url: str) -> bytes:
    """What lies in a table's file, dead or alive, once the server has written all of it."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("checkpoint")
        row = connection.execute(TABLE, (table,)).fetchone()
    assert row is not None
    return bytes(row[0])


def stamps_in_file(table: str, url: str) -> list[int]:
    """The transactions that put in what lies in a table's file, dead or alive, row by row."""
    file, found = file_of(table, url), list[int]()
    for start in range(0, len(file), PAGE_BYTES):
        page = file[start : start + PAGE_BYTES]
        [lower] = struct.unpack_from("<H", page, LOWER_AT)
        for (pointer,) in struct.iter_unpack("<I", page[POINTERS_AT:lower]):
            if pointer >> LENGTH_AT:
                found += struct.unpack_from("<I", page, pointer & PLACE)
    return found


def asked(query: str, url: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]
