"""The offline verifier over one file: `python -m tests.bench.verifying FILE`.

What it took is printed behind its report, as one line of JSON.
"""

import json
import sys
import time

from shared.adapters.signature import verify
from shared.verify.command import main
from tests.bench.rebuilding.job import memory_at_most


def measured(path: str) -> int:
    """Verify a file; the exit code is that of the verifier."""
    wall, processor = time.perf_counter(), time.process_time()
    exit_code = main([path], verify)
    taken = {
        "wall_s": time.perf_counter() - wall,
        "processor_s": time.process_time() - processor,
        "memory_bytes": memory_at_most(),
    }
    sys.stdout.write(json.dumps(taken) + "\n")
    return exit_code


if __name__ == "__main__":
    sys.exit(measured(sys.argv[1]))
