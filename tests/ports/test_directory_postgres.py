"""What PostgreSQL keeps in its files of people who were forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import psycopg
import pytest

from shared.kernel.errors import Unavailable
from shared.ports import Look, Person
from tests.support import postgres
from tests.support.postgres_file import asked, file_of
from tests.support.servers import REAL

pytestmark = REAL

AN = Person("p-an", "https://sso.example", "an.nguyen@example.gov.vn", "Nguyen Van An")
BINH = Person("p-binh", "https://sso.example", "binh", "Tran Thi Binh")
LOOK = Look(datetime(2021, 11, 15, tzinfo=UTC), "auditor:p-kt", "Why does Mr An decide?")
DAY = date(2021, 11, 15)


@contextmanager
def older_transaction(url: str) -> Iterator[None]:
    """Somebody still sees what there was at its beginning, whatever they look at."""
    with psycopg.connect(url) as other:
        other.execute("set transaction isolation level repeatable read")
        other.execute("select count(*) from pg_class")
        yield


async def test_who_was_forgotten_lies_in_no_table_dead_or_alive(fresh_postgres: str) -> None:
    async with postgres.directory(fresh_postgres) as directory:
        await directory.meet(BINH, "council", DAY)
        await directory.meet(AN, "agency", DAY)
        await directory.meet(AN, "agency", date(2021, 11, 16))
        await directory.look_up("p-an", LOOK)
        before = file_of("people", fresh_postgres) + file_of("people_looks", fresh_postgres)

        await directory.forget("p-an")

        kept = file_of("people", fresh_postgres) + file_of("people_looks", fresh_postgres)

    traces = [text.encode() for text in (AN.subject, AN.name, LOOK.because)]
    assert all(trace in before for trace in traces)
    assert not any(trace in kept for trace in traces)
    assert BINH.name.encode() in kept


async def test_while_somebody_may_still_see_who_was_forgotten_it_is_not_done(
    fresh_postgres: str,
) -> None:
    async with postgres.directory(fresh_postgres) as directory:
        await directory.meet(AN, "agency", DAY)
        with older_transaction(fresh_postgres):
            with pytest.raises(Unavailable, match="rows-held"):
                await directory.forget("p-an")
            held = file_of("people", fresh_postgres)

        await directory.forget("p-an")

    assert AN.name.encode() in held
    assert AN.name.encode() not in file_of("people", fresh_postgres)


async def test_while_somebody_may_still_see_a_key_that_was_removed_it_is_not_done(
    fresh_postgres: str,
) -> None:
    key, other = b"a key that has to go" * 2, b"a key that has to stay"
    async with postgres.keys(fresh_postgres) as keys:
        await keys.add("gone", key)
        await keys.add("kept", other)
        with older_transaction(fresh_postgres):
            with pytest.raises(Unavailable, match="rows-held"):
                await keys.remove("gone")
            held = file_of("sealing_keys", fresh_postgres)

        await keys.remove("gone")

    kept = file_of("sealing_keys", fresh_postgres)
    assert key in held
    assert (key in kept, other in kept) == (False, True)


async def test_statistics_hold_nobody_and_no_key(fresh_postgres: str) -> None:
    keys = postgres.keys(fresh_postgres)
    async with postgres.directory(fresh_postgres) as directory, keys as kept:
        for number in range(200):
            person = Person(f"p-{number}", AN.issuer, f"{AN.subject}{number}", AN.name)
            await directory.meet(person, "agency", DAY)
            await kept.add(f"{number}", bytes(32))
    analyse(fresh_postgres)

    columns = asked(
        "select string_agg(tablename || '.' || attname, ' ' order by tablename, attname)"
        " from pg_stats where tablename in ('people', 'sealing_keys')",
        fresh_postgres,
    )

    assert columns == ("people.first_on people.id people.last_on people.role sealing_keys.name")


def analyse(url: str) -> None:
    """Let the server make its statistics now."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze")
