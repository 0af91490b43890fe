"""A document server that speaks MongoDB's protocol: SecantusDB, on WiredTiger's storage.

It stands in for MongoDB in trials and tests, where no MongoDB is to be had. It is GPL, a beta, and
a program of its own: nothing of it is imported or shipped.

Only what was written with `journal=True` outlives a kill; without, the last moments are lost, also
with `w="majority"`, where MongoDB itself would wait for its journal.
"""

import signal
from pathlib import Path

from real.servers import port
from real.servers.program import OneProgram, Program
from real.servers.server import NotHad

START_S_MAX = 60.0
STOP_S_MAX = 20.0
CACHE = "256M"


class Mongo(OneProgram):
    """One document server on a folder."""

    name = "MongoDB"

    def __init__(self, folder: Path, home: Path, *, host: str = port.HOST) -> None:
        """Keep data and log in `folder`; the programs lie under `home`."""
        self._data = folder / "data"
        self._settings = folder / "secantusd.toml"
        self._host = host
        self._port = port.free()
        self._command = home / "secantusdb" / "bin" / "secantusd-py"
        super().__init__(Program(self.name, folder / "mongo.log"))

    @property
    def url(self) -> str:
        """Its address, for a client that asks nobody else."""
        return f"mongodb://{self._host}:{self._port}/?directConnection=true"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        if self._program.pid is not None:
            return
        if not self._command.exists():
            raise NotHad(
                "MongoDB: SecantusDB chưa được cài / SecantusDB is not installed: make servers"
            )
        self._data.mkdir(parents=True, exist_ok=True)
        self._settings.touch()  # Without a file of ours it would look for one elsewhere.
        options = {
            "--config": str(self._settings),
            "--host": self._host,
            "--port": str(self._port),
            "--storage-path": str(self._data),
            "--log-level": "WARNING",
            "--cache-size": CACHE,
        }
        self._program.begin(
            [str(self._command), *(word for pair in options.items() for word in pair)]
        )
        self._program.wait(lambda: port.answers(self._port, self._host), START_S_MAX)

    def stop(self) -> None:
        """End it gently."""
        self._program.end(signal.SIGTERM, STOP_S_MAX)
