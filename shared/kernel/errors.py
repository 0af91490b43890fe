"""The ways in which the system says no.

    Problem
    ├── Refused        a rule of the domain forbids it                    (HTTP 409)
    ├── Missing        what is named does not exist, or not for you       (HTTP 404)
    ├── Conflict       somebody was faster; read again, decide again      (HTTP 409)
    ├── Unknown        nobody can tell who the caller is                  (HTTP 401)
    ├── Forbidden      the caller's role or agency may not do this        (HTTP 403)
    ├── Crowded        more come at once than can be served; come back     (HTTP 429)
    ├── Stale          the caller changed what it had not read            (HTTP 412, or 428)
    └── Unavailable    a server that this needs is away, or this version
                       cannot read what a newer one wrote; try later      (HTTP 503)

Each carries a stable `code` in kebab case, which the front end turns into a sentence in Vietnamese
and in English, and the `details` that the sentence speaks of. Nothing else crosses a room on
purpose.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that is wrong with an input.

    `pointer` is an RFC 6901 JSON pointer into that input ("" is the whole of it).
    """

    pointer: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)


class Problem(Exception):
    """The base of every refusal; never raised itself."""

    def __init__(self, code: str, *, flaws: Sequence[Flaw] = (), **details: str) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details
        self.flaws = tuple(flaws)

    def __str__(self) -> str:
        """For logs: `topic-not-migrated (topic: facts)`."""
        told = ", ".join(f"{name}: {value}" for name, value in self.details.items())
        return f"{self.code} ({told})" if told else self.code


class Refused(Problem):
    """A rule of the domain forbids it; asking again will not help until something changes."""


class Missing(Problem):
    """What the caller names does not exist, or does not exist for this caller."""


class Conflict(Problem):
    """Somebody else changed the same thing first."""


class Unknown(Problem):
    """Nobody can tell who the caller is: no token, or one that proves nothing."""


class Forbidden(Problem):
    """The caller is known, and may not do this."""


class Stale(Problem):
    """A change without the version it is based on (`version-required`), or on another one."""


class Crowded(Problem):
    """More come at once than can be served soon; nothing was done, and they may come back."""


class Unavailable(Problem):
    """Something that this needs cannot be reached, or cannot be read, now."""


UNTIL_UPGRADED = frozenset({"stream-unreadable", "log-unreadable"})
"""What is unavailable because a newer version wrote it."""


LASTING = frozenset({"topic-truncated", "log-behind-urn", "file-spoilt"})
"""What no waiting brings back: an alarm, for people to act on."""


def is_away(error: Exception) -> bool:
    """Whether a server is away: then everything else would fail alike, and all has to wait."""
    return isinstance(error, Unavailable) and error.code not in UNTIL_UPGRADED | LASTING
