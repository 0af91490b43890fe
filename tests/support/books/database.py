"""How the desk comes into a database: as the role of a service, or from inside the server's pod."""

from collections.abc import Mapping
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

PASSWORD = "of-runbooks"  # noqa: S105 - of a server that ends with the tests
"""Before it is rotated."""


def as_a_role(url: str, role: str) -> str:
    """The same database by a role that is no more than a service's, and has its password."""
    statements = (
        f"drop role if exists {role}",
        f"create role {role} login password '{PASSWORD}'",
        f"grant select on all tables in schema public to {role}",
    )
    with psycopg.connect(url, autocommit=True) as connection:
        granted = connection.execute("select 1 from pg_roles where rolname = %s", [role])
        if granted.fetchone():
            connection.execute(f"drop owned by {role}".encode())
        for statement in statements:
            connection.execute(statement.encode())
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{role}:{PASSWORD}@{place}"))


def inside(url: str) -> Mapping[str, str]:
    """How somebody comes in who is in the server's pod: as who may do everything."""
    told = conninfo_to_dict(url)
    names = {
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
        "dbname": "PGDATABASE",
    }
    return {names[name]: str(value) for name, value in told.items() if name in names}
