"""What people see while something is saved or put back, and what it came to."""

import json
import sys
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from shared.adapters import messages
from shared.adapters.backup import Fault
from shared.adapters.messages import LANGUAGES
from shared.kernel.errors import Problem

WELL, NOT_WELL = 0, 1
"""Exit codes; 2 is that of a command that was refused."""


class Bars:
    """Shows on a terminal's standard error how far each thing is."""

    def __init__(self) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            console=Console(stderr=True),
            disable=not sys.stderr.isatty(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def show(self, what: str, done: int, total: int | None = None) -> None:
        """Show how much of something is done; without a total it is not known how much there is."""
        if what not in self._tasks:
            self._tasks[what] = self._bars.add_task(what, total=total)
        self._bars.update(self._tasks[what], completed=done, total=total)


def fault_of(problem: Problem) -> Fault:
    """What was refused, as something that is not as it should be."""
    return Fault(problem.code, {key: str(value) for key, value in problem.details.items()})


def sentences(fault: Fault) -> Sequence[str]:
    """What a fault means, in both languages."""
    return [messages.sentence(fault.code, language, fault.details) for language in LANGUAGES]


def body_of(fault: Fault) -> Mapping[str, Any]:
    """The same for programs."""
    return {"code": fault.code, "details": dict(fault.details)}


def write_json(body: Mapping[str, Any]) -> None:
    """Say what came of it as JSON."""
    json.dump(body, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def write(lines: Sequence[str]) -> None:
    """Say it in lines."""
    sys.stdout.write("".join(f"{line}\n" for line in lines))
