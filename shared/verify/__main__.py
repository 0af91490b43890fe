"""Verify a bundle, or exported facts: `python -m shared.verify --help`."""

import sys

from shared.adapters.signature import verify
from shared.verify.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], verify))
