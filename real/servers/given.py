"""A server that somebody else runs, at an address that we were given."""

from dataclasses import dataclass


class NotOurs(Exception):
    """The server was started by somebody else, who alone may end it."""


@dataclass(frozen=True, slots=True)
class Given:
    """It is there already; whoever uses it says so when it does not answer."""

    name: str
    url: str

    @property
    def has_ended(self) -> bool:
        """Never: it was not started here."""
        return False

    def start(self) -> None:
        """It runs."""

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
