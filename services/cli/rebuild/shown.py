"""What people see of a rebuild: a bar for each cycle, and in the end what it came to."""

import json
import sys
import time
from collections.abc import Mapping
from typing import Any

from services.cli.bars import Bars
from shared.adapters import messages
from shared.adapters.messages import LANGUAGES

Body = Mapping[str, Any]

WELL, NOT_WELL, NOT_MET = 0, 1, 3
"""Exit codes; 2 is that of a command that was refused."""
DIFFERING_SHOWN_MAX = 20

_STATES = {
    "serves": (
        "{facts:,} dữ kiện, bản {generation} được đưa vào dùng",
        "facts: {facts:,}; {generation} serves",
    ),
    "made": (
        "{facts:,} dữ kiện, bản {generation} đã dựng xong và chưa dùng",
        "facts: {facts:,}; {generation} was made, and does not serve",
    ),
    "differs": (
        "{facts:,} dữ kiện, bản {generation} khác bản đang dùng nên chưa dùng",
        "facts: {facts:,}; {generation} differs from what serves, and does not serve",
    ),
    "not-met": (
        "{facts:,} dữ kiện, bản {generation} chưa so được với bản đang dùng nên chưa dùng",
        "facts: {facts:,}; {generation} could not be compared, and does not serve",
    ),
}
_COMPARED = (
    "so {compared} văn bản, khác {differences}",
    "documents compared: {compared}, differing: {differences}",
)
_UNMET = (
    "bản trước tính đến bản ghi {served_to}, không gặp điểm đó trong sổ cái",
    "what served was counted to entry {served_to}, and that place was not met in the ledger",
)
_UNCOMPARED = ("không có gì để so", "there was nothing to compare it with")
_EARLIER = (" (kết quả lúc {at}, của lần chạy bị dừng)", " (as of {at}, before it was broken off)")


class Shown(Bars):
    """A bar for each cycle, and how fast all of it goes."""

    def __init__(self) -> None:
        super().__init__()
        self._began_s = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        return time.monotonic() - self._began_s

    def tell(self, body: Body) -> None:
        """Show how an operation stands."""
        rate = f"{_facts(body) / max(self.seconds, 0.001):,.0f} facts/s"
        for cycle, each in body["cycles"].items():
            if "facts" in each:
                self.show(cycle, each["facts"], each.get("size", each["facts"]), rate)


def write(body: Body, seconds: float) -> None:
    """Say what each cycle came to, in both languages."""
    for cycle, each in body["cycles"].items():
        sys.stdout.write(f"{cycle}  {_said(each, 0)}\n")
        sys.stdout.write(f"{' ' * len(cycle)}  {_said(each, 1)}\n")
        for name in each.get("differing", ())[:DIFFERING_SHOWN_MAX]:
            sys.stdout.write(f"{' ' * len(cycle)}  ≠ {name}\n")
    facts = _facts(body)
    sys.stdout.write(f"{facts:,} facts, {seconds:.2f} s, {facts / seconds:,.0f} facts/s\n")


def write_json(body: Body, seconds: float) -> None:
    """The same as JSON, with the time that it took."""
    facts = _facts(body)
    measured = {"seconds": round(seconds, 3), "facts_per_s": round(facts / seconds, 1)}
    json.dump({**body, **measured}, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def status(body: Body) -> int:
    """The exit status: 1 where anything differs, or could not be made.

    It is 3 where all that is wrong is that something could not be compared.
    """
    states = {each["state"] for each in body["cycles"].values()}
    if states <= {"serves", "made"}:
        return WELL
    return NOT_MET if states <= {"serves", "made", "not-met"} else NOT_WELL


def _facts(body: Body) -> int:
    """How many were read by now, without those that were before it was broken off."""
    read = (each for each in body["cycles"].values() if "earlier" not in each)
    return sum(each.get("facts", 0) for each in read)


def _said(cycle: Body, place: int) -> str:
    earlier = _EARLIER[place].format(**cycle) if "earlier" in cycle else ""
    return _outcome(cycle, place) + earlier


def _outcome(cycle: Body, place: int) -> str:
    if cycle["state"] == "stopped":
        problem = cycle["problem"]
        return messages.sentence(problem["code"], LANGUAGES[place], problem["details"])
    said = f"{_STATES[cycle['state']][place]}; {_comparison(cycle)[place]}"
    return said.format(**cycle) + "."


def _comparison(cycle: Body) -> tuple[str, str]:
    if cycle["compared"] is not None:
        return _COMPARED
    return _UNCOMPARED if cycle["served_to"] is None else _UNMET
