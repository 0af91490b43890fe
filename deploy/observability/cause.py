"""One cause: something that is the matter by itself, and what its words are made of."""

from dataclasses import dataclass
from typing import Literal

DAY_S = 86_400


@dataclass(frozen=True, slots=True)
class Cause:
    """Something is the matter while `expr` holds; somebody is called once it has for so long."""

    name: str
    expr: str
    lasts: str
    severity: Literal["page", "ticket"]
    runbook: str
    told: tuple[str, str]


def label(name: str) -> str:
    """What a label of the series says that an alert came by."""
    return f"{{{{ $labels.{name} }}}}"
