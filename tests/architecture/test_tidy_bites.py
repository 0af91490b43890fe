"""Each tidy rule is seen to fail on a planted fault, and only there."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture import sample
from tests.architecture.rules import authority, facts, purity, shape, text
from tests.architecture.source import Breach, Tree, read
from tests.architecture.test_tidy import RULES

Rule = Callable[[Tree], Iterator[Breach]]

DOMAIN = "services/survey/domain.py"
KERNEL = "shared/kernel/points.py"
FACTS = "shared/events/survey.py"
SENTENCE = sample.SENTENCE
CLASS = "class SurveyOpened"

# (rule, file, what is planted). Escapes keep this file itself within the rules.
FAULTS: tuple[tuple[Rule, str, str], ...] = (
    (shape.services_have_the_same_rooms, "services/survey/utils.py", SENTENCE),
    (shape.modules_begin_with_a_sentence, "shared/kernel/_rounding.py", "LIMIT = 3\n"),
    (shape.modules_are_short, KERNEL, SENTENCE + "\n" * shape.MODULE_LINES_MAX),
    (shape.functions_are_short, KERNEL, "def count():\n" + "    ...\n" * shape.FUNCTION_LINES_MAX),
    (purity.pure_rooms_do_not_wait, DOMAIN, "async def decide(): ...\n"),
    (purity.pure_rooms_do_not_wait, DOMAIN, "facts = [fact async for fact in stream]\n"),
    (purity.pure_rooms_count_exactly, KERNEL, "HALF = 0.5\n"),
    (purity.pure_rooms_count_exactly, KERNEL, "HALF = float('0.5')\n"),
    (purity.pure_rooms_call_nothing_outside, DOMAIN, "open('scheme.yaml')\n"),
    (
        purity.time_and_chance_come_from_adapters,
        "services/survey/application.py",
        "import datetime as dt\nNOW = dt.datetime.now(dt.UTC)\n",
    ),
    (
        purity.time_and_chance_come_from_adapters,
        "shared/runtime/relay.py",
        f"{SENTENCE}from time import time as now\nSTART = now()\n",
    ),
    (
        purity.time_and_chance_come_from_adapters,
        "services/survey/views.py",
        "from random import shuffle\n",
    ),
    (
        purity.only_main_reads_the_environment,
        "shared/adapters/sqlite.py",
        "import os\nFOLDER = os.environ['CCHC_FOLDER']\n",
    ),
    (
        purity.every_library_has_a_door,
        "shared/runtime/relay.py",
        f"{SENTENCE}import scipy.stats\n",
    ),
    (purity.every_library_has_a_door, "services/survey/main.py", "import anyio\n"),
    (purity.the_demo_speaks_http_only, "demo/__init__.py", "from services.survey import domain\n"),
    (purity.real_starts_programs_only, "real/__init__.py", "from shared.kernel import errors\n"),
    (authority.nobody_is_forbidden_elsewhere, DOMAIN, "raise errors.Forbidden('not-today')\n"),
    (facts.facts_are_frozen_structs, FACTS, f"{CLASS}(msgspec.Struct): ...\n"),
    (facts.facts_are_frozen_structs, FACTS, f"{CLASS}: ...\n"),
    (
        facts.facts_hold_nothing_changeable,
        FACTS,
        f"{CLASS}(msgspec.Struct, frozen=True):\n    groups: tuple[list[str], ...]\n",
    ),
    (
        facts.facts_hold_nothing_changeable,
        FACTS,
        f"{CLASS}(msgspec.Struct, frozen=True):\n    points: float | None\n",
    ),
    (
        facts.facts_are_read_with_their_owner,
        DOMAIN,
        "from shared.events.survey import Opened\n",
    ),
    (text.nothing_is_left_to_do, "Makefile", "# TO\x44O: the rest\n"),
    (text.no_page_is_empty, "CONTRIBUTING.md", "\n"),
    (text.no_machine_is_named, "README.md", "Look into \x2froot/data\n"),
    (text.no_machine_is_named, "README.md", "Copied from ..\x2fshared/data\n"),
    (text.no_registry_is_named, "requirements.in", "# from https://pypi\x2eorg/simple\n"),
    (text.silences_give_a_reason, DOMAIN, "import os  # noqa: F401\n"),
    (text.silences_give_a_reason, DOMAIN, "import os  # type: ignore - because\n"),
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_tree_without_faults_breaks_no_rule(rule: Rule) -> None:
    tree = Tree(sample.planted())

    breaches = list(rule(tree))

    assert breaches == []


@pytest.mark.parametrize(("rule", "path", "fault"), FAULTS)
def test_a_planted_fault_is_found(rule: Rule, path: str, fault: str) -> None:
    tree = Tree(sample.planted((path, fault)))

    breaches = list(rule(tree))

    assert {breach.path.removesuffix(".py") for breach in breaches} == {path.removesuffix(".py")}


def test_every_rule_has_a_planted_fault() -> None:
    assert {rule for rule, _, _ in FAULTS} == set(RULES)


def test_a_missing_room_is_found() -> None:
    files = dict(sample.planted())
    del files["services/ranking/policy.py"]

    breaches = list(shape.services_have_the_same_rooms(Tree(files)))

    assert [breach.path for breach in breaches] == ["services/ranking/policy"]


def test_a_function_within_another_is_counted_by_itself() -> None:
    handler = "    def answer():\n" + "        ...\n" * (shape.FUNCTION_LINES_MAX - 1)
    tree = Tree(sample.planted((KERNEL, f"{SENTENCE}def routes():\n{handler * 2}    return 1\n")))

    breaches = list(shape.functions_are_short(tree))

    assert breaches == []


@pytest.mark.parametrize(
    "comment",
    ["# noqa: S603 - we start our own program", "# type: ignore[arg-type]  # the stub is wrong"],
)
def test_a_silence_with_code_and_reason_is_let_through(comment: str) -> None:
    tree = Tree(sample.planted((DOMAIN, f"import os  {comment}\n")))

    breaches = list(text.silences_give_a_reason(tree))

    assert breaches == []


def test_what_is_no_fact_may_be_read_by_its_name() -> None:
    reader = (DOMAIN, "from shared.events.survey import Mode\n")
    tree = Tree(sample.planted((FACTS, "Mode = str\n"), reader))

    breaches = list(facts.facts_are_read_with_their_owner(tree))

    assert breaches == []


def test_what_git_ignores_is_not_read(tmp_path: Path) -> None:
    sample.write(sample.planted(("var/log.txt", "started")), tmp_path)

    tree = read(tmp_path)

    assert tree.files == sample.planted()
