"""An item on the page: in a line or two where all are shown, and else whole."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.cli.explain.lines import (
    Branch,
    Lines,
    brief,
    brief_expression,
    brief_hash,
    listed,
)
from services.cli.explain.words import WORDS, word
from shared.adapters.messages import Language

Plain = Mapping[str, Any]

_BY_NAME = frozenset({"choice", "no-task"})
"""How points come to be where what was chosen says more than they do."""

_POINTS_WIDTH, _MAXIMUM_WIDTH, _PERCENT_WIDTH = 5, 5, 6


def score(node: Plain) -> str:
    """Points, maximum and percentage, in columns."""
    percent = f"{node['percent_shown']:>{_PERCENT_WIDTH}} %" if node["percent_shown"] else "-"
    points = f"{node['points_shown']:>{_POINTS_WIDTH}}"
    maximum = f"{brief(node['maximum']):>{_MAXIMUM_WIDTH}}"
    return f"{points} / {maximum}  {percent:>{_PERCENT_WIDTH + 2}}"


def write(
    item: Plain, explanation: Plain, branch: Branch, lines: Lines, language: Language
) -> None:
    """An item; whole, where a part was asked for."""
    lines.say(f"{item['code']}  {item['title']}", branch, right=score(item))
    told = _Item(item, explanation, language)
    below = branch.under()
    for text in told.whole() if explanation["part"] else told.short():
        lines.say(text, below)


class _Item:
    """What is said of one item."""

    def __init__(self, item: Plain, explanation: Plain, language: Language) -> None:
        self._item = item
        self._methods = explanation["methods"]
        self._language = language

    def short(self) -> Iterator[str]:
        """What became of it, and by which facts."""
        working = self._item["workings"]["points"]
        said = self._word(self._item["status"])
        if " " in working["expression"]:
            said = f"{said} = {brief_expression(working['expression'])}"
        elif working["how"] in _BY_NAME:
            said = f"{said}: {_inputs(self._item['declaration'])}"
        yield " · ".join([said, *self._facts()])

    def whole(self) -> Iterator[str]:
        """Everything that was said of it."""
        yield f"{self._word(self._item['status'])}: {self._sum(self._item['workings']['points'])}"
        if self._item["rule"]:
            yield from _rule(self._item["rule"], f"{self._word('rule')}: ")
        yield from self._declared()
        yield from self._evidence()
        yield from self._decided()
        yield from self._imported()
        for group in self._item["groups"]:
            yield from self._group(group)
        yield from self._facts()

    def _declared(self) -> Iterator[str]:
        declaration = self._item["declaration"]
        if declaration is None:
            return
        yield f"{self._word('declared')} ({self._fact(declaration)}): {_inputs(declaration)}"
        claimed = declaration["claimed"]
        if claimed and claimed != self._item["workings"]["points"]:
            yield f"  {self._word('claimed')}: {self._sum(claimed)}"

    def _evidence(self) -> Iterator[str]:
        for evidence in self._item["evidence"]:
            document, file = evidence["document"], evidence["file"]
            told = [evidence["name"]]
            if document:
                told = [document[name] for name in ("number", "on", "issuer", "section")]
            yield f"{self._word('evidence')} ({self._fact(evidence)}): {', '.join(told)}"
            if file:
                yield f"  SHA-256 {brief_hash(file['sha256'])} ({file['media_type']})"
            if evidence["condemned"]:
                yield f"  {self._word('condemned')} ({self._fact(evidence['condemned'])})"

    def _decided(self) -> Iterator[str]:
        decision = self._item["decision"]
        if decision is None:
            return
        verdict = self._word("recognised" if decision["recognised"] else "rejected")
        told = [f"{verdict} {brief(decision['awarded'])}"]
        if decision["round"]:
            told.append(self._word("round", round=decision["round"]))
        if not decision["stands"]:
            why = self._methods[decision["fell_by"]][self._language]
            told.append(f"{self._word('fallen')} ({why})")
        yield f"{self._word('decision')} ({self._fact(decision)}): {', '.join(told)}"
        if decision["rests_on_condemned"]:
            yield f"  {self._word('rests-on-condemned')}"
        if decision["legal_basis"]:
            yield f"  {self._word('legal-basis')}: {decision['legal_basis']}"
        if decision["because"]:
            yield f"  {self._word('sealed')} {decision['because']['read_at']}"

    def _imported(self) -> Iterator[str]:
        imported = self._item["imported"]
        if imported:
            points = "-" if imported["points"] is None else brief(imported["points"])
            source = imported["source"] or ""
            yield f"{self._word('table')} ({self._fact(imported)}): {points} {source}".rstrip()

    def _group(self, group: Plain) -> Iterator[str]:
        weight = self._word("weight", weight=brief(group["weight"]))
        yield f"{self._word('group')} {group['title'] or group['group']} ({weight})"
        for asked in group["asked"]:
            for question in asked["questions"]:
                yield f"  {self._word('asked')} ({self._fact(asked)}): {question['text']}"
        for option in group["options"]:
            title = option["title"] or ""
            named = (
                option["option"]
                if title in {"", option["option"]}
                else f"{option['option']} {title}"
            )
            share = brief(option["share"]) if option["share"] else self._word("no-opinion")
            yield f"  {option['count']:>5} x {named} → {share}"
        if group["mean"]:
            yield f"  {self._word('mean')}: {self._sum(group['mean'])}"

    def _sum(self, working: Plain) -> str:
        """A number and how it comes to be."""
        how = self._methods[working["how"]][self._language]
        value = brief(working["value"])
        expression = brief_expression(working["expression"])
        equation = value if expression == value else f"{expression} = {value}"
        return f"{equation} ({how})"

    def _facts(self) -> Iterator[str]:
        """The facts by their numbers; those of a survey are counted."""
        told = self._item["facts"]
        numbers = [str(fact["number"] or "?") for fact in told if "id" in fact]
        if numbers:
            more = WORDS["more"][1 if self._language == "en" else 0]
            yield self._word("facts", numbers=listed(numbers, more))
        for spoken in (fact for fact in told if "stream" in fact):
            yield self._word("spoken", count=spoken["count"], stream=spoken["stream"])

    def _fact(self, reference: Plain) -> str:
        return self._word("fact", number=reference["number"] or "?")

    def _word(self, name: str, **details: object) -> str:
        return word(name, self._language, **details)


def _inputs(declaration: Plain) -> str:
    return ", ".join(f"{name} = {value}" for name, value in declaration["inputs"].items())


def _rule(rule: Plain, lead: str, inset: str = "") -> Iterator[str]:
    """A rule as it was adopted: what is plain in one line, and each part of a list in its own."""
    plain = {name: value for name, value in rule.items() if isinstance(value, str)}
    first, title = plain.pop("type", plain.pop("code", "")), plain.pop("title", "")
    said = [first, *(f"{name} {value}" for name, value in sorted(plain.items())), title]
    yield f"{inset}{lead}{', '.join(each for each in said if each)}"
    for name, value in rule.items():
        below = f"{inset}  "
        match value:
            case dict():
                yield from _rule(value, f"{name}: ", below)
            case list():
                for each in value:
                    if isinstance(each, dict):
                        yield from _rule(each, "- ", below)
                    else:
                        yield f"{below}- {name}: {each}"
            case _:
                pass
