"""What readers of submission see.

`VIEWS` are documents folded from the facts; `sheet`, `cycle` and `progress` put together what is
known of one thing at the moment of reading.
"""

from collections.abc import Sequence

from services.submission.views.accesses import ACCESSES
from services.submission.views.cycles import CYCLES
from services.submission.views.history import HISTORY
from services.submission.views.progress import PROGRESS
from services.submission.views.quarantine import KEPT, QUARANTINE
from services.submission.views.watch import WATCH
from shared.events.envelope import Recorded
from shared.kernel.view import View

__all__ = ["ACCESSES", "CYCLES", "HISTORY", "KEPT", "PROGRESS", "QUARANTINE", "VIEWS", "WATCH"]

VIEWS: Sequence[View[Recorded]] = (CYCLES, PROGRESS, HISTORY, WATCH, QUARANTINE, KEPT, ACCESSES)
