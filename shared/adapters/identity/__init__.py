"""Who calls: bearer tokens (RFC 9068), issued by an OpenID Connect provider and verified here.

    terms       which claims of a provider say what, in its own words
    naming      what facts call people: opaque ids, by a key of the installation
    keys        its public keys, each with the one algorithm that it is good for
    verifier    a token, by these keys and in these terms, is an actor or nobody
    provider    the keys as the provider publishes them, now and after it changed them
    meeting     whoever acts is written down in the directory, apart from facts
    wire        the few documents that are read from a provider, with limits
    login       a person signs in by a browser, for the command line
    program     a program gets a token in its own name
    trial       what issues tokens to whoever asks; production has no part of it

A person's password never comes here, and a token is never asked about at the provider: its keys
are all that is needed of it, so that those who have signed in go on working while it is away.
"""

from shared.adapters.identity.login import SIGN_IN_S_MAX, Client, sign_in
from shared.adapters.identity.meeting import Meeting, id_of
from shared.adapters.identity.naming import OPAQUE, KeyedNames, Names, own_key
from shared.adapters.identity.program import Program, granted
from shared.adapters.identity.provider import Given, Identity, KeysState, Provider
from shared.adapters.identity.terms import AUDIENCE, ROLES, ROLES_OF_AN_AGENCY, Terms
from shared.adapters.identity.trial import (
    HOURS_DEFAULT,
    HOURS_MAX,
    TRIAL_ISSUER,
    TrialIssuer,
    subject_of,
    trial_identity,
)
from shared.adapters.identity.trust import Trust, identity_of
from shared.adapters.identity.verifier import LEEWAY, Verifier
from shared.adapters.identity.wire import Site, discovery_of, is_loopback, is_safe

__all__ = [
    "AUDIENCE",
    "HOURS_DEFAULT",
    "HOURS_MAX",
    "LEEWAY",
    "OPAQUE",
    "ROLES",
    "ROLES_OF_AN_AGENCY",
    "SIGN_IN_S_MAX",
    "TRIAL_ISSUER",
    "Client",
    "Given",
    "Identity",
    "KeyedNames",
    "KeysState",
    "Meeting",
    "Names",
    "Program",
    "Provider",
    "Site",
    "Terms",
    "TrialIssuer",
    "Trust",
    "Verifier",
    "discovery_of",
    "granted",
    "id_of",
    "identity_of",
    "is_loopback",
    "is_safe",
    "own_key",
    "sign_in",
    "subject_of",
    "trial_identity",
]
