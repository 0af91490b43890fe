"""What is decided of a cycle as a whole.

result      approved by the council, published by decision, and corrected
privacy     what is to be forgotten: who somebody is, and what they wrote
texts       which texts the ledger holds, whose they are, and which may go
"""

from services.ranking.domain.privacy import (
    TEXTS_MAX,
    ForgetPerson,
    Privacy,
    ProposeShredding,
    SecondShredding,
    Shredding,
)
from services.ranking.domain.privacy import decider as privacy_decider
from services.ranking.domain.result import (
    HINDRANCES_TOLD_MAX,
    Approval,
    ApproveResult,
    Command,
    CorrectResult,
    Present,
    Publication,
    PublishResult,
    Result,
    actions,
    decider,
)
from services.ranking.domain.texts import Texts, may_be_of, may_hold_text

__all__ = [
    "HINDRANCES_TOLD_MAX",
    "TEXTS_MAX",
    "Approval",
    "ApproveResult",
    "Command",
    "CorrectResult",
    "ForgetPerson",
    "Present",
    "Privacy",
    "ProposeShredding",
    "Publication",
    "PublishResult",
    "Result",
    "SecondShredding",
    "Shredding",
    "Texts",
    "actions",
    "decider",
    "may_be_of",
    "may_hold_text",
    "privacy_decider",
]
