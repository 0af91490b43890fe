"""Where the play takes place: in a system of its own, or in services that run already."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from demo.client import Addresses
from demo.recount import moved_away
from demo.system import running


class Stage(Protocol):
    """A place to play; as text it says where to look when a play fails."""

    def play(self) -> AbstractContextManager[Addresses]:
        """The system, while it is played."""
        ...

    def leave(self) -> AbstractContextManager[str]:
        """The same place, while others count; gives what was done for that, in Vietnamese."""
        ...


@dataclass(frozen=True, slots=True)
class Own:
    """A system on a folder of its own, which is ended after the play, and its data moved away."""

    folder: Path

    def __str__(self) -> str:
        return f"{self._log}\n  {self._data}"

    @contextmanager
    def play(self) -> Iterator[Addresses]:
        """Start the system, and end it afterwards."""
        with running(self._data, self._log) as address:
            yield Addresses(address)

    @contextmanager
    def leave(self) -> Iterator[str]:
        """Nobody can read the data in secret."""
        with moved_away(self._data):
            yield ", dữ liệu đã chuyển đi"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _log(self) -> Path:
        return self.folder / "system.log"


@dataclass(frozen=True, slots=True)
class Running:
    """Services that somebody else has started, and will end."""

    addresses: Addresses

    def __str__(self) -> str:
        return str(self.addresses)

    def play(self) -> AbstractContextManager[Addresses]:
        """As they are."""
        return nullcontext(self.addresses)

    def leave(self) -> AbstractContextManager[str]:
        """They go on."""
        return nullcontext("")
