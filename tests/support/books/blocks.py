"""The blocks of a runbook that a person would type in, in their order."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from real.processes import PROJECT

RUNBOOKS = PROJECT / "deploy" / "runbooks"
RUN_BY = re.compile(r"<!-- run by (?P<test>tests/\S+\.py) -->")
SERVICES = ("submission", "appraisal", "survey", "ranking")


@dataclass(frozen=True, slots=True)
class Block:
    """One fenced block of shell, and the test that runs it, if another one does."""

    line: int
    text: str
    run_by: str = ""


@dataclass(frozen=True, slots=True)
class Runbook:
    """A file with its blocks."""

    path: Path
    blocks: Sequence[Block]

    @property
    def name(self) -> str:
        """How it is called: `upgrade`."""
        return self.path.stem

    @property
    def script(self) -> str:
        """All blocks that are run here, as one script: variables live on from block to block."""
        blocks = (f"at={block.line}\n{block.text}" for block in self.blocks if not block.run_by)
        return "\n".join(("set -euo pipefail", TRAP, *map(_addressed, blocks)))


TRAP = """trap 'echo "the block at line $at: $BASH_COMMAND" >&2' ERR"""


def runbooks(folder: Path = RUNBOOKS) -> Sequence[Runbook]:
    """Every runbook of a folder."""
    return [read(path) for path in sorted(folder.glob("*.md"))]


def read(path: Path) -> Runbook:
    """A runbook; whatever a block is indented by, its text is not."""
    blocks: list[Block] = []
    begun: int | None = None
    kept: list[str] = []
    above = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
        if begun is None and line.strip() == "```sh":
            begun, kept = number, []
        elif begun is not None and line.strip() == "```":
            marked = RUN_BY.search(above)
            blocks.append(Block(begun, dedent("\n".join(kept)), marked["test"] if marked else ""))
            begun, above = None, ""
        elif begun is not None:
            kept.append(line)
        elif line.strip():
            above = line
    assert begun is None, f"{path.name}: the block at line {begun} has no end"
    return Runbook(path, blocks)


def _addressed(text: str) -> str:
    """The same for where each service has an address of its own, and no gateway stands before."""
    for service in SERVICES:
        text = text.replace(f"$API/{service}/", f"$API_{service.upper()}/{service}/")
    return text
