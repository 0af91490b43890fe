"""A red flag as it is read, and what stands beside a list of them."""

from typing import Any

from shared.count.flags import KINDS, Flag, Watch


def flag_body(flag: Flag) -> dict[str, Any]:
    """One flag: what it concerns as far as its kind does, its facts, and why in two languages."""
    return {
        "id": flag.id,
        "kind": flag.kind,
        "concerns": {name: value for name, value in flag.subject.named.items() if value},
        "number": flag.number,
        "count": flag.count,
        "facts": [{"id": fact.id, "number": fact.number} for fact in flag.facts],
        "more_facts": flag.more,
        "details": dict(flag.details),
        "parameters": dict(flag.parameters),
        "vi": flag.vietnamese,
        "en": flag.english,
    }


def watch_body(cycle: str, watch: Watch) -> dict[str, Any]:
    """How far the ledger was read, what could not be, and what was looked for, how."""
    return {
        "cycle": cycle,
        "counted_to": watch.size,
        "passed_over": [
            {"number": each.number, "code": each.code, "fact": each.fact}
            for each in watch.passed_over
        ],
        "passed_over_count": watch.passed_over_count,
        "kinds": {name: dict(kind.parameters) for name, kind in KINDS.items()},
    }
