"""A server that somebody else runs, at an address that we were given."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from real.servers import port
from real.servers.server import NotStarted

ANSWER_S_MAX = 3.0
DEFAULT_PORTS = {"postgresql": 5432, "postgres": 5432, "mongodb": 27017}
LOOKED_UP = "mongodb+srv"
"""Its hosts are told by the DNS, and asked by the driver alone."""

SOCKET = "%2f"
"""A path begins so, in the place of a host; the driver alone finds out who listens there."""


class NotOurs(Exception):
    """The server was started by somebody else, who alone may end it."""


@dataclass(frozen=True, slots=True)
class Given:
    """It is there already, at the address that a variable of the environment tells."""

    variable: str
    url: str

    @property
    def name(self) -> str:
        """What it is called in messages: its address may hold a password."""
        return self.variable

    @property
    def has_ended(self) -> bool:
        """Never: it was not started here."""
        return False

    def start(self) -> None:
        """It runs; raises `NotStarted` where nobody takes connections."""
        scheme, _, rest = self.url.partition("://") if "://" in self.url else ("", "", self.url)
        hosts = rest.partition("/")[0].rpartition("@")[2].split(",")
        if scheme != LOOKED_UP and not any(_answers(host, scheme) for host in hosts):
            raise NotStarted(
                f"không có máy chủ nào trả lời ở địa chỉ trong {self.variable}; hãy sửa địa chỉ, "
                f"hoặc khởi động máy chủ / nobody answers at the address of {self.variable}; "
                "change it, or start the server"
            )

    def stop(self) -> None:
        """It goes on running."""

    def kill(self) -> None:
        """Raises `NotOurs`."""
        raise NotOurs(f"{self.name} at an address of the environment is not ours to kill")

    def pause(self) -> None:
        """Raises `NotOurs`."""
        raise NotOurs(f"{self.name} at an address of the environment is not ours to pause")

    def resume(self) -> None:
        """It never stood still."""


def _answers(host: str, scheme: str) -> bool:
    if host.lower().startswith(SOCKET):
        return True
    try:
        place = urlsplit(f"//{host}")
        number = DEFAULT_PORTS.get(scheme) if place.port is None else place.port
        return number is not None and port.answers(number, place.hostname or "", ANSWER_S_MAX)
    except ValueError:  # No port is like this, or no name of a host.
        return False
