"""A red flag (dấu hiệu cần xem lại): where to look, because of which facts.

It accuses nobody. Each has a good explanation more often than not, and whoever looks finds it.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from shared.count.flags.known import Known
from shared.count.flags.told import Ref, Told

NUMBER_DIGITS = 15
SUBJECT_CHARACTERS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a flag concerns, as far as its kind does; the agency "" of a deadline stands for all.

    `by` is who did what the flag speaks of, as facts name people.
    """

    agency: str = ""
    item: str = ""
    by: str = ""
    questionnaire: str = ""
    tier: str = ""

    @property
    def named(self) -> Mapping[str, str]:
        """All parts, by name."""
        return {
            "agency": self.agency,
            "item": self.item,
            "by": self.by,
            "questionnaire": self.questionnaire,
            "tier": self.tier,
        }


@dataclass(frozen=True, slots=True)
class Raised:
    """One occurrence of what a kind looks for, with the facts that show it, in ledger order.

    `since` is the ledger number at which the occurrence began. What is raised of the same subject
    with the same `since` is the same occurrence, which went on.
    """

    subject: Subject
    facts: tuple[Ref, ...]
    since: int
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flag:
    """All occurrences of one kind about one subject.

    `number` is where the first began; `facts` are all of them, or the first `FACTS_NAMED_MAX` where
    there are `more`. `details` and the sentences speak of the last occurrence of `count`.
    """

    kind: str
    subject: Subject
    number: int
    count: int
    facts: tuple[Ref, ...]
    more: bool
    details: Mapping[str, str]
    parameters: Mapping[str, int]
    vietnamese: str
    english: str

    @property
    def id(self) -> str:
        """In the order in which flags were raised, and the same for whoever computes it."""
        return flag_id(self.number, self.kind, self.subject)


Look = Callable[[Known, Told], Iterator[Raised]]
"""What a fact gives rise to, by what was known before it."""

Standing = Callable[[Known], Iterator[Raised]]
"""What can be said only until something else happens: it stands as long as that does not."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of flag: the facts that it looks at, how, and by which thresholds."""

    name: str
    at: tuple[type, ...]
    look: Look
    standing: Standing | None = None
    parameters: Mapping[str, int] = field(default_factory=dict)


def flag_id(number: int, kind: str, subject: Subject) -> str:
    """Short, however long the names of a subject are."""
    named = "\0".join(subject.named.values()).encode()
    short = hashlib.sha256(named).hexdigest()[:SUBJECT_CHARACTERS]
    return f"{number:0{NUMBER_DIGITS}}/{kind}/{short}"
