"""What every server of this machine can do, and what can go wrong with it.

NotHad      it cannot be started here; the sentence says what to install
NotStarted  it did not become ready; the end of its log says why
NotEnded    it is still there, although it was killed
"""

from typing import Protocol


class NotHad(Exception):
    """The server cannot be had on this machine; the sentence says what is missing."""


class NotStarted(Exception):
    """The server did not become ready; the sentence ends with the last lines of its log."""


class NotEnded(Exception):
    """The processes of the server outlived their end."""


class Server(Protocol):
    """A server, and its data, which outlive each of its starts."""

    @property
    def name(self) -> str:
        """What it is called in messages."""
        ...

    @property
    def url(self) -> str:
        """Where it answers, as its clients want to be told; the same for every start."""
        ...

    @property
    def has_ended(self) -> bool:
        """Whether it was started here, and runs no more, as far as that is seen from here."""
        ...

    def start(self) -> None:
        """Start it on the data that it has, and return when it answers.

        No news where it runs already. Raises `NotHad` or `NotStarted`.
        """
        ...

    def stop(self) -> None:
        """End it gently, and by force where it takes too long; no news where it does not run."""
        ...

    def kill(self) -> None:
        """End it at once, as an accident would, and return when all its processes are gone."""
        ...

    def pause(self) -> None:
        """Stand still: connections stay open, and nothing answers."""
        ...

    def resume(self) -> None:
        """Go on after a pause."""
        ...
