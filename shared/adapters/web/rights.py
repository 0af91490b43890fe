"""Who may ask for what: said at each route, in the words of the table of permissions.

@router.put(EVIDENCE, dependencies=[web.needs("attach-evidence")])

What a route needs is looked at before anything else of a request is: whoever may not do something
hears of that alone, however wrong it is what they have sent. The use cases hold it against the same
table: `tests/api/test_roles.py` has both agree, and finds a route that says nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request, params

from shared.adapters.web.call import actor_of
from shared.kernel.actor import Actor
from shared.kernel.authority import PERMISSIONS, permit
from shared.kernel.code import CODE
from shared.kernel.errors import Forbidden

_CODE = re.compile(CODE)

Dependencies = Sequence[params.Depends]


@dataclass(frozen=True, slots=True)
class Right:
    """The right to an action, about the agency that the address names, if it names one."""

    action: str

    async def __call__(self, request: Request, actor: Annotated[Actor, Depends(actor_of)]) -> None:
        """Let the caller pass, or raise `Forbidden`.

        What no agency can be called is nobody's: to whom it might be told whose it is, it is told
        as a flaw, in which it does not stand. The role has to be the right one all the same.
        """
        asked = {**request.query_params, **request.path_params}
        agency = asked.get("agency", "")
        try:
            permit(actor, self.action, agency=agency)
        except Forbidden as refusal:
            if refusal.code != "agency-not-yours" or not agency or _CODE.fullmatch(agency):
                raise


async def _pass() -> None:
    """Let anybody pass."""


FOR_ANYBODY: params.Depends = Depends(_pass)
"""For `dependencies`: nobody is kept out; what of it a caller gets to see is another question."""


def needs(action: str) -> params.Depends:
    """For `dependencies`: only whoever has the right to this action is let in."""
    assert action in PERMISSIONS, f"{action} is in no table"
    right: params.Depends = Depends(Right(action))
    return right


def is_for_anybody(dependencies: Dependencies) -> bool:
    """Whether a route says that nobody is kept out."""
    return any(each.dependency is _pass for each in dependencies)


def actions_of(dependencies: Dependencies) -> Iterator[str]:
    """The actions that a route says it needs the right to."""
    for each in dependencies:
        if isinstance(each.dependency, Right):
            yield each.dependency.action
