"""The version to come, made as the runbook for upgrades says: this one with a change of each kind.

A fact in a second shape with its upcaster, a view and a drawing of another version, and a column of
another edition. Each edit has to find what it changes, so that it tells when that is gone.
"""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from real.processes import PROJECT
from shared.adapters.postgres.edition import EDITION
from tests.support.former import CODE

FACT = "submission.ExplanationGiven.v2"
VIEWS = ("submission_progress.v2", "submission_progress.v3")
"""A view as it is, and as it will be."""
SHOWN_VERSION = 3
"""Of what ranking draws."""
COLUMN = ("drafts", "typed_on")

FORMER_SHAPE = '''
class ExplanationGivenV1(msgspec.Struct, frozen=True, kw_only=True):
    """An explanation in a language that nobody named."""

    cycle: str
    agency: str
    item: str
    text: Sealed


FORMER: '''
UPCASTER = """
def _explanation_given(fact: former.ExplanationGivenV1) -> submission.ExplanationGiven:
    return submission.ExplanationGiven(
        cycle=fact.cycle, agency=fact.agency, item=fact.item, text=fact.text
    )


UPCASTERS: """

EDITS: Sequence[tuple[str, str, str]] = (
    (
        "shared/events/submission/sheet.py",
        r"(class ExplanationGiven\(.*?    text: Sealed\n)",
        r'\1    language: str = "vi"\n',
    ),
    (
        "shared/events/codec.py",
        r"(_VERSIONS = MappingProxyType\(\n    \{\n)",
        r"\1        submission.ExplanationGiven: 2,\n",
    ),
    ("shared/events/former.py", r"\nFORMER: ", FORMER_SHAPE),
    (
        "shared/events/former.py",
        r"(= MappingProxyType\(\n    \{\n)",
        r'\1        "submission.ExplanationGiven.v1": ExplanationGivenV1,\n',
    ),
    ("shared/events/upcast.py", r"import former, survey", "import former, submission, survey"),
    ("shared/events/upcast.py", r"\nUPCASTERS: ", UPCASTER),
    (
        "shared/events/upcast.py",
        r"(= MappingProxyType\(\n    \{\n)",
        r"\1        former.ExplanationGivenV1: _explanation_given,\n",
    ),
    (
        "services/submission/views/progress.py",
        r'"submission_progress", 2',
        '"submission_progress", 3',
    ),
    (
        "services/ranking/application/generations.py",
        rf"SHOWN_VERSION = {SHOWN_VERSION - 1}\n",
        f"SHOWN_VERSION = {SHOWN_VERSION}\n",
    ),
    (
        "shared/adapters/postgres/drafts.py",
        r"(\nSCHEMA = \(\n.*?)(\n\)\n)",
        r'\1\n    "alter table drafts add column if not exists typed_on date",\2',
    ),
    (
        "shared/adapters/postgres/edition.py",
        rf"EDITION = {EDITION}\n",
        f"EDITION = {EDITION + 1}\n",
    ),
)


def made(folder: Path) -> Path:
    """The code of the version to come, in a folder of its own."""
    for part in CODE:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / part, folder / part, ignore=ignored)
    for name, wanted, text in EDITS:
        path = folder / name
        changed, count = re.subn(wanted, text, path.read_text("utf-8"), flags=re.DOTALL)
        assert count == 1, f"{name} has {wanted!r} {count} times"
        path.write_text(changed, "utf-8")
    return folder
