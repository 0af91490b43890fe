"""What a backup is made of, in the order in which it is made.

Who has heard of a fact is saved before who has said it, so that in a backup nobody knows of a fact
that its own service does not have: the ledger first, then who answers whom, then the topic, from
which a service takes back what was told while others were saved. The survey comes last: what it
has counted has left its urn, and its store is never behind the topic.

Parts may be saved whenever it suits, since only those go together of which that holds: one that
ended too late is passed over for an earlier one (`Backups.together`). In the order above none is.
"""

from collections.abc import Mapping
from typing import Literal, get_args

Part = Literal["ranking", "appraisal", "submission", "topic", "survey"]
PARTS: tuple[Part, ...] = get_args(Part)
TOPIC: Part = "topic"
SERVICES: tuple[Part, ...] = tuple(part for part in PARTS if part != TOPIC)
FOLLOWED: Mapping[Part, Part] = {
    "ranking": TOPIC,
    "appraisal": TOPIC,
    "submission": TOPIC,
    TOPIC: "survey",
}
"""Each part that was saved to its end before another was begun, of those that go together."""
