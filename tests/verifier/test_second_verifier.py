"""Two verifiers that share no code come to the same verdicts, on sound bundles and on damaged ones.

The second one was written from shared/verify/FORMAT.md alone, in JavaScript.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from shared.count import balance
from shared.events import codec
from shared.verify.fault import BESIDE, CLASSES
from tests.bench import facts
from tests.support import second_verifier, tally
from tests.support.any_cycle import AnyCycle, any_cycle, entries_of, odd_facts
from tests.support.bundled import (
    Bundled,
    approved,
    packed,
    published_bundle,
    republished,
    told_anew,
)
from tests.support.changed import Change, changed, several_changes
from tests.support.damaged import Damage, damages, write
from tests.support.formerly import formerly
from tests.support.odd_bytes import odd_entries

LEDGERS = 20
CYCLES = 5
# One process of Node judges many ledgers, so there are few rounds; a ledger is not made smaller for
# as long as that would take.
ROUNDS = settings(
    max_examples=5,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
SAMPLE_FACTS = 40
AGREED = (
    "verdict",
    "exit",
    "cycle",
    "facts",
    "root",
    "digest",
    "claims",
    "checkpoints",
    "anchored",
    "not_judged",
)
BEYOND = frozenset({*balance.BEYOND.values(), "answers-beyond-rest"})
DETAILED = ("agency", "answers", "most")
# A batch that lacks its receipt, as the second verifier folds it; it was adopted in some version.
LATER = """
  import { judgeUrns } from "./balance.mjs";
  import { Faults } from "./fault.mjs";
  const members = (data) => new Map(Object.entries({ questionnaire: "q", ...data }));
  const told = (type, data) => ({ type, data: members(data) });
  const batch = { batch: 1n, channel: "paper", receipts: [], hasty: 0n };
  const responses = [new Map([["agency", "so-y-te"]])];
  const facts = [
    told("survey.QuestionnaireAdopted.vVERSION", {}),
    told("survey.SurveyOpened.v1", {}),
    told("survey.ResponsesCounted.v2", { ...batch, responses }),
  ];
  const faults = new Faults();
  judgeUrns(facts.map((fact, place) => ({ number: place + 1, fact })), faults);
  console.log(JSON.stringify(faults.all()));
"""

Record = Callable[[str, Any], None]


@lru_cache(maxsize=1)
def good() -> Bundled:
    """A bundle as the service gives it."""
    return asyncio.run(published_bundle())


def said(verdict: Mapping[str, Any]) -> Mapping[str, Any]:
    """What two verifiers have to agree in; an unusable file leaves them nothing but the exit.

    A fault counts as often as it is said.
    """
    faults = sorted(map(_fault, verdict.get("faults", ())))
    return {**{name: verdict.get(name) for name in AGREED}, "faults": faults}


def _fault(fault: Mapping[str, Any]) -> tuple[Any, ...]:
    """A fault by its code and place; of too many answers, about whom, and how many too."""
    which = DETAILED if fault["code"] in BEYOND else ()
    return (
        *(fault["code"], fault["member"], fault["number"]),
        *(fault["details"][name] for name in which),
    )


def compared(them: Iterable[Damage], folder: Path) -> Sequence[Mapping[str, Any]]:
    """Let both judge all of them and say the same of each; what the first says."""
    folders = []
    for place, damage in enumerate(them):
        folders.append(folder / str(place))
        write(damage, folders[-1])
    first = [second_verifier.expected(each) for each in folders]
    second = second_verifier.verdicts(folders)
    for ours, theirs in zip(first, second, strict=True):
        assert said(theirs) == said(ours["verdict"]), ours["name"]
    return [each["verdict"] for each in first]


def test_the_second_verifier_says_the_same_of_every_damage(
    tmp_path: Path, record_property: Record
) -> None:
    verdicts = compared(damages(good()), tmp_path)

    exits = [f"exit {verdict['exit']}" for verdict in verdicts]
    rows = {each: {"bundles": exits.count(each)} for each in sorted(exits)}
    tally.count(record_property, "verdicts of both verifiers", rows)
    named = {fault["code"] for verdict in verdicts for fault in verdict.get("faults", ())}
    assert named == CLASSES.keys() - BESIDE


@ROUNDS
@given(st.lists(several_changes, min_size=LEDGERS, max_size=LEDGERS))
def test_the_second_verifier_counts_the_same_whatever_the_facts_say(
    ledgers: Sequence[Sequence[Change]],
) -> None:
    sample = [fact.body for fact in facts.told(SAMPLE_FACTS)]
    made = []
    for place, changes in enumerate(ledgers):
        # Every tenth is about the sample schemes, which have every rule and take longer.
        entries = changed(good().entries if place % 10 else sample, changes)
        told = told_anew(good().members, approved(entries))
        made.append(Damage(str(changes), packed(told), exit=0))

    with TemporaryDirectory() as folder:
        compared(made, Path(folder))


def test_both_verifiers_take_the_same_facts_and_schemes_for_valid(tmp_path: Path) -> None:
    members = told_anew(good().members, entries_of(odd_facts()))

    [verdict] = compared([Damage("odd values", packed(members), exit=11)], tmp_path)

    assert {fault["code"] for fault in verdict["faults"]} == {"fact-unreadable"}
    assert any(name.startswith("schemes/") for name in members)


def test_both_verifiers_take_the_same_bytes_for_facts(tmp_path: Path) -> None:
    entries = odd_entries()

    [verdict] = compared(
        [Damage("odd bytes", packed(told_anew(good().members, entries)), 11)], tmp_path
    )

    codes = Counter(fault["code"] for fault in verdict["faults"])
    assert codes.keys() == {"entry-unreadable", "fact-unreadable"}
    assert codes.total() < len(entries)


@ROUNDS
@given(st.lists(any_cycle(), min_size=CYCLES, max_size=CYCLES))
def test_the_second_verifier_counts_the_same_by_every_rule(cycles: Sequence[AnyCycle]) -> None:
    made = [
        Damage(str(place), packed(told_anew(good().members, approved(cycle.entries))), exit=3)
        for place, cycle in enumerate(cycles)
    ]

    with TemporaryDirectory() as folder:
        verdicts = compared(made, Path(folder))

    faults = {fault["code"] for verdict in verdicts for fault in verdict["faults"]}
    assert faults <= {*get_args(balance.Code)}
    assert {verdict["exit"] for verdict in verdicts} <= {3, 11}


def test_a_difference_between_the_verifiers_is_seen(tmp_path: Path) -> None:
    write(Damage("none", good().content, exit=0), tmp_path / "0")
    ours = second_verifier.expected(tmp_path / "0")["verdict"]
    (tmp_path / "0" / "bundle.zip").write_bytes(good().content[:-1] + b"\1")

    [theirs] = second_verifier.verdicts([tmp_path / "0"])

    assert said(theirs) != said(ours)


STUFFED: Mapping[str, Any] = {
    "code": "answers-uninvited",
    "member": "",
    "number": 7,
    "details": {"agency": "so-y-te", "answers": "3", "most": "2"},
}


@pytest.mark.parametrize(
    "others",
    [
        [],
        [STUFFED, STUFFED],
        [{**STUFFED, "number": 8}],
        *([{**STUFFED, "details": {**STUFFED["details"], name: "1"}}] for name in DETAILED),
    ],
)
def test_who_names_another_agency_or_another_number_does_not_agree(
    others: Sequence[Mapping[str, Any]],
) -> None:
    assert said({"faults": others}) != said({"faults": [STUFFED]})


def test_surveys_that_are_not_judged_are_compared_and_named_in_words(tmp_path: Path) -> None:
    told = formerly([codec.head(entry) for entry in good().entries])
    entries = republished([stored.body for stored in told])
    former = Damage("a former shape", packed(told_anew(good().members, entries)), exit=0)

    [verdict] = compared([former], tmp_path)

    assert verdict["not_judged"] == ["citizens", "leaders", "organisations"]
    assert said({**verdict, "not_judged": ["citizens"]}) != said(verdict)
    answer = second_verifier.run(str(tmp_path / "0" / "bundle.zip"))
    assert f": {', '.join(verdict['not_judged'])}" in answer.stdout


@pytest.mark.parametrize(
    ("version", "codes"), [(1, []), (2, ["batch-unbalanced"]), (3, ["batch-unbalanced"])]
)
def test_a_survey_that_is_adopted_in_a_later_shape_is_judged(
    version: int, codes: Sequence[str]
) -> None:
    script = LATER.replace("VERSION", str(version))

    found = second_verifier.evaluated(script)

    assert [fault["code"] for fault in found] == codes


@pytest.mark.parametrize(
    ("contents", "code"),
    [(("good",), 0), (("good", "short"), 2), (("good", "swapped"), 11), (("swapped", "good"), 11)],
)
def test_of_several_bundles_the_gravest_verdict_is_the_exit_code(
    tmp_path: Path, contents: Sequence[str], code: int
) -> None:
    swapped = [*good().entries[1::-1], *good().entries[2:]]
    made = {
        "good": good().content,
        "short": good().content[:100],
        "swapped": packed(told_anew(good().members, swapped)),
    }
    for name in contents:
        (tmp_path / name).write_bytes(made[name])

    answer = second_verifier.run(*(str(tmp_path / name) for name in contents))

    assert answer.returncode == code
    assert all(f"{tmp_path / name}: " in answer.stdout for name in contents)
