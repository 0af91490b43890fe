"""Verify a bundle, or exported facts: `python -m shared.verify --help`."""

import io
import sys

from shared.adapters.signature import verify
from shared.verify.command import main

if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # Vietnamese, also into a file on Windows
            stream.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1:], verify))
