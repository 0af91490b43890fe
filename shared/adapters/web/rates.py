"""How often one client may ask: what is counted, and what each policy allows.

    reading     what changes nothing
    writing     what may change something, by whoever has a token
    uploads     a file on its way in, beside being a write
    answering   what may change something, without a token: an answer, a ballot, a form
    failing     a token that proves nothing, in place of what it was to serve for

A rate is a number of requests in a number of seconds. All of them may come at once; then they come
back one by one, evenly over these seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

Policy = Literal["reading", "writing", "uploads", "answering", "failing"]
POLICIES: tuple[Policy, ...] = get_args(Policy)
NONE = "none"
REQUESTS = range(1, 1_000_001)
SECONDS = range(1, 86_401)
EXAMPLE = "reading=1200/60,answering=none"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds."""

    requests: int
    seconds: int

    def __str__(self) -> str:
        return f"{self.requests}/{self.seconds}"


Rates = Mapping[Policy, Rate]
"""By policy; one that is not among them limits nobody."""

RATES: Rates = MappingProxyType(
    {
        "reading": Rate(1_200, 60),
        "writing": Rate(600, 60),
        "uploads": Rate(120, 60),
        "answering": Rate(600, 60),
        "failing": Rate(30, 60),
    }
)
UNLIMITED: Rates = MappingProxyType({})


def read(text: str) -> Rates:
    """The rates with those that a text says otherwise; `none` limits nobody, by one policy or all.

    Raises `ValueError` with what a right one looks like.
    """
    if text == NONE:
        return UNLIMITED
    rates = dict(RATES)
    for part in filter(None, text.split(",")):
        name, _, said = part.partition("=")
        policy = next((each for each in POLICIES if each == name), None)
        if policy is None:
            raise ValueError(EXAMPLE)
        rates.pop(policy, None)
        if said != NONE:
            rates[policy] = _rate(said)
    return MappingProxyType(rates)


def written(rates: Rates) -> str:
    """The rates as they are read."""
    return ",".join(f"{policy}={rates.get(policy, NONE)}" for policy in POLICIES)


def _rate(text: str) -> Rate:
    requests, _, seconds = text.partition("/")
    return Rate(_number(requests, REQUESTS), _number(seconds, SECONDS))


def _number(text: str, among: range) -> int:
    is_number = len(text) <= len(str(among.stop)) and text.isascii() and text.isdigit()
    if not (is_number and int(text) in among):
        raise ValueError(EXAMPLE)
    return int(text)
