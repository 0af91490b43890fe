"""Red flags (dấu hiệu cần xem lại): where an auditor should look, computed from the log alone.

    limits        the thresholds
    told          a fact with its place in the ledger
    runs, paces   decisions in a row, answers by the hour
    known         what is known of a cycle
    follow        what each fact changes in it
    flag          what a flag is, and a kind of flags
    deadlines, sheets, decisions, members, explanations, answers
                  the kinds: each a function from what was known and a fact to what is raised
    kinds         the table of them all
    words         what a flag says
    raising       occurrences joined to flags
    watch         the fold

Each module knows only those above it.
"""

from shared.count.flags.flag import Flag, Kind, Subject
from shared.count.flags.kinds import KINDS
from shared.count.flags.watch import PassedOver, Watch

__all__ = ["KINDS", "Flag", "Kind", "PassedOver", "Subject", "Watch"]
