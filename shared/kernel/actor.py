"""Who acts: an opaque id, a role, and the agency that a person belongs to."""

from dataclasses import dataclass
from typing import Literal

Role = Literal[
    "agency", "council", "survey-officer", "administrator", "auditor", "public", "system"
]

Kind = Literal["person", "service"]


@dataclass(frozen=True, slots=True)
class Actor:
    """The caller of a command or a reading.

    `agency` is the agency whose data an `agency` caller may see and change, and the one on which a
    `council` member may not decide. It is empty for everybody else. A `service` is a program with
    an account of its own, such as a department's (tài khoản dịch vụ).
    """

    id: str
    role: Role
    agency: str = ""
    kind: Kind = "person"

    @property
    def reference(self) -> str:
        """How facts name the actor: `role:id`."""
        return f"{self.role}:{self.id}"


def same_person(one: str, other: str) -> bool:
    """Whether two references name one person, who may act in more than one role."""
    return one.partition(":")[2] == other.partition(":")[2]


def hands_in(reference: str | None) -> frozenset[str]:
    """The id of whoever acted for an agency, by the reference in a fact; else nobody's."""
    role, _, name = (reference or "").partition(":")
    return frozenset({name}) if role == "agency" else frozenset()


PUBLIC = Actor(id="", role="public")
SYSTEM = Actor(id="system", role="system")
