"""Who may do what: every action, every role, on their own agency, on another one and on none."""

from collections.abc import Callable
from dataclasses import replace
from typing import get_args

import pytest

from shared.kernel.actor import PUBLIC, SYSTEM, Actor, Role
from shared.kernel.authority import (
    PERMISSIONS,
    Proviso,
    may,
    permit,
    require_another_agency,
    require_assignment,
    require_second_person,
)
from shared.kernel.errors import Forbidden
from tests.support.rights_table import PROVISOS, TABLE

ROLES: tuple[Role, ...] = (
    "agency",
    "council",
    "survey-officer",
    "administrator",
    "auditor",
    "system",
)

HEAD, *ROWS = [line.split() for line in TABLE.splitlines() if line]
CELLS = [
    (action, role, cell) for action, *cells in ROWS for role, cell in zip(ROLES, cells, strict=True)
]
ACTIONS = [action for action, *_ in ROWS]

# What a cell says of the own agency, of another one, and of none.
VERDICTS = {
    "-": ("role-not-allowed", "role-not-allowed", "role-not-allowed"),
    "all": (None, None, None),
    "own": (None, "agency-not-yours", "agency-not-yours"),
    "others": ("agency-is-your-own", None, None),
}
CONCERNED = ("so-y-te", "so-noi-vu", "")


def somebody(role: Role) -> Actor:
    """A caller as the door lets one in: these two roles have an agency, and no other has."""
    return Actor("4711", role, agency="so-y-te" if role in ("agency", "council") else "")


def test_the_table_is_whole() -> None:
    assert tuple(HEAD) == ROLES
    assert sorted(ACTIONS) == sorted(PERMISSIONS)


def test_what_has_to_hold_besides_is_said_for_each_action() -> None:
    said: dict[str, list[str]] = {}
    for word in PROVISOS.split():
        if word in get_args(Proviso):
            actions = said.setdefault(word, [])
        else:
            actions.append(word)

    assert said == {
        proviso: [action for action, each in PERMISSIONS.items() if proviso in each.provisos]
        for proviso in said
    }
    assert set(said) == set(get_args(Proviso))


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_each_role_may_do_what_the_table_says_and_no_more(
    action: str, role: Role, cell: str
) -> None:
    actor = somebody(role)

    verdicts = tuple(may(actor, action, agency=agency) for agency in CONCERNED)

    assert verdicts == VERDICTS[cell]


def test_the_public_may_do_nothing() -> None:
    verdicts = {may(PUBLIC, action, agency=agency) for action in ACTIONS for agency in CONCERNED}

    assert verdicts == {"role-not-allowed"}


def test_who_should_have_an_agency_and_has_none_may_do_nothing_that_depends_on_it() -> None:
    verdicts = {
        cell: {may(Actor("4711", role), action, agency=agency) for agency in CONCERNED}
        for action, role, cell in CELLS
        if cell in ("own", "others")
    }

    assert verdicts == {"own": {"agency-not-yours"}, "others": {"agency-claim-missing"}}


def test_nobody_decides_on_their_own_agency() -> None:
    decisions = ("decide-score", "propose-action", "second-action", "approve-appraisal")

    passing = [
        (role, action)
        for role in ROLES
        for action in decisions
        if may(Actor("4711", role, agency="so-y-te"), action, agency="so-y-te") is None
    ]

    assert passing == []


# --- What has to hold besides


def a_program(role: Role) -> Actor:
    """A service account: otherwise like somebody in the role."""
    return replace(somebody(role), kind="service")


@pytest.mark.parametrize(("action", "role", "cell"), CELLS)
def test_a_service_account_may_do_the_same_but_for_what_a_person_has_to_answer_for(
    action: str, role: Role, cell: str
) -> None:
    verdicts = tuple(may(a_program(role), action, agency=agency) for agency in CONCERNED)

    takes_person = "person" in PERMISSIONS[action].provisos and cell != "-"
    assert verdicts == (("person-required",) * 3 if takes_person else VERDICTS[cell])


def test_a_program_decides_nothing() -> None:
    done = {
        action
        for action, role, _ in CELLS
        if role != "system" and may(a_program(role), action) is None
    }

    assert sorted(each for each in done if not each.startswith("read-")) == [
        "import-results",
        "invite-respondents",
        "rebuild-views",
        "run-survey",
    ]


@pytest.mark.parametrize("second", ["council:m1", "administrator:m1"])
def test_one_person_in_two_roles_is_no_second_person(second: str) -> None:
    with pytest.raises(Forbidden, match="second-person-required"):
        require_second_person("council:m1", second, action="action-3")

    require_second_person("council:m1", "council:m2", action="action-3")


def test_an_agency_is_ones_own_by_whichever_record_says_so() -> None:
    with pytest.raises(Forbidden, match="agency-is-your-own"):
        require_another_agency({"so-tu-phap", "so-y-te"}, "so-y-te")

    require_another_agency({"so-tu-phap"}, "so-y-te")


def test_a_criterion_is_decided_on_by_whom_it_was_assigned_to() -> None:
    with pytest.raises(Forbidden, match="criterion-not-assigned"):
        require_assignment("1.1", is_assigned=False)

    require_assignment("1.1", is_assigned=True)


def test_an_auditor_changes_nothing() -> None:
    auditor = somebody("auditor")

    allowed = [action for action in ACTIONS if may(auditor, action) is None]

    others = [action for action in allowed if not action.startswith("read-")]
    assert others == ["justify-reading"]  # A reading is all that it serves.


def test_the_system_reads_for_nobody() -> None:
    allowed = [action for action in ACTIONS if may(SYSTEM, action) is None]

    assert [action for action in allowed if action.startswith("read-")] == []


# --- Saying no


def test_who_may_passes() -> None:
    permit(somebody("agency"), "submit-score", agency="so-y-te")


@pytest.mark.parametrize(
    ("role", "action", "code", "details"),
    [
        (
            "auditor",
            "submit-score",
            "role-not-allowed",
            {"role": "auditor", "action": "submit-score"},
        ),
        ("agency", "submit-score", "agency-not-yours", {"agency": "so-noi-vu"}),
    ],
)
def test_a_refusal_says_why(role: Role, action: str, code: str, details: dict[str, str]) -> None:
    with pytest.raises(Forbidden) as refusal:
        permit(somebody(role), action, agency="so-noi-vu")

    assert (refusal.value.code, refusal.value.details) == (code, details)


def test_a_council_member_is_told_of_which_agency_they_are() -> None:
    with pytest.raises(Forbidden, match="agency-is-your-own") as refusal:
        permit(somebody("council"), "decide-score", agency="so-y-te")

    assert refusal.value.details == {"agency": "so-y-te"}


@pytest.mark.parametrize("ask", [permit, may])
def test_an_action_that_nobody_knows_is_a_mistake_and_no_refusal(
    ask: Callable[[Actor, str], object],
) -> None:
    with pytest.raises(KeyError, match="fly-to-the-moon"):
        ask(somebody("administrator"), "fly-to-the-moon")


def test_the_table_cannot_be_changed_while_it_serves() -> None:
    with pytest.raises(TypeError):
        PERMISSIONS["fly-to-the-moon"] = PERMISSIONS["open-cycle"]  # type: ignore[index] # on purpose
    with pytest.raises(TypeError):
        PERMISSIONS["open-cycle"].roles["public"] = "anyone's"  # type: ignore[index] # on purpose
