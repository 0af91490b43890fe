"""Who may answer, on PostgreSQL: what is said to the table of rights.

Rows are written in the order of their keys, so that no two transactions wait for one another.
"""

from collections.abc import Sequence
from typing import Any

from shared.adapters.rights import Held
from shared.ports import Right

GRANT = """
    insert into urn_rights
        (questionnaire, token_sha256, agency, kind, uses_max, uses_per_day_max)
    select %s, * from unnest(%s::text[], %s::text[], %s::text[], %s::integer[], %s::integer[])
        as new (token, agency, kind, uses_max, uses_per_day_max)
    order by token on conflict do nothing
"""
RIGHT = """
    select questionnaire, agency, kind, uses_max, uses_per_day_max,
        used, used_on, used_that_day, revoked, ballot_sha256
    from urn_rights where token_sha256 = %s
"""
UNUSED = """
    select token_sha256 from urn_rights
    where questionnaire = %s and token_sha256 = any(%s)
        and kind = 'invitation' and used = 0 and not revoked
"""
LOCKED_RIGHT = f"{RIGHT} for update"
REVOKE = "update urn_rights set revoked = true where token_sha256 = %s"
TURNOUT = """
    select agency, count(*) filter (where kind = 'invitation'),
        coalesce(sum(used) filter (where kind = 'invitation'), 0),
        coalesce(sum(used) filter (where kind = 'link'), 0)
    from urn_rights where questionnaire = %s group by agency order by agency
"""


def held(token_sha256: str, row: Sequence[Any] | None) -> Held | None:
    """A right with what was done with it, of the row that is read of it."""
    if row is None:
        return None
    questionnaire, agency, kind, uses_max, uses_per_day_max, *uses = row
    return Held(questionnaire, Right(token_sha256, agency, kind, uses_max, uses_per_day_max), *uses)
