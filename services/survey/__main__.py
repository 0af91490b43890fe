"""A process of the service on real servers: `python -m services.NAME api|worker|migrate`."""

import os
import sys

from services.survey.main import NAME, wire
from shared.adapters import deployed

if __name__ == "__main__":
    sys.exit(deployed.run(NAME, wire, sys.argv[1:], os.environ))
