"""What a smoke test did: each step, its time, and how it went; for eyes and for machines."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from shared.adapters import messages
from shared.kernel.errors import Problem

Outcome = Literal["done", "failed", "not-tried"]

_SAID: Mapping[Outcome, str] = {
    "done": "xong / done",
    "failed": "HỎNG / FAILED",
    "not-tried": "chưa thử / not tried",
}
_GOOD = "[bold]ĐÚNG NHƯ PHẢI CÓ / AS IT SHOULD BE[/bold]"
_BAD = "[bold]KHÔNG ĐÚNG / NOT AS IT SHOULD BE[/bold]"
_LEFT = """
Đợt {cycle} CHƯA HỦY ĐƯỢC; hãy chạy lại sau với --withdraw {cycle}
The cycle {cycle} COULD NOT BE WITHDRAWN; run this again later with --withdraw {cycle}"""


@dataclass(frozen=True, slots=True)
class Row:
    """One step: its name in both languages, and what came of it."""

    step: str
    title: tuple[str, str]
    outcome: Outcome
    seconds: float = 0.0
    found: str = ""
    calling: str = ""
    problem: Problem | None = None

    @property
    def is_done(self) -> bool:
        """Whether it went as it should."""
        return self.outcome == "done"

    @property
    def body(self) -> Mapping[str, Any]:
        """For programs."""
        return {
            "step": self.step,
            "outcome": self.outcome,
            "seconds": round(self.seconds, 3),
            "found": self.found,
            "problem": None if self.problem is None else self._problem(self.problem),
        }

    def _problem(self, problem: Problem) -> Mapping[str, Any]:
        said: dict[str, str] = {
            language: messages.sentence(problem.code, language, problem.details)
            for language in messages.LANGUAGES
        }
        told = {"code": problem.code, "calling": self.calling, "details": dict(problem.details)}
        return {**told, **said}


@dataclass(slots=True)
class Report:
    """All steps in their order; `cycle` is the scratch cycle, empty where none was opened."""

    cycle: str = ""
    withdrawn: bool = False
    rows: list[Row] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether everything is as it should be."""
        return all(row.is_done for row in self.rows)

    @property
    def body(self) -> Mapping[str, Any]:
        """For programs."""
        return {
            "as_it_should_be": self.is_good,
            "cycle": self.cycle,
            "withdrawn": self.withdrawn,
            "seconds": round(sum(row.seconds for row in self.rows), 3),
            "steps": [row.body for row in self.rows],
        }

    def show(self, console: Console) -> None:
        """A table, and below it what went wrong, in words."""
        table = Table(expand=False)
        for title, right in (("Bước\nstep", False), ("giây\ns", True), ("", False), ("", False)):
            table.add_column(title, justify="right" if right else "left", overflow="fold")
        for row in self.rows:
            seconds = f"{row.seconds:.1f}" if row.outcome != "not-tried" else ""
            vietnamese, english = row.title
            table.add_row(f"{vietnamese}\n{english}", seconds, _SAID[row.outcome], row.found)
        console.print(table)
        for row in self.rows:
            if row.problem is not None:
                console.print(f"{row.title[0]} / {row.title[1]}: {row.calling}", markup=False)
                console.print(messages.explained(row.problem), markup=False, end="")
        if self.cycle and not self.withdrawn:
            console.print(_LEFT.format(cycle=self.cycle), markup=False)
        console.print(_GOOD if self.is_good else _BAD)
