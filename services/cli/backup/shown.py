"""What people see of what was saved or put back: what it came to."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from shared.adapters import messages
from shared.adapters.backup import Fault
from shared.adapters.messages import LANGUAGES
from shared.kernel.errors import Problem

WELL, NOT_WELL = 0, 1
"""Exit codes; 2 is that of a command that was refused."""


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
