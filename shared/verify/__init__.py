"""The offline verifier: a ranking counted again from its exported facts, with nothing else.

`python -m shared.verify --help` says what is checked, and what cannot be.
"""

from shared.verify.command import main
from shared.verify.fault import Fault
from shared.verify.report import FAULTY, HOLDS, UNPUBLISHED, UNUSABLE, Claim, Report, verify

__all__ = [
    "FAULTY",
    "HOLDS",
    "UNPUBLISHED",
    "UNUSABLE",
    "Claim",
    "Fault",
    "Report",
    "main",
    "verify",
]
