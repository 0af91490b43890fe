"""The issuer of a trial: tokens for anybody who asks; never to be had in production."""

from datetime import timedelta

import jwt

from shared.adapters.identity.keys import Key
from shared.adapters.identity.naming import ReadableNames
from shared.adapters.identity.provider import Given
from shared.adapters.identity.terms import AUDIENCE, ROLES, ROLES_OF_AN_AGENCY, SUBJECT, Terms
from shared.adapters.identity.verifier import Verifier
from shared.kernel.actor import Actor, Role
from shared.kernel.code import is_code
from shared.kernel.errors import Refused
from shared.ports import Clock

TRIAL_ISSUER = "urn:cchc:trial"
HOURS_DEFAULT = 12
HOURS_MAX = 24 * 366 * 2
"""The clock of a trial may be set forward through a whole cycle."""

_KEY_ID = "trial"


class TrialIssuer:
    """Issues tokens for anybody who asks; the times in them are by the clock of the trial."""

    def __init__(self, private_key: str, clock: Clock) -> None:
        self._private_key = private_key
        self._clock = clock

    def issue(self, actor: Actor, *, hours: int) -> str:
        """A token that serves for these hours.

        Raises `Refused` with `role-without-token`, `subject-malformed`, `agency-needed` or
        `agency-not-expected` for an actor whom `Verifier` would not take.
        """
        _check(actor)
        claims = {
            "iss": TRIAL_ISSUER,
            "aud": AUDIENCE,
            "sub": actor.id,
            "exp": self._clock.now() + timedelta(hours=hours),
            "roles": [actor.role],
            **({"agency": actor.agency} if actor.agency else {}),
            **({"client_id": actor.id} if actor.kind == "service" else {}),
        }
        headers = {"kid": _KEY_ID}
        return jwt.encode(claims, self._private_key, algorithm="EdDSA", headers=headers)

    def verifier(self) -> Verifier:
        """Who takes these tokens, and no other."""
        keys = {_KEY_ID: Key(self._private_key, "EdDSA")}
        return Verifier(TRIAL_ISSUER, keys, self._clock, Terms())


def trial_identity(issuer: TrialIssuer) -> Given:
    """Who takes the tokens of a trial; its made-up subjects stand in facts as they are."""
    verifier = issuer.verifier()
    called = (TRIAL_ISSUER, ReadableNames())
    return Given(verifier.identify, "", verifier.person, called)


def subject_of(role: Role, agency: str) -> str:
    """The opaque id of somebody of whom no more is known."""
    return f"trial-{role}-{agency}" if agency else f"trial-{role}"


def _check(actor: Actor) -> None:
    if actor.role not in ROLES:
        raise Refused("role-without-token", role=actor.role)
    if SUBJECT.fullmatch(actor.id) is None:
        raise Refused("subject-malformed")
    if actor.role in ROLES_OF_AN_AGENCY and not is_code(actor.agency):
        raise Refused("agency-needed", role=actor.role)
    if actor.role not in ROLES_OF_AN_AGENCY and actor.agency:
        raise Refused("agency-not-expected", role=actor.role)
