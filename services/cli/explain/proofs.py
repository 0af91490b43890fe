"""The facts behind a page, and whether they stand in the ledger: the proofs are checked here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.cli.explain.lines import Branch, Lines, brief_hash
from services.cli.explain.words import word
from shared.adapters.messages import Language
from shared.kernel.calendar import local
from shared.ledger.proof import is_beginning, is_included

SHOWN_MAX = 40

Plain = Mapping[str, Any]


def write(explanation: Plain, lines: Lines, language: Language) -> None:
    """The facts one by one, where a part was asked for, and what their proofs come to."""
    if explanation["part"]:
        lines.say(word("ledger", language))
        for fact in explanation["facts"][:SHOWN_MAX]:
            _write_fact(fact, lines, language)
        untold = max(len(explanation["facts"]) - SHOWN_MAX, 0) + explanation["more_facts"]
        if untold:
            lines.say(word("more", language, count=untold))
    ledger, facts = explanation["ledger"], explanation["facts"]
    good = sum(is_proved(fact, ledger) for fact in facts)
    details = {"root": brief_hash(ledger["root"]), "size": ledger["size"]}
    lines.say(word("proved", language, good=good, count=len(facts), **details))
    lines.say(_signed(ledger, language))
    lines.say(word("rounded", language))


def is_proved(fact: Plain, ledger: Plain) -> bool:
    """Whether a fact's path leads from its leaf to the root of the ledger."""
    return is_included(
        bytes.fromhex(fact["leaf"]),
        fact["number"] - 1,
        ledger["size"],
        [bytes.fromhex(each) for each in fact["path"]],
        root=bytes.fromhex(ledger["root"]),
    )


def is_linked(ledger: Plain) -> bool:
    """Whether the shorter of ledger and checkpoint is the beginning of the longer one."""
    places = [
        (each["size"], bytes.fromhex(each["root"])) for each in (ledger, ledger["checkpoint"])
    ]
    (first, first_root), (second, second_root) = sorted(places)
    path = [bytes.fromhex(each) for each in ledger["consistency"]]
    return is_beginning(first, first_root, second, second_root, path)


def _write_fact(fact: Plain, lines: Lines, language: Language) -> None:
    who = fact["actor"] or word("nobody", language)
    at = local(datetime.fromisoformat(fact["at"]))
    lines.say(f"{fact['number']:>6}  {fact['type']}")
    below = Branch(" " * 8, " " * 8)
    lines.say(f"{at} · {who}", below)
    lines.say(f"{fact['id']} · {word('leaf', language)} {brief_hash(fact['leaf'])}", below)


def _signed(ledger: Plain, language: Language) -> str:
    checkpoint = ledger["checkpoint"]
    if checkpoint is None:
        return word("unsigned", language)
    named = {"size": checkpoint["size"], "origin": checkpoint["origin"]}
    if not is_linked(ledger):
        return word("unlinked", language, **named)
    whole = checkpoint["size"] >= ledger["size"]
    return word("signed" if whole else "signed-in-part", language, **named)
