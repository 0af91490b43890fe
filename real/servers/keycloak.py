"""Keycloak, an identity provider as a province would run it, with a realm from a file."""

import shutil
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

import httpx

from real.servers import port
from real.servers.kafka import java
from real.servers.program import OneProgram, Program
from real.servers.server import NotHad

START_S_MAX = 900.0
"""The import of a realm takes half a minute, and long on a machine that does much else."""
STOP_S_MAX = 60.0
ASK_S_MAX = 5.0
HEAP = "512m"
ADMINISTRATOR = "admin"
PASSWORD = "a-trial-on-this-machine"  # noqa: S105 - of a server that is gone with its folder
OPENED = ("java.base/java.util", "java.base/java.util.concurrent", "java.base/java.security")
ENTRY = "io.quarkus.bootstrap.runner.QuarkusEntryPoint"
THREADS = "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory"


class Keycloak(OneProgram):
    """One server on a folder, in its mode for production, but by HTTP, with a database in a file.

    `realm` is imported at its first start.
    """

    name = "Keycloak"

    def __init__(self, folder: Path, home: Path, realm: Path) -> None:
        """Keep data and log in `folder`; the program lies under `home`."""
        self._folder = folder
        self._installed = home / "keycloak"
        self._realm = realm
        self._port = port.free(2)
        super().__init__(Program(self.name, folder / "keycloak.log"))

    @property
    def url(self) -> str:
        """Its address, below which realms lie."""
        return f"http://{port.HOST}:{self._port}"

    @property
    def issuer(self) -> str:
        """The realm, as its tokens name it."""
        return f"{self.url}/realms/{self._realm.stem}"

    def start(self) -> None:
        """Start it, and return when its realm answers, which is after the import."""
        if self._program.pid is not None:
            return
        if not (self._installed / "built").exists():
            raise NotHad(
                "Keycloak: chưa được cài / it is not installed: python -m real install --deep"
            )
        self._prepare()
        administrator = {
            "KC_BOOTSTRAP_ADMIN_USERNAME": ADMINISTRATOR,
            "KC_BOOTSTRAP_ADMIN_PASSWORD": PASSWORD,
        }
        self._program.begin(self._command(), environment=administrator, folder=self._folder)
        self._program.wait(self._is_ready, START_S_MAX)

    def stop(self) -> None:
        """End it gently."""
        self._program.end(signal.SIGTERM, STOP_S_MAX)

    def _prepare(self) -> None:
        """A home of its own, which shares the program with others."""
        imported = self._folder / "data" / "import"
        imported.mkdir(parents=True, exist_ok=True)
        shutil.copy(self._realm, imported)
        for name in ("conf", "providers", "themes"):
            (self._folder / name).mkdir(exist_ok=True)
        lib = self._folder / "lib"
        if not lib.exists():
            lib.symlink_to(self._installed / "lib")

    def _command(self) -> Sequence[str]:
        settings: Mapping[str, object] = {
            "cache": "local",
            "hostname-strict": "false",
            "http-enabled": "true",
            "http-host": port.HOST,
            "http-port": self._port,
            "http-management-port": self._port + 1,
        }
        return [
            *(java(), "-Xms64m", f"-Xmx{HEAP}", "-XX:TieredStopAtLevel=1", "-Dfile.encoding=UTF-8"),
            *(f"--add-opens={package}=ALL-UNNAMED" for package in OPENED),
            f"-Djava.util.concurrent.ForkJoinPool.common.threadFactory={THREADS}",
            *(f"-Dkc.home.dir={self._folder}", "-Dkc.config.built=true"),
            *("-cp", str(self._installed / "lib" / "quarkus-run.jar"), ENTRY),
            *("start", "--optimized", "--import-realm"),
            *(f"--{name}={value}" for name, value in settings.items()),
        ]

    def _is_ready(self) -> bool:
        try:
            answer = httpx.get(f"{self.issuer}/.well-known/openid-configuration", timeout=ASK_S_MAX)
        except httpx.HTTPError:
            return False
        return answer.is_success
