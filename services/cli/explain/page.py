"""The page of an explanation: what the numbers are, how each comes to be, and the facts behind."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.cli.explain import items, proofs
from services.cli.explain.lines import Branch, Lines, brief, brief_expression, brief_sum
from services.cli.explain.words import WORDS, word
from shared.adapters.messages import Language

WIDTH_MIN = 40
WIDTH_MAX = 100
NEIGHBOURS = 2
"""How many ranks are shown before and behind that of the agency."""

Plain = Mapping[str, Any]

_SUMS = frozenset({"areas", "criteria", "items"})
_COLUMNS = ("claimed", "appraised", "sipas", "officials")


def lines(explanation: Plain, *, language: Language, width: int) -> Sequence[str]:
    """The page, line by line, none of them longer than `width` (or what is reasonable)."""
    page = _Page(explanation, language, Lines(min(max(width, WIDTH_MIN), WIDTH_MAX)))
    page.head()
    page.row()
    page.tree()
    proofs.write(explanation, page.lines, language)
    return page.lines.said


class _Page:
    """One page in the making."""

    def __init__(self, explanation: Plain, language: Language, made: Lines) -> None:
        self._explanation = explanation
        self._language = language
        self.lines = made

    def head(self) -> None:
        """What is explained, and what it is worth."""
        said, lines = self._explanation, self.lines
        lines.say(f"{said['name']} ({said['agency']}) · {self._word('cycle')} {said['cycle']}")
        lines.say(f"{said['scheme_title']} ({said['scheme']}, {said['tier']})")
        if said["mode"] == "trial":
            lines.say(self._word("trial"))
        if said["sample"]:
            lines.say(self._word("sample"))
        counted = self._word("counted", number=said["counted_to"])
        lines.say(f"{self._standing()}: {counted}")
        if said["incomplete"]:
            lines.say(self._word("incomplete", streams=", ".join(said["incomplete"])))
        lines.rule()

    def row(self) -> None:
        """The numbers of the agency's row, each with how it comes to be."""
        said, workings = self._explanation, self._explanation["workings"]
        self.lines.say(self._word("index"), right=said["index_shown"] or "-")
        self._working(workings["index"])
        self.lines.say(self._word("points"), right=said["points_shown"])
        self._working(workings["points"])
        self.lines.say(self._word("maximum"), right=brief(said["maximum"]))
        self._working(workings["maximum"])
        for name in _COLUMNS:
            column = said[name]
            value = f"{column['points_shown']} / {brief(column['maximum'])}"
            self.lines.say(self._word(name), Branch("  ", "  "), right=value)
        for name in ("bonus", "penalty"):
            if workings[name]["of"]:
                branch = Branch("  ", "  ")
                self.lines.say(self._word(name), branch, right=said[f"{name}_shown"])
        self._rank(workings["rank"])
        self._grade(workings["grade"])
        self.lines.rule()

    def tree(self) -> None:
        """Areas, criteria and items."""
        said, language = self._explanation, self._language
        for area in said["areas"]:
            self._scored(area, Branch("", "│ "))
            self._sum(area["workings"]["points"], Branch("│ ", "│ "))
            for criterion in area["criteria"]:
                branch = Branch().child(last=criterion is area["criteria"][-1])
                self._criterion(criterion, branch)
        if said["extras"]:
            self.lines.say(self._word("extras"))
            for item in said["extras"]:
                branch = Branch().child(last=item is said["extras"][-1])
                items.write(item, said, branch, self.lines, language)
        self.lines.rule()

    def _criterion(self, criterion: Plain, branch: Branch) -> None:
        only = criterion["items"][0]
        if only["code"] != criterion["code"]:
            self._scored(criterion, branch)
            self._sum(criterion["workings"]["points"], Branch(f"{branch.below}│ ", branch.below))
            branches = [
                branch.child(last=each is criterion["items"][-1]) for each in criterion["items"]
            ]
        else:
            branches = [branch]
        for item, of_item in zip(criterion["items"], branches, strict=True):
            items.write(item, self._explanation, of_item, self.lines, self._language)

    def _scored(self, node: Plain, branch: Branch) -> None:
        self.lines.say(f"{node['code']}  {node['title']}", branch, right=items.score(node))

    def _sum(self, working: Plain, branch: Branch) -> None:
        if len(working["of"]) > 1:
            self.lines.say(
                f"= {brief_sum(working['expression'], WORDS['more'][self._place])}", branch
            )

    def _working(self, working: Plain | None) -> None:
        """How a number comes to be, below it."""
        if working is None:
            return
        if working["how"] in _SUMS:
            expression = brief_sum(working["expression"], WORDS["more"][self._place])
        else:
            expression = brief_expression(working["expression"])
        how = self._explanation["methods"][working["how"]][self._language]
        self.lines.say(f"= {expression} ({how})", Branch("  ", "  "))

    def _rank(self, working: Plain | None) -> None:
        """The rank among those before and behind."""
        if working is None:
            return
        rows, rank = working["rows"], working["value"]
        value = "-" if rank is None else self._word("of", value=rank, count=len(rows))
        self.lines.say(self._word("rank"), right=value)
        how = self._explanation["methods"][working["how"]][self._language]
        self.lines.say(f"({how})", Branch("  ", "  "))
        own = [
            place for place, row in enumerate(rows) if row["agency"] == self._explanation["agency"]
        ]
        for place in own:
            first = max(place - NEIGHBOURS, 0)
            for row in rows[first : place + NEIGHBOURS + 1]:
                self._ranked(row, working["of"])

    def _ranked(self, row: Plain, columns: Sequence[str]) -> None:
        sign = ">" if row["agency"] == self._explanation["agency"] else " "
        values = "  ".join(brief(value) for value in row["values"][: len(columns)])
        self.lines.say(
            f"{sign} {row['rank']:>3}  {row['agency']}", Branch("  ", "  "), right=values
        )

    def _grade(self, working: Plain) -> None:
        title = self._explanation["grade_title"] or self._explanation["grade"]
        self.lines.say(self._word("grade"), right=title or self._word("none"))
        thresholds = [
            f"{each['title']} {self._word('from', at_least=brief(each['at_least']))}"
            for each in working["thresholds"]
        ]
        how = self._explanation["methods"][working["how"]][self._language]
        self.lines.say(f"{', '.join(thresholds)} ({how})", Branch("  ", "  "))

    def _standing(self) -> str:
        """Whether it is a result: published, corrected since, the same as one, or none yet."""
        said = self._explanation
        if "revision" not in said:
            return self._word("provisional")
        name = "published" if said["revision"] == 1 else "corrected"
        decision = said["decision"]["number"]
        stated = self._word(name, revision=said["revision"], decision=decision)
        if said["published_to"] == said["counted_to"]:
            return stated
        counted = self._word("counted", number=said["published_to"])
        return self._word("same", stated=stated, counted=counted)

    @property
    def _place(self) -> int:
        return 1 if self._language == "en" else 0

    def _word(self, name: str, **details: object) -> str:
        return word(name, self._language, **details)
