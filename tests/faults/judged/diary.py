"""What the clients know: what they said, what they were told, and what got no answer.

The judge believes this and nothing else of what was acknowledged.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class Said:
    """One request, under the name (`X-Correlation-Id`) that it keeps however often it is sent.

    `facts` are all that any of its answers named.
    """

    name: str
    request: str
    unanswered: int = 0
    status: int | None = None
    facts: tuple[str, ...] = ()


@dataclass(slots=True)
class Diary:
    """What all clients of one system wrote down.

    Answers of the survey are counted by what was said of whom; `taken` were acknowledged, and
    `unknown` may or may not have been taken; `receipts` are those of answers that
    were acknowledged. `unheard` are those of whose taking only a second
    attempt told, `repeated` what was said again although it was acknowledged. `written` counts
    the requests that wanted to change something and were acknowledged, every time they were;
    `sent` counts attempts of any kind, and `failed` those that got no answer, or that of a server
    that was away;
    `slowest_s` is how long one took at most, and `calling` says what is being asked now, by the
    first part of the paths.
    """

    said: dict[str, Said] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    receipts: set[str] = field(default_factory=set)
    tokens: dict[str, set[str]] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    explained: dict[tuple[str, str], str] = field(default_factory=dict)
    repeated: int = 0
    unheard: int = 0
    written: int = 0
    sent: int = 0
    failed: int = 0
    slowest_s: float = 0.0
    calling: Counter[str] = field(default_factory=Counter)

    def complain(self, about: str) -> None:
        """Write down what no client of this system should have met."""
        self.complaints.append(about)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of all facts that were acknowledged."""
        return tuple(dict.fromkeys(fact for said in self.said.values() for fact in said.facts))

    @property
    def unanswered(self) -> int:
        """How many requests were without an answer at least once."""
        return sum(said.unanswered > 0 for said in self.said.values())


def answer(agency: str, answers: Mapping[str, str]) -> str:
    """One person's answers, as they can be counted."""
    return json.dumps([agency, dict(answers)], sort_keys=True)
