"""One example of each fact, and the way to its golden file.

    python -m tests.golden.examples --write

writes the files that are missing, and never one that exists: what is in a log cannot be changed,
so that the file of a fact, once committed, stays. A new version of a fact is a new example, and
the golden file of the old version stays as the proof that it is still read.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from shared.events import codec
from shared.events.codec import WIRE_NAMES, Stored
from shared.events.examples import CYCLE, EXAMPLES, context_of

FACTS = Path(__file__).parent / "facts"


def example(fact: object) -> Stored:
    """A fact as the log holds it."""
    service = WIRE_NAMES[type(fact)].split(".")[0]
    return codec.encode(f"{service}/{CYCLE}/golden", 7, context_of(fact), fact)


BY_NAME: Mapping[str, Stored] = MappingProxyType({e.type: e for e in map(example, EXAMPLES)})


def path_of(name: str) -> Path:
    """The golden file of a wire name: the bytes of the fact, and a line end."""
    return FACTS / f"{name}.json"


def main(arguments: list[str]) -> int:
    """Write the golden files that are missing."""
    if arguments != ["--write"]:
        sys.stderr.write("usage: python -m tests.golden.examples --write\n")
        return 2
    for name, stored in BY_NAME.items():
        if not path_of(name).exists():
            path_of(name).write_bytes(stored.body + b"\n")
            sys.stdout.write(f"{path_of(name)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
