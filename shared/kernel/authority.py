"""Who may do what: one table of action, roles and condition, read by every service.

The state of a cycle is not its business: a deadline or a lock is a rule of the domain.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shared.kernel.actor import Actor, Role
from shared.kernel.errors import Forbidden

Condition = Literal["anyone's", "own", "not-own"]


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles that may take an action, and whose agency each may take it on.

    `own` lets a role act on the agency of its claim alone, `not-own` on every other.
    """

    roles: Mapping[Role, Condition]


def _permission(roles: Mapping[Role, Condition]) -> Permission:
    return Permission(MappingProxyType(dict(roles)))


_ADMINISTRATION = _permission({"administrator": "anyone's"})
_DECISION = _permission({"council": "not-own"})
_SURVEY = _permission({"survey-officer": "anyone's"})
_INSIGHT = _permission(
    {
        "agency": "own",
        "council": "anyone's",
        "survey-officer": "anyone's",
        "administrator": "anyone's",
        "auditor": "anyone's",
    }
)

PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        # submission
        "open-cycle": _ADMINISTRATION,
        "amend-scheme": _ADMINISTRATION,
        "withdraw-cycle": _ADMINISTRATION,
        "extend-deadline": _ADMINISTRATION,
        "change-agencies": _ADMINISTRATION,
        "import-results": _ADMINISTRATION,
        "submit-score": _permission({"agency": "own"}),
        "attach-evidence": _permission({"agency": "own"}),
        "give-explanation": _permission({"agency": "own"}),
        "lock-submission": _permission({"agency": "own"}),
        "lock-overdue": _permission({"system": "anyone's"}),
        "scan-evidence": _permission({"system": "anyone's"}),
        "reopen-submission": _permission({"administrator": "anyone's", "system": "anyone's"}),
        "read-cycle": _permission(
            {
                "agency": "anyone's",
                "council": "anyone's",
                "survey-officer": "anyone's",
                "administrator": "anyone's",
                "auditor": "anyone's",
            }
        ),
        "read-submission": _INSIGHT,
        "read-former-evidence": _permission(
            {"council": "anyone's", "administrator": "anyone's", "auditor": "anyone's"}
        ),
        # appraisal
        "assign-criterion": _ADMINISTRATION,
        "open-appraisal": _permission({"system": "anyone's"}),
        "decide-score": _DECISION,
        "request-explanation": _DECISION,
        "propose-action": _DECISION,
        "second-action": _DECISION,
        "approve-appraisal": _DECISION,
        "read-queue": _permission({"council": "anyone's"}),
        "read-progress": _permission(
            {
                "council": "anyone's",
                "survey-officer": "anyone's",
                "administrator": "anyone's",
                "auditor": "anyone's",
            }
        ),
        "read-appraisal": _INSIGHT,
        # survey
        "adopt-questionnaire": _SURVEY,
        "run-survey": _permission({"survey-officer": "anyone's", "system": "anyone's"}),
        "invite-respondents": _SURVEY,
        "enter-responses": _SURVEY,
        "exclude-answers": _permission({"survey-officer": "anyone's", "administrator": "anyone's"}),
        "moderate-comments": _SURVEY,
        "import-survey-result": _SURVEY,
        "read-result-document": _permission(
            {"survey-officer": "anyone's", "administrator": "anyone's", "auditor": "anyone's"}
        ),
        "read-turnout": _permission(
            {"survey-officer": "anyone's", "administrator": "anyone's", "auditor": "anyone's"}
        ),
        # ranking
        "read-provisional": _INSIGHT,
        "read-log": _permission({"administrator": "anyone's", "auditor": "anyone's"}),
        "approve-result": _permission({"council": "anyone's"}),
        "publish-result": _ADMINISTRATION,
        "correct-result": _ADMINISTRATION,
        "acknowledge-alarm": _ADMINISTRATION,
        "rebuild-views": _ADMINISTRATION,
        # the processes
        "read-operations": _permission({"administrator": "anyone's", "auditor": "anyone's"}),
    }
)


def permit(actor: Actor, action: str, *, agency: str = "") -> None:
    """Let the actor pass, or raise `Forbidden` with the reason as its code.

    `agency` is the one that the action concerns; empty where it concerns none.
    """
    condition = PERMISSIONS[action].roles.get(actor.role)
    if condition is None:
        raise Forbidden("role-not-allowed", role=actor.role, action=action)
    if condition == "own" and (not actor.agency or actor.agency != agency):
        raise Forbidden("agency-not-yours", agency=agency)
    if condition == "not-own" and not actor.agency:
        raise Forbidden("agency-claim-missing", role=actor.role)
    if condition == "not-own" and actor.agency == agency:
        raise Forbidden("agency-is-your-own", agency=agency)


def may(actor: Actor, action: str, *, agency: str = "") -> str | None:
    """None if the actor may, else the code that says why not."""
    try:
        permit(actor, action, agency=agency)
    except Forbidden as refusal:
        return refusal.code
    return None
