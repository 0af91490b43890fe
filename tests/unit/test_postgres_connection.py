"""What a connection to PostgreSQL is told, and the numbers of its locks."""

import pytest

from shared.adapters.postgres.connection import lock_key, parameters
from shared.kernel.errors import Refused

URL = "postgresql://survey:p%40ss@db.example:6432/survey?sslmode=verify-full&connect_timeout=99"


def test_a_url_says_where_the_server_is_and_how_to_get_there() -> None:
    told = parameters(URL, "test")

    where = {name: told[name] for name in ("host", "port", "user", "password", "dbname", "sslmode")}
    assert where == {
        "host": "db.example",
        "port": "6432",
        "user": "survey",
        "password": "p@ss",
        "dbname": "survey",
        "sslmode": "verify-full",
    }


def test_limits_are_not_for_a_url_to_set() -> None:
    assert parameters(URL, "test")["connect_timeout"] == 2


def test_settings_are_told_to_the_server_and_spaces_in_them_escaped() -> None:
    url = "postgresql://db.example/survey?options=-c%20jit%3Doff"

    options = parameters(url, "test", {"lock_timeout": "60s", "a": "b\\c d"})["options"]

    assert options.startswith("-c jit=off -c statement_timeout=4s ")
    assert "-c lock_timeout=60s" in options
    assert "-c default_transaction_isolation=read\\ committed" in options
    assert "-c synchronous_commit=on" in options
    assert options.endswith("-c a=b\\\\c\\ d")


@pytest.mark.parametrize("url", ["postgres;//u:secret@host/db", "secret", "postgresql://h:p/a?b=c"])
def test_what_is_no_address_is_refused_without_being_quoted(url: str) -> None:
    with pytest.raises(Refused, match="database-url-unreadable") as refused:
        parameters(url, "test")

    assert (refused.value.details, refused.value.__cause__) == ({}, None)


def test_a_lock_has_the_same_number_in_every_process_and_release() -> None:
    assert lock_key("lease", "survey", "survey.relay") == 2145655961354703482


def test_locks_of_other_names_have_other_numbers() -> None:
    keys = {lock_key("a", "b"), lock_key("ab"), lock_key("b", "a"), lock_key("a"), lock_key("")}

    assert len(keys) == 5
    assert all(-(2**63) <= key < 2**63 for key in keys)
