"""Hundreds of worlds, each from a seed, in which nothing is lost and nothing is doubled.

`SIMULATOR_SEEDS` says how many are played (300 if it does not, twice as many as any planted bug may
take to be found; `make deep` plays thousands), `SIMULATOR_FIRST` with which seed they begin. What a
seed comes to is replayed by `python -m tests.faults.simulator --seed N`.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from services.appraisal import main as appraisal
from services.ranking import main as ranking
from services.submission import main as submission
from services.survey import main as survey
from shared.adapters.memory import MemoryScanner
from tests.faults.simulator.pieces import CORRECT
from tests.faults.simulator.simulation import simulate
from tests.faults.simulator.world import START
from tests.support import tally
from tests.support.outside import memory_outside

SEEDS = int(os.environ.get("SIMULATOR_SEEDS", "300"))
FIRST = int(os.environ.get("SIMULATOR_FIRST", "1"))
SEEDS_AT_ONCE = 50
FACTS_MIN = 200
FAULTS_MIN = 5
TRACED_LINES_MIN = 100

WIRES = {
    "submission": submission.wire,
    "appraisal": appraisal.wire,
    "survey": survey.wire,
    "ranking": ranking.wire,
}


@pytest.mark.slow
@pytest.mark.parametrize("first", range(FIRST, FIRST + SEEDS, SEEDS_AT_ONCE))
def test_whatever_fails_nothing_is_lost_or_doubled(
    first: int, record_property: Callable[[str, Any], None]
) -> None:
    seeds = range(first, min(first + SEEDS_AT_ONCE, FIRST + SEEDS))
    counted, faults = Counter[str](), Counter[str]()

    for seed in seeds:
        outcome = simulate(seed)

        assert not outcome.flaws, str(outcome)
        assert outcome.facts >= FACTS_MIN, f"seed {seed} has no more than {outcome.facts} facts"
        assert outcome.faults.total() >= FAULTS_MIN, f"seed {seed} suffers {outcome.faults}"
        counted.update(seeds=1, facts=outcome.facts, acknowledged=outcome.acknowledged)
        counted.update(faults=outcome.faults.total(), lost=outcome.lost, doubled=outcome.doubled)
        faults.update(outcome.faults)

    tally.count(record_property, "simulated worlds", {"all": counted})
    rows = {kind: {"faults": number} for kind, number in sorted(faults.items())}
    tally.count(record_property, "simulated faults", rows)


@pytest.mark.parametrize("seed", [7, 2021])
def test_a_seed_replays_exactly_in_another_process(seed: int) -> None:
    replays = [
        subprocess.run(
            [sys.executable, "-m", "tests.faults.simulator", f"--seed={seed}", "--trace"],
            env={**os.environ, "PYTHONHASHSEED": hashing},
            stdout=subprocess.PIPE,
            check=True,
        ).stdout
        for hashing in ("1", "2")
    ]

    assert replays[0] == replays[1]
    assert replays[0].count(b"\n") > TRACED_LINES_MIN


@pytest.mark.parametrize("name", WIRES)
def test_simulated_services_run_the_loops_of_the_real_ones(name: str) -> None:
    simulated = START[name](memory_outside(scanner=MemoryScanner()), CORRECT)

    real = WIRES[name](memory_outside(scanner=MemoryScanner()))

    assert {loop.name for loop in simulated.loops} == {loop.name for loop in real.loops}
