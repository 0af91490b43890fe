"""When a form was begun, said by the form itself, so that nobody has to remember it.

A stamp is `seconds.digest`: the digest is keyed by a secret of the service and bound to the token,
so that nobody makes one, or uses that of another. Of all this only one bit goes into the urn:
whether the answer was sent sooner than anybody reads the questions. A stamp that is missing or
wrong says nothing against whoever sends it.
"""

import hmac
from datetime import UTC, datetime

from services.survey.domain.token import hashed
from shared.ports import Seals

HASTY_S_PER_QUESTION = 1.5
"""Nobody reads a question and its options in less."""

SECONDS_DIGITS_MAX = 12


def begun(seals: Seals, token: str, at: datetime) -> str:
    """The stamp of a form that is begun now."""
    seconds = str(int(at.timestamp()))
    return f"{seconds}.{_digest(seals, token, seconds)}"


def is_genuine(seals: Seals, token: str, stamp: str) -> bool:
    """Whether this service made the stamp for this token."""
    seconds, _, digest = stamp.partition(".")
    is_number = seconds.isascii() and seconds.isdigit() and len(seconds) <= SECONDS_DIGITS_MAX
    genuine = _digest(seals, token, seconds)
    return is_number and hmac.compare_digest(digest.encode(), genuine.encode())


def is_hasty(seals: Seals, token: str, stamp: str, at: datetime, questions: int) -> bool:
    """Whether so many questions were answered sooner than anybody reads them."""
    if not is_genuine(seals, token, stamp):
        return False
    began = datetime.fromtimestamp(int(stamp.partition(".")[0]), UTC)
    return (at - began).total_seconds() < questions * HASTY_S_PER_QUESTION


def _digest(seals: Seals, token: str, seconds: str) -> str:
    return seals.digest("stamp", f"{hashed(token)}\n{seconds}".encode())
