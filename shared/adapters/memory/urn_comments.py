"""Comments in the urn in memory: letting them out, and deciding on them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shared.adapters.comments import chosen, require_same
from shared.kernel.errors import Missing
from shared.ports import Chance, Claim, Comment, Verdict


@dataclass(slots=True)
class Comments:
    """The comments of one questionnaire, and what was decided about their names."""

    kept: dict[str, Comment] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def release(self, chance: Chance, least: int, leave: int) -> int:
        """Let out those that hide among enough others; how many."""
        waiting: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for name in sorted(self.kept.keys() - self.released):
            waiting[self.kept[name].agency, self.kept[name].question].append(name)
        before = len(self.released)
        for names in waiting.values():
            if len(names) >= least + leave:
                self.released.update(chosen(chance, names, leave))
        return len(self.released) - before

    def readable(self, limit: int, after: str) -> Sequence[Comment]:
        """Those that were let out and not decided on."""
        undecided = (self.released & self.kept.keys()) - self.verdicts.keys()
        names = sorted(name for name in undecided if name > after)
        return [self.kept[name] for name in names[:limit]]

    def decide(self, name: str, verdict: Verdict, text: str) -> Verdict:
        """What was decided about a comment, now or before."""
        if name not in self.verdicts:
            if name not in self.released:
                raise Missing("comment-unknown")
            self.verdicts[name] = verdict
            self.kept[name] = replace(self.kept[name], text=text or self.kept[name].text)
        require_same(self.verdicts[name], verdict)
        return self.verdicts[name]

    def claims(self, questionnaire: str) -> Sequence[Claim]:
        """Those that were decided on and are still there."""
        names = sorted(self.verdicts.keys() & self.kept.keys())
        return [Claim(questionnaire, self.kept[name], self.verdicts[name]) for name in names]

    def remove(self, name: str) -> None:
        """Forget what was said."""
        self.kept.pop(name, None)
        self.released.discard(name)
