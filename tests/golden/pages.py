"""The pages of `explain` as they are committed, in both languages and in narrow terminals.

`python -m tests.golden.documents --write` writes them down anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from services.cli.explain import page
from shared.adapters.messages import Language
from shared.events.codec import Stored
from shared.events.submission import EvidenceCondemned
from tests.support.explained import explained
from tests.support.sample_cycle import sample_cycle
from tests.support.small_cycle import CYCLE
from tests.support.told import FILE, Teller, whole_cycle

FOLDER = Path(__file__).parent / "pages"
AGENCY = "so-y-te"
STATED = {"revision": 1, "decision": {"number": "12/QĐ-UBND"}, "published_to": 25}


@dataclass(frozen=True, slots=True)
class Page:
    """What is explained, and for which terminal; `stated` where the same was published."""

    told: Sequence[Stored]
    part: str
    language: Language
    width: int
    stated: Mapping[str, object] = field(default_factory=dict)


def _found_late() -> Sequence[Stored]:
    """The small cycle, and what a scanner found when nobody could decide any more."""
    teller = Teller()
    for stored in whole_cycle():
        teller.repeat(stored)
    found = EvidenceCondemned(
        cycle=CYCLE, agency=AGENCY, sha256=FILE.sha256, scanner="ClamAV 1.4.6", finding="Worm"
    )
    teller.tell(f"submission/{CYCLE}/{AGENCY}", found)
    return teller.told


PAGES: Mapping[str, Page] = {
    "whole.vi.80": Page(sample_cycle(), "", "vi", 80),
    "whole.en.60": Page(whole_cycle(), "", "en", 60),
    "item.vi.60": Page(sample_cycle(), "3.2.2", "vi", 60),
    "condemned.en.80": Page(_found_late(), "1.1", "en", 80),
    "condemned.vi.80": Page(_found_late(), "1.1", "vi", 80),
    "published.en.60": Page(_found_late(), "1.1", "en", 60, STATED),
    "published.vi.60": Page(_found_late(), "1.1", "vi", 60, STATED),
    "area.en.80": Page(sample_cycle(), "9", "en", 80),
}


def path_of(name: str) -> Path:
    """Where a page is written down."""
    return FOLDER / f"{name}.txt"


def text_of(name: str) -> str:
    """A page as it is printed."""
    wanted = PAGES[name]
    explanation = {**explained(wanted.told, AGENCY, wanted.part), **wanted.stated}
    made = page.lines(explanation, language=wanted.language, width=wanted.width)
    return "".join(f"{line}\n" for line in made)
