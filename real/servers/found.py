"""Where the servers come from: addresses in the environment, containers, or programs of ours.

REAL_POSTGRES   postgresql://USER:PASSWORD@HOST:PORT/DATABASE, of a user who may create databases
REAL_MONGO      mongodb://HOST:PORT/
REAL_KAFKA      HOST:PORT,...
"""

import hashlib
import re
import shutil
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from real import compose
from real.compose import Composed, Project
from real.servers import port
from real.servers.given import Given
from real.servers.kafka import Kafka
from real.servers.mongo import Mongo
from real.servers.postgres import Postgres
from real.servers.server import NotStarted, Server

NAME_LETTERS = 12
ADDRESSES = {"postgres": "REAL_POSTGRES", "mongo": "REAL_MONGO", "kafka": "REAL_KAFKA"}
_HOST_PORT = r"(?:[^\s:,/\[\]]+|\[[0-9A-Fa-f:]+\]):\d+"
FORMS: Mapping[str, tuple[str, str]] = {
    "postgres": (
        r"postgres(?:ql)?://[^\s/@]+@[^\s/@]+/\S+",
        "postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    ),
    "mongo": (r"mongodb(?:\+srv)?://[^\s/]\S*", "mongodb://HOST:PORT/"),
    "kafka": (rf"{_HOST_PORT}(?:,{_HOST_PORT})*", "HOST:PORT,..."),
}
"""What an address has to look like: for a machine, and for a person."""
PROGRAMS: Mapping[str, Callable[..., Server]] = {
    "postgres": Postgres,
    "mongo": Mongo,
    "kafka": Kafka,
}


OURS = frozenset({*ADDRESSES, "logs", "played", "trial"})
"""All that is ever put into a folder."""


@dataclass
class Servers:
    """The three servers whose data belong to a folder. None is started; each is made once.

    A server whose address the environment tells is taken as it is. The others are containers where
    an engine runs, or else programs of this machine, installed in `home`, which listen at `host`.
    """

    folder: Path
    home: Path
    environment: Mapping[str, str]
    host: str = port.HOST
    _made: dict[str, Server] = field(default_factory=dict)

    @property
    def postgres(self) -> Server:
        """PostgreSQL, by a user who may create databases."""
        return self.get("postgres")

    @property
    def mongo(self) -> Server:
        """MongoDB, or what stands in for it."""
        return self.get("mongo")

    @property
    def kafka(self) -> Server:
        """Kafka, one broker."""
        return self.get("kafka")

    def check(self) -> None:
        """Raises `NotStarted` where an address of the environment is none; does not repeat it.

        It may contain a password.
        """
        for name, variable in ADDRESSES.items():
            given = self.environment.get(variable)
            form, shown = FORMS[name]
            if given and re.fullmatch(form, given) is None:
                raise NotStarted(
                    f"{variable} không phải là địa chỉ dạng {shown} / {variable} is not an address "
                    f"of the form {shown}"
                )

    def get(self, name: str) -> Server:
        """One of the three."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def stop(self) -> None:
        """End those that were started, the last one first."""
        with ExitStack() as ending:
            for server in self._made.values():
                ending.callback(server.stop)

    def forget(self) -> None:
        """Delete the data of the folder; the servers must not run. Those given are left alone.

        Raises `NotStarted` where the folder holds something else, and deletes nothing then.
        """
        others = _names(self.folder) - OURS
        if others:
            held = ", ".join(sorted(others))
            raise NotStarted(
                f"{self.folder} không bị xoá vì còn chứa thứ khác, hãy chọn --folder khác / is not "
                f"emptied, choose another --folder: it holds {held}"
            )
        if self._project is not None:
            self._project.remove()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _make(self, name: str) -> Server:
        given = self.environment.get(ADDRESSES[name])
        if given:
            return Given(ADDRESSES[name], given)
        if self._project is not None:
            return Composed(self._project, name)
        return PROGRAMS[name](self.folder / name, self.home, host=self.host)

    @cached_property
    def _project(self) -> Project | None:
        """Containers, which listen at the loopback; those of another folder have another name."""
        if self.host != port.HOST or not compose.runs():
            return None
        place = hashlib.sha256(str(self.folder.resolve()).encode()).hexdigest()
        return Project(f"cchc-{place[:NAME_LETTERS]}")


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()
