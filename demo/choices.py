"""What the people of the play do: the same for the same seed, whatever order they act in.

Every choice is drawn from the seed and the name of what is chosen, so that it does not matter who
is asked first. An agency's `diligence` makes its year better or worse as a whole.
"""

import random  # noqa: TID251 - a play is drawn from its seed
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

PLACES = Decimal("0.01")
NO_TASK_PERCENT = 5


@dataclass(frozen=True, slots=True)
class Choices:
    """All the chance of one play."""

    seed: int

    def _drawn(self, *what: str) -> random.Random:
        return random.Random("/".join((str(self.seed), *what)))

    def happens(self, percent: int, *what: str) -> bool:
        """Whether something happens that happens in so many of a hundred cases."""
        return self._drawn(*what).randrange(100) < percent

    def one_of(self, options: Sequence[str], *what: str) -> str:
        """One of several, all alike."""
        return self._drawn(*what).choice(list(options))

    def diligence(self, agency: str) -> int:
        """How good a year it was, in per cent."""
        return self._drawn("diligence", agency).randint(78, 97)

    def inputs(self, agency: str, item: Mapping[str, Any]) -> Mapping[str, str]:
        """What an agency declares for an item of the scheme, as its rule wants it."""
        drawn = self._drawn("inputs", agency, item["code"])
        if item.get("no_task") and drawn.randrange(100) < NO_TASK_PERCENT:
            return {"no_task": "yes"}
        well = drawn.randrange(100) < self.diligence(agency)
        return _Year(well, drawn).inputs(item["rule"], Decimal(item["maximum"]))

    def answer(self, agency: str, respondent: str, options: Sequence[str]) -> str:
        """The option that a respondent chooses; the options stand best first."""
        drawn = self._drawn("answer", agency, respondent)
        pleased = self.diligence(agency) - drawn.randint(0, 12)
        if drawn.randrange(100) < pleased:
            return options[drawn.randrange(min(2, len(options)))]
        return options[drawn.randrange(len(options))]

    def awarded(self, agency: str, item: str, claimed: Fraction, maximum: Decimal) -> Decimal:
        """What the council gives instead: twentieths of the maximum, less than was claimed."""
        twentieths = [place for place in range(1, 20) if maximum * place / 20 < claimed]
        if not twentieths:
            return Decimal(0)
        kept = self._drawn("awarded", agency, item).choice(twentieths[len(twentieths) // 2 :])
        return maximum * kept / 20


@dataclass(frozen=True, slots=True)
class _Year:
    """One item's year in one agency: it went well, or somehow else."""

    well: bool
    drawn: random.Random

    def inputs(self, rule: Mapping[str, Any], maximum: Decimal) -> dict[str, str]:
        """What the rule wants to be told; the play knows every rule but `survey`."""
        return _INPUTS[rule["type"]](self, rule, maximum)

    def choice(self, rule: Mapping[str, Any], _: Decimal) -> dict[str, str]:
        return {"option": self._of(rule["options"])}

    def count(self, rule: Mapping[str, Any], maximum: Decimal) -> dict[str, str]:
        needed = int(maximum / Decimal(rule["per_unit"]))
        return {"count": str(needed if self.well else self.drawn.randint(0, needed))}

    def levels(self, rule: Mapping[str, Any], _: Decimal) -> dict[str, str]:
        if "at_least" not in rule["bands"][0]:
            return {"level": self._of(rule["bands"])}
        best, lowest = (Decimal(rule["bands"][place]["at_least"]) for place in (0, -1))
        part = 100 if self.well else self.drawn.randrange(100)
        return {"value": str((lowest + (best - lowest) * part / 100).quantize(PLACES))}

    def ratio(self, _: Mapping[str, Any], __: Decimal) -> dict[str, str]:
        tasks, done = self._tasks()
        return {"numerator": str(done), "denominator": str(tasks)}

    def deduction(self, _: Mapping[str, Any], __: Decimal) -> dict[str, str]:
        return {"breaches": str(0 if self.well else self.drawn.randint(1, 3))}

    def formula(self, rule: Mapping[str, Any], _: Decimal) -> dict[str, str]:
        """A formula of the samples names all tasks first, then those done, then those left."""
        tasks, done = self._tasks()
        return dict(zip(rule["inputs"], map(str, (tasks, done, tasks - done)), strict=False))

    def manual(self, rule: Mapping[str, Any], maximum: Decimal) -> dict[str, str]:
        step = Decimal(rule["step"])
        steps = int(maximum / step)
        kept = steps if self.well else self.drawn.randint(steps // 2, steps)
        return {"points": str(kept * step)}

    def sum(self, rule: Mapping[str, Any], _: Decimal) -> dict[str, str]:
        return {
            f"{addend['code']}.{name}": text
            for addend in rule["addends"]
            for name, text in self.inputs(addend["rule"], Decimal(addend["maximum"])).items()
        }

    def _of(self, options: Sequence[Mapping[str, Any]]) -> str:
        """The best option stands first."""
        place = 0 if self.well else self.drawn.randrange(len(options))
        return str(options[place]["code"])

    def _tasks(self) -> tuple[int, int]:
        tasks = self.drawn.randint(20, 400)
        late = self.drawn.randint(0, tasks // 40 if self.well else tasks // 5)
        return tasks, tasks - late


_INPUTS: Mapping[str, Callable[[_Year, Mapping[str, Any], Decimal], dict[str, str]]] = {
    "choice": _Year.choice,
    "count": _Year.count,
    "levels": _Year.levels,
    "ratio": _Year.ratio,
    "deduction": _Year.deduction,
    "formula": _Year.formula,
    "manual": _Year.manual,
    "sum": _Year.sum,
}
