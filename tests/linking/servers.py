"""Everything that a deployed system keeps: tables with what PostgreSQL says of each row, and bytes.

The write-ahead log is held apart: it does tell what was written together, for a while.
"""

import asyncio
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, LiteralString

import psycopg
from aiokafka import TopicPartition
from bson import json_util
from bson.raw_bson import RawBSONDocument
from psycopg import sql
from psycopg.rows import dict_row
from pymongo import MongoClient

from real.system import SERVICES, System
from shared.adapters.kafka import driver
from tests.linking.attack import Blob, Held, Table

PAGE_BYTES = 8_192
"""Of the write-ahead log, unless PostgreSQL was built in another way."""

PAGE_HEAD_BYTES, SEGMENT_HEAD_BYTES = 24, 40
"""What stands before each page, and before the first one of a segment (xlog_internal.h)."""

MESSAGES_MAX = 10_000
FETCH_MS = 1_000

Connection = psycopg.Connection[dict[str, Any]]

NAMES = "select tablename from pg_tables where schemaname = 'public' order by tablename"
STAMPED = """
    select ctid::text, xmin::text::bigint, xmax::text::bigint, cmin::text::bigint,
        tableoid::bigint, * from {} order by {}.ctid
"""
OF_THE_SERVER: Mapping[str, LiteralString] = {
    "pg_stat_activity": "select * from pg_stat_activity",
    "pg_prepared_statements": "select * from pg_prepared_statements",
    "pg_stats": "select * from pg_stats where schemaname = 'public'",
}
"""What PostgreSQL itself remembers of what was asked, and of what stands in tables."""

FOLDERS = ("global", "pg_xact", "pg_subtrans", "pg_multixact/members", "pg_notify", "pg_commit_ts")
"""Files of all databases together; beside them each database has a folder of its own."""

TEMPLATE = "select 'base/' || oid as folder from pg_database where datname = 'template1'"
OWN = "select 'base/' || oid as folder from pg_database where datname = current_database()"
FILES = """
    select path, pg_read_binary_file(path, 0, size, true) as content from (
        select path, (pg_stat_file(path, true)).size, (pg_stat_file(path, true)).isdir
        from unnest(%s::text[]) as folder, pg_ls_dir(folder, true, false) as file,
            concat(folder, '/', file) as path
    ) as found where size > 0 and not isdir order by path
"""
RELATIONS = """
    select pg_relation_filenode(oid)::text as file, relname from pg_class
    where pg_relation_filenode(oid) is not null
"""


def held_by(system: System) -> Held:
    """All that the system keeps, and all that it logged, as whoever copied everything has it."""
    tables: list[Table] = []
    blobs: list[Blob] = []
    for service in SERVICES:
        kept = _postgres(system, service)
        tables += kept.tables
        blobs += kept.blobs
        tables += _documents(system, service)
    topic = asyncio.run(_topic(system))
    blobs += [topic_bytes(topic), *logs_of(system)]
    return Held(blobs, [*tables, topic])


def survey_held_by(system: System) -> Held:
    """What the database of the survey holds."""
    return _postgres(system, "survey")


def logs_of(system: System) -> Sequence[Blob]:
    """What processes and servers logged; also without the backslashes by which values are quoted.

    The logs of servers are missing where these are containers, or somebody else's.
    """
    folders = {process.log.parent for process in system.processes}
    paths = [path for folder in sorted(folders) for path in sorted(folder.glob("*.log"))]
    paths += sorted(system.servers.folder.glob("*/*.log"))
    read = [Blob(path.name, path.read_bytes()) for path in paths]
    unquoted = [Blob(f"{each.name}, unquoted", each.content.replace(b"\\", b"")) for each in read]
    return [*read, *unquoted]


def write_ahead_log_of(system: System) -> Held:
    """The write-ahead log of PostgreSQL, with segments that wait to be used again, in its order."""
    with connected(system) as connection:
        found = connection.execute(FILES, (["pg_wal"],)).fetchall()
    segments = sorted(found, key=lambda each: str(each["path"]))
    return Held([Blob("pg_wal", b"".join(records_in(each["content"]) for each in segments))], [])


def records_in(segment: bytes) -> bytes:
    """The records of a segment as they were written, which may run from one page to the next."""
    first, *others = range(0, len(segment), PAGE_BYTES)
    kept = [segment[first + SEGMENT_HEAD_BYTES : PAGE_BYTES]]
    kept += [segment[at + PAGE_HEAD_BYTES : at + PAGE_BYTES] for at in others]
    return b"".join(kept)


def connected(system: System, service: str = "survey") -> Connection:
    """A connection to the database of a service, as its administrator."""
    url = system.process(service, "worker").settings["CCHC_POSTGRES"]
    return psycopg.connect(url, autocommit=True, row_factory=dict_row)


def topic_bytes(topic: Table) -> Blob:
    """The topic as its bytes."""
    return Blob("topic", b"\n".join(record["value"] for record in topic.rows))  # type: ignore[misc] # a value is bytes


def _postgres(system: System, service: str) -> Held:
    with connected(system, service) as connection:
        names = [row["tablename"] for row in connection.execute(NAMES).fetchall()]
        tables = [_table(connection, service, name) for name in names]
        tables += [
            Table(f"{service} {name}", _placed(connection.execute(query).fetchall()))
            for name, query in OF_THE_SERVER.items()
        ]
        connection.execute("checkpoint")
        return Held(list(_files(connection, service)), tables)


def _table(connection: Connection, service: str, name: str) -> Table:
    query = sql.SQL(STAMPED).format(*[sql.Identifier(name)] * 2)
    return Table(f"{service} {name}", _placed(connection.execute(query).fetchall()))


def _files(connection: Connection, service: str) -> Iterator[Blob]:
    """The bytes of all files, but for those that every new database has."""
    [own, template] = [connection.execute(each).fetchall()[0]["folder"] for each in (OWN, TEMPLATE)]
    named = {row["file"]: row["relname"] for row in connection.execute(RELATIONS).fetchall()}
    new = connection.execute(FILES, ([template],)).fetchall()
    known = {row["content"] for row in new}
    for row in connection.execute(FILES, ([own, *FOLDERS],)).fetchall():
        if row["content"] and row["content"] not in known:
            file = row["path"].rpartition("/")[2]
            relation = named.get(file.partition("_")[0].partition(".")[0], "")
            yield Blob(f"{service} {row['path']} {relation}", row["content"])


def _documents(system: System, service: str) -> Iterator[Table]:
    """Every document in its natural order, as its bytes and as JSON."""
    settings = system.process(service, "worker").settings
    url, name = settings["CCHC_MONGO"], settings["CCHC_MONGO_DATABASE"]
    with MongoClient[RawBSONDocument](url, document_class=RawBSONDocument) as client:
        for collection in sorted(client[name].list_collection_names()):
            rows = [
                {
                    "_id": str(document["_id"]),
                    "raw": document.raw,
                    "json": json_util.dumps(document, sort_keys=True, separators=(",", ":")),
                }
                for document in client[name][collection].find()
            ]
            yield Table(f"{service} mongo {collection}", _placed(rows))


async def _topic(system: System) -> Table:
    """Every record, with all that Kafka says of it."""
    settings = system.process("survey", "worker").settings
    name = settings["CCHC_KAFKA_TOPIC"]
    consumer = driver.consumer(settings["CCHC_KAFKA"], "test", secrets.token_hex())
    await consumer.start()
    try:
        places = [TopicPartition(name, n) for n in range(int(settings["CCHC_KAFKA_PARTITIONS"]))]
        consumer.assign(places)
        await consumer.seek_to_beginning(*places)
        ends = await consumer.end_offsets(places)
        records: list[Any] = []
        while any([await consumer.position(place) < ends[place] for place in places]):
            for found in (await consumer.getmany(timeout_ms=FETCH_MS)).values():
                records += found
            assert len(records) < MESSAGES_MAX, "the topic of a test is small"
    finally:
        await consumer.stop()
    return Table("topic", _placed([_record(each) for each in records]))


def _record(record: Any) -> Mapping[str, object]:  # noqa: ANN401 - the driver's own
    return {
        "partition": record.partition,
        "offset": record.offset,
        "timestamp": record.timestamp,
        "key": record.key,
        "headers": repr(record.headers),
        "value": record.value,
    }


def _placed(rows: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return [{"place": place, **row} for place, row in enumerate(rows)]
