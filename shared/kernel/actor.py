"""Who acts: an opaque id, a role, and the agency that a person belongs to."""

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "agency", "council", "survey-officer", "administrator", "auditor", "public", "system"
]


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of a command or a reading.

    `agency` is the agency whose data an `agency` caller may see and change, and the one on which a
    `council` member may not decide. It is empty for everybody else.
    """

    id: str
    role: Role
    agency: str = ""

    @property
    def reference(self) -> str:
        """How facts name the actor: `role:id`."""
        return f"{self.role}:{self.id}"


def same_person(one: str, other: str) -> bool:
    """Whether two references name one person, who may act in more than one role."""
    return one.partition(":")[2] == other.partition(":")[2]


PUBLIC = Actor(id="", role="public")
SYSTEM = Actor(id="system", role="system")
