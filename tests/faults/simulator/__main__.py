"""python -m tests.faults.simulator --seed 7 --trace: replay a seed, and show what happened."""

import argparse
import sys

from tests.faults.simulator.simulation import simulate


def main() -> int:
    """Play seeds one after another; the exit code says whether all kept their promises."""
    parser = argparse.ArgumentParser(prog="tests.faults.simulator", description=__doc__)
    parser.add_argument("--seed", type=int, required=True, help="the first seed to play")
    parser.add_argument("--seeds", type=int, default=1, help="how many to play")
    parser.add_argument("--trace", action="store_true", help="show every step that matters")
    asked = parser.parse_args()
    broken = 0
    for seed in range(asked.seed, asked.seed + asked.seeds):
        outcome = simulate(seed, tracing=asked.trace)
        sys.stdout.write("".join(f"{line}\n" for line in outcome.lines))
        faults = ", ".join(f"{kind} {count}" for kind, count in sorted(outcome.faults.items()))
        sys.stdout.write(f"seed {seed}: {outcome.facts} facts; {faults}; {outcome.digest}\n")
        if outcome.flaws:
            broken += 1
            sys.stdout.write(f"{outcome}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
