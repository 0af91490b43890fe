"""A ClamAV daemon with signatures of our own, so that nothing has to be downloaded."""

import os
import shutil
import signal
from pathlib import Path

from real.servers import port
from real.servers.program import OneProgram, Program
from real.servers.server import NotHad

START_S_MAX = 60.0
STOP_S_MAX = 20.0
PLACES = "/usr/sbin:/usr/local/sbin"
"""Where Debian has it, which is on the path of an administrator only."""


class ClamAV(OneProgram):
    """One daemon on a folder, at a port and at a socket there."""

    name = "ClamAV"

    def __init__(self, folder: Path, signatures: str) -> None:
        """Keep signatures (in the format of `.ndb` files), settings and log in `folder`."""
        self._folder = folder
        self._signatures = signatures
        self._port = port.free()
        super().__init__(Program(self.name, folder / "clamd.log"))

    @property
    def url(self) -> str:
        """Its address."""
        return f"clamd://{port.HOST}:{self._port}"

    @property
    def socket(self) -> str:
        """Its address on this machine alone."""
        return f"unix:{self._folder / 'clamd.ctl'}"

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        if self._program.pid is not None:
            return
        command = shutil.which("clamd", path=f"{os.environ.get('PATH', '')}:{PLACES}")
        if command is None:
            raise NotHad(
                "ClamAV: chưa được cài / it is not installed: apt-get install clamav-daemon"
            )
        signatures = self._folder / "signatures"
        signatures.mkdir(parents=True, exist_ok=True)
        (signatures / "own.ndb").write_text(self._signatures, "ascii")
        settings = {
            "DatabaseDirectory": str(signatures),
            "TCPAddr": port.HOST,
            "TCPSocket": str(self._port),
            "LocalSocket": str(self._folder / "clamd.ctl"),
            "FixStaleSocket": "yes",
            "Foreground": "yes",
            "StreamMaxLength": "25M",
            "AlertExceedsMax": "yes",
            "AlertEncrypted": "yes",
        }
        path = self._folder / "clamd.conf"
        path.write_text("".join(f"{name} {value}\n" for name, value in settings.items()), "utf-8")
        self._program.begin([command, f"--config-file={path}"])
        self._program.wait(lambda: port.answers(self._port), START_S_MAX)

    def stop(self) -> None:
        """End it gently."""
        self._program.end(signal.SIGTERM, STOP_S_MAX)
