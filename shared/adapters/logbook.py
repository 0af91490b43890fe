"""What a process writes into its log, a line each; set up here, and nowhere else."""

import logging
import time
from collections import OrderedDict
from collections.abc import Callable

FORMAT = "%(asctime)s %(levelname)s %(message)s"

GATHERED = "aiokafka"
"""Who warns of the same several times a second, as long as a broker is away."""
AGAIN_S = 60.0
"""How soon it is told anew what was told before."""
LINES_MAX = 256
"""How many lines are remembered; of more than these, the oldest is told as if it were new."""


def begin() -> None:
    """Write the log of this process to its standard error."""
    handler = logging.StreamHandler()
    handler.addFilter(Gathering())
    logging.basicConfig(level=logging.INFO, format=FORMAT, handlers=[handler])


class Gathering(logging.Filter):
    """Lets the same warning of the driver through once a minute, with how often it came meanwhile.

    Nothing else is held back: each other warning is told at once, and each trace.
    """

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._now_s = now_s
        self._told: OrderedDict[str, _Told] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written."""
        is_gathered = record.name.partition(".")[0] == GATHERED
        if not is_gathered or record.levelno < logging.WARNING or record.exc_info:
            return True
        line, now_s = record.getMessage(), self._now_s()
        told = self._told.get(line)
        if told is not None and now_s - told.at_s < AGAIN_S:
            told.since += 1
            return False
        if told is not None and told.since:
            record.msg, record.args = f"%s (as {told.since} times before)", (line,)
        self._remember(line, now_s)
        return True

    def _remember(self, line: str, now_s: float) -> None:
        self._told.pop(line, None)
        self._told[line] = _Told(now_s)
        if len(self._told) > LINES_MAX:
            self._told.popitem(last=False)


class _Told:
    """When a line was written last, and how often it came since."""

    def __init__(self, at_s: float) -> None:
        self.at_s = at_s
        self.since = 0
