"""What a reader may do with a resource now, and the code that says why not."""

from collections.abc import Callable, Mapping

from services.appraisal.domain.action import require_reopenable, require_secondable
from services.appraisal.domain.appraisal import require_approvable
from services.appraisal.domain.sitting import (
    Sitting,
    require_asking,
    require_assigned,
    require_changeable,
    require_round,
    require_scanned,
    require_seat,
)
from services.appraisal.domain.state import Action, Appraisal
from shared.kernel.authority import permit
from shared.kernel.errors import Problem

Actions = Mapping[str, str | None]


def on_item(sitting: Sitting, state: Appraisal, item: str) -> Actions:
    """What can be done with one item."""

    def decide() -> None:
        _require_hand(sitting, state, item)
        require_round(sitting)
        require_scanned(sitting, item)

    def ask() -> None:
        _require_hand(sitting, state, item)
        require_asking(sitting)

    return {
        "decide-score": _why_not(sitting, "decide-score", decide),
        "request-explanation": _why_not(sitting, "request-explanation", ask),
    }


def on_agency(sitting: Sitting, state: Appraisal) -> Actions:
    """What can be done with the appraisal of an agency as a whole."""
    return {
        "approve-appraisal": _why_not(
            sitting, "approve-appraisal", lambda: require_approvable(sitting, state)
        ),
        "propose-action": _why_not(
            sitting, "propose-action", lambda: require_reopenable(sitting, state)
        ),
    }


def on_proposal(sitting: Sitting, state: Appraisal, action: Action) -> Actions:
    """What can be done with a proposal."""
    return {
        "second-action": _why_not(
            sitting, "second-action", lambda: require_secondable(sitting, state, action)
        )
    }


def _require_hand(sitting: Sitting, state: Appraisal, item: str) -> None:
    require_seat(sitting, state)
    require_assigned(sitting, state, item)
    require_changeable(sitting, state)


def _why_not(sitting: Sitting, action: str, require: Callable[[], None]) -> str | None:
    try:
        permit(sitting.by, action, agency=sitting.agency)
        require()
    except Problem as problem:
        return problem.code
    return None
