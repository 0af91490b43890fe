"""What one setting of a process is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

PREFIX = "CCHC_"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting; without a default it has to be said, and then takes no empty text.

    In a default `{service}` stands for the service and `{mode}` for the mode: a trial and
    production on the same servers share nothing there.
    """

    name: str
    read: Callable[[str], Any]
    meaning: str
    default: str | None = None
    secret: bool = False

    @property
    def field(self) -> str:
        """How code calls it."""
        return self.name.removeprefix(PREFIX).lower()
