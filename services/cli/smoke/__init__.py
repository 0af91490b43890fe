"""A smoke test of a deployment: a small cycle from its opening to its publication, then withdrawn.

    command      the command `smoke`, and what it prints
    people       who acts, and who vouches for them: the trial, a provider, or tokens that are there
    deployment   the system by its addresses, called by whoever acts
    scratch      the cycle that is played: its documents, and what it has to come to
    play         the steps from opening to publication, each of which may fail
    council      the steps of the council
    programs     what can be tried where a program calls, and people are needed for all else
    withdrawal   the end of it, in every case
    report       what was done, in which time, and how it went

It writes to its own cycle alone, and takes back what it opened by a withdrawal, as anybody would:
by a fact. What it leaves is a withdrawn cycle in the log, for ever.
"""

from services.cli.smoke.command import COMMAND

__all__ = ["COMMAND"]
