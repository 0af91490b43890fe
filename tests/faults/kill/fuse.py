"""A fuse: the process kills itself at one exact moment, just before or just after a port's call.

"After store.append" is the moment between commit and reply: the facts are on the disk, and nobody
has been told.
"""

import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from inspect import iscoroutinefunction
from typing import Any, Protocol

from shared.runtime.service import Outside


class Ending(Protocol):
    """What may end the process at a moment."""

    def pass_by(self, moment: str) -> None:
        """Say that this moment is now."""


@dataclass(slots=True)
class Fuse:
    """Burns down whenever the process passes the moment; at zero it ends, as by `kill -9`."""

    moment: str
    left: int

    def pass_by(self, moment: str) -> None:
        """Say that this moment is now."""
        if moment == self.moment:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class Fused:
    """A port, each call of which passes by the fuse twice."""

    def __init__(self, name: str, port: object, fuse: Ending) -> None:
        self._name = name
        self._port = port
        self._fuse = fuse

    def __getattr__(self, verb: str) -> Any:  # noqa: ANN401 - whatever the port has
        call = getattr(self._port, verb)
        return self._fused(verb, call) if iscoroutinefunction(call) else call

    def _fused(self, verb: str, call: Callable[..., Any]) -> Callable[..., Any]:
        async def fused(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the port's own
            tracks = verb == "append" and not arguments[0]
            moment = f"{self._name}.{'track' if tracks else verb}"
            self._fuse.pass_by(f"before {moment}")
            result = await call(*arguments, **named)
            self._fuse.pass_by(f"after {moment}")
            return result

        return fused


def fused(outside: Outside, fuse: Ending) -> Outside:
    """The same outside world, with a fuse in every port but the topic, which is not its own."""
    names = ("store", "inbox", "documents", "files", "uploads", "seals", "urn")
    ports: Any = {name: Fused(name, getattr(outside, name), fuse) for name in names}
    return replace(outside, **ports)
