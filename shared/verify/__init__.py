"""The offline verifier: a ranking counted again from its bundle or its facts, with nothing else.

`python -m shared.verify --help` says what is checked, and what cannot be; `FORMAT.md` says it so
that others can write a verifier of their own.
"""

from shared.verify.checkpoints import Given
from shared.verify.command import main
from shared.verify.fault import EXITS, HOLDS, UNPUBLISHED, UNUSABLE, Fault, Unusable
from shared.verify.report import Report
from shared.verify.verifier import verify, verify_entries

__all__ = [
    "EXITS",
    "HOLDS",
    "UNPUBLISHED",
    "UNUSABLE",
    "Fault",
    "Given",
    "Report",
    "Unusable",
    "main",
    "verify",
    "verify_entries",
]
