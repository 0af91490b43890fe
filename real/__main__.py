"""`python -m real install`: what the servers are made of, put onto this machine."""

import argparse
import sys

from real.install import HOME, NotInstalled, install
from real.servers.server import NotHad


def main(arguments: list[str]) -> int:
    """Run a command; returns the exit status."""
    parser = argparse.ArgumentParser("python -m real", description=(__doc__ or "").strip())
    parser.add_argument("command", choices=["install"])
    parser.parse_args(arguments)
    try:
        install(HOME, lambda line: print(line, flush=True))  # noqa: T201 - for people
    except (NotHad, NotInstalled):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
