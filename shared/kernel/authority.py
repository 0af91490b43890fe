"""Who may do what: one table of action, roles and conditions, read by every service.

Whatever is refused to a caller for who they are is refused here, and nowhere else. The state of a
cycle is not its business: a deadline or a lock is a rule of the domain.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from shared.kernel.actor import Actor, Role, same_person
from shared.kernel.errors import Forbidden

Condition = Literal["anyone's", "own", "not-own"]
Proviso = Literal["assigned", "person", "second-person", "reason"]
Roles = Mapping[Role, Condition]


@dataclass(frozen=True, slots=True)
class Permission:
    """The roles that may take an action, and whose agency each may take it on.

    `own` lets a role act on the agency of its claim alone, `not-own` on every other. `provisos`
    hold for all of them: the criterion is `assigned` to the caller; the caller is a `person`, and
    no service account; a `second-person` agrees to what another has begun. What has a `reason` goes
    round the ordinary order, and whoever does it has said why: in a fact.
    """

    roles: Roles
    provisos: frozenset[Proviso] = frozenset()


def _permission(roles: Roles, *provisos: Proviso) -> Permission:
    return Permission(MappingProxyType(dict(roles)), frozenset(provisos))


_ADMINISTRATION: Roles = {"administrator": "anyone's"}
_AGENCY: Roles = {"agency": "own"}
_COUNCIL: Roles = {"council": "not-own"}
_SURVEY: Roles = {"survey-officer": "anyone's"}
_SYSTEM: Roles = {"system": "anyone's"}
_AUDIT: Roles = {"administrator": "anyone's", "auditor": "anyone's"}
_OVERSIGHT: Roles = {**_AUDIT, "council": "anyone's", "survey-officer": "anyone's"}

PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        # submission
        "open-cycle": _permission(_ADMINISTRATION, "person"),
        "amend-scheme": _permission(_ADMINISTRATION, "person", "reason"),
        "withdraw-cycle": _permission(_ADMINISTRATION, "person", "reason"),
        "extend-deadline": _permission(_ADMINISTRATION, "person", "reason"),
        "change-agencies": _permission(_ADMINISTRATION, "person", "reason"),
        "import-results": _permission(_ADMINISTRATION),
        "submit-score": _permission(_AGENCY),
        "attach-evidence": _permission(_AGENCY),
        "give-explanation": _permission(_AGENCY),
        "lock-submission": _permission(_AGENCY, "person"),
        "lock-overdue": _permission(_SYSTEM),
        "scan-evidence": _permission(_SYSTEM),
        "sweep-uploads": _permission(_SYSTEM),
        "reopen-submission": _permission({**_ADMINISTRATION, **_SYSTEM}, "person", "reason"),
        "read-cycle": _permission({**_OVERSIGHT, "agency": "anyone's"}),
        "read-submission": _permission({**_OVERSIGHT, **_AGENCY}),
        "read-evidence": _permission({**_OVERSIGHT, **_AGENCY}, "reason"),
        "read-former-evidence": _permission({**_AUDIT, "council": "anyone's"}),
        "justify-reading": _permission(_OVERSIGHT, "person", "reason"),
        "read-accesses": _permission({**_AUDIT, **_AGENCY}),
        # appraisal
        "assign-criterion": _permission(_ADMINISTRATION, "person"),
        "open-appraisal": _permission(_SYSTEM),
        "decide-score": _permission(_COUNCIL, "person", "assigned"),
        "request-explanation": _permission(_COUNCIL, "person", "assigned"),
        "propose-action": _permission(_COUNCIL, "person", "reason"),
        "second-action": _permission(_COUNCIL, "person", "second-person"),
        "approve-appraisal": _permission(_COUNCIL, "person"),
        "read-queue": _permission({"council": "anyone's"}),
        "read-progress": _permission(_OVERSIGHT),
        "read-appraisal": _permission({**_OVERSIGHT, **_AGENCY}),
        # survey
        "adopt-questionnaire": _permission(_SURVEY, "person"),
        "run-survey": _permission({**_SURVEY, **_SYSTEM}),
        "close-survey": _permission(_SURVEY, "person"),
        "invite-respondents": _permission(_SURVEY),
        "enter-responses": _permission(_SURVEY, "person"),
        "propose-exclusion": _permission({**_SURVEY, **_ADMINISTRATION}, "person", "reason"),
        "second-exclusion": _permission({**_SURVEY, **_ADMINISTRATION}, "person", "second-person"),
        "moderate-comments": _permission(_SURVEY, "person"),
        "import-survey-result": _permission(_SURVEY, "person"),
        "read-result-document": _permission({**_AUDIT, **_SURVEY}),
        "read-turnout": _permission({**_AUDIT, **_SURVEY}),
        # ranking
        "read-provisional": _permission({**_OVERSIGHT, **_AGENCY}),
        "read-log": _permission(_AUDIT),
        "approve-result": _permission({"council": "anyone's"}, "person"),
        "publish-result": _permission(_ADMINISTRATION, "person", "second-person"),
        "correct-result": _permission(_ADMINISTRATION, "person", "second-person", "reason"),
        "acknowledge-alarm": _permission(_ADMINISTRATION, "person", "reason"),
        "rebuild-views": _permission(_ADMINISTRATION),
        "forget-person": _permission(_ADMINISTRATION, "person", "reason"),
        "propose-shredding": _permission(_ADMINISTRATION, "person", "reason"),
        "second-shredding": _permission(_ADMINISTRATION, "person", "second-person"),
        "read-shreddings": _permission(_AUDIT),
        # all services
        "read-directory": _permission(_AUDIT, "person"),
        # the processes
        "read-operations": _permission(_AUDIT),
    }
)


def permit(actor: Actor, action: str, *, agency: str = "") -> None:
    """Let the actor pass, or raise `Forbidden` with the reason as its code.

    `agency` is the one that the action concerns; empty where it concerns none.
    """
    permission = PERMISSIONS[action]
    condition = permission.roles.get(actor.role)
    if condition is None:
        raise Forbidden("role-not-allowed", role=actor.role, action=action)
    if actor.kind == "service" and "person" in permission.provisos:
        raise Forbidden("person-required", action=action)
    if condition == "own" and (not actor.agency or actor.agency != agency):
        raise Forbidden("agency-not-yours", agency=agency)
    if condition == "not-own" and not actor.agency:
        raise Forbidden("agency-claim-missing", role=actor.role)
    if condition == "not-own":
        require_another_agency({actor.agency}, agency)


def may(actor: Actor, action: str, *, agency: str = "") -> str | None:
    """None if the actor may, else the code that says why not."""
    try:
        permit(actor, action, agency=agency)
    except Forbidden as refusal:
        return refusal.code
    return None


def require_another_agency(own: Collection[str], agency: str) -> None:
    """Nobody decides on an agency of their own, by whichever record it is theirs."""
    if agency in own:
        raise Forbidden("agency-is-your-own", agency=agency)


def require_assignment(criterion: str, *, is_assigned: bool) -> None:
    """A member of the council decides on what was assigned to them."""
    if not is_assigned:
        raise Forbidden("criterion-not-assigned", criterion=criterion)


def require_reason(ground: str, *, agency: str) -> None:
    """Whoever has no duty there has given a reason: `ground` is the fact that holds either."""
    if not ground:
        raise Forbidden("reading-needs-reason", agency=agency)


def require_somebody_else(person: str, by: Actor) -> None:
    """Nobody decides on what is kept of themselves."""
    if person == by.id:
        raise Forbidden("person-is-yourself", person=person)


def require_second_person(first: str, second: str, *, action: str) -> None:
    """Whoever began a thing (by reference) does not also finish it, in whichever role."""
    if same_person(first, second):
        raise Forbidden("second-person-required", action=action)
