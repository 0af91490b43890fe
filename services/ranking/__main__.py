"""A process of the service on real servers: `python -m services.NAME api|worker|migrate`."""

import os
import sys

from services.ranking.main import NAME, wire
from shared.adapters.deployed import roles

if __name__ == "__main__":
    sys.exit(roles.run(NAME, wire, sys.argv[1:], os.environ, signs=True))
