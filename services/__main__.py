"""All services in one process, and the command line: `python -m services --help`."""

import os
import sys

from services.cli import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
