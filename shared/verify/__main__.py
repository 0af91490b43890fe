"""Count a cycle again from its exported facts: `python -m shared.verify --help`."""

import sys

from shared.verify.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
