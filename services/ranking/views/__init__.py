"""What ranking shows: the count of a ledger as documents, and its own facts as publications.

Points and indices are exact texts; beside each stands what to show of it, with two decimals.
"""

from services.ranking.views.agency import agency_body
from services.ranking.views.difference import difference_body, without_others
from services.ranking.views.explanation import (
    Anchor,
    Cited,
    Known,
    explanation_body,
    known_of,
    provenance_body,
)
from services.ranking.views.flags import flag_body, watch_body
from services.ranking.views.publication import PUBLICATIONS, VIEWS
from services.ranking.views.scenario import ranges_body, what_if_body
from services.ranking.views.table import Body, cycle_body, head, standing, table_body

__all__ = [
    "PUBLICATIONS",
    "VIEWS",
    "Anchor",
    "Body",
    "Cited",
    "Known",
    "agency_body",
    "cycle_body",
    "difference_body",
    "explanation_body",
    "flag_body",
    "head",
    "known_of",
    "provenance_body",
    "ranges_body",
    "standing",
    "table_body",
    "watch_body",
    "what_if_body",
    "without_others",
]
