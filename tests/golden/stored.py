"""What is stored beside facts, as processes of another version meet it: tables and views by name.

The file is what tells a change of them: `tests/support/former.py` looks in the history for its last
one, and the version before runs beside this one in the tests.
"""

import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from services.appraisal import views as appraisal
from services.ranking import views as ranking
from services.ranking.application.board import BOARD
from services.ranking.application.generations import DRAWN, PUBLISHED, SERVING
from services.submission import views as submission
from services.survey import views as survey
from shared.adapters.migration import STATEMENTS
from shared.adapters.postgres import edition

STORED = Path(__file__).parent / "stored.json"
LIBRARY = "eventsourcing"
"""It makes the tables of facts and inbox."""
OTHERS = {"ranking": (*DRAWN, PUBLISHED, SERVING, BOARD)}
"""Collections that are no fold of the own facts."""


class NotRaised(Exception):
    """Tables were changed, and their edition was not raised."""


def stored() -> Mapping[str, Any]:
    """The tables of a service, and the collections of all of them."""
    viewed = {
        "submission": submission,
        "appraisal": appraisal,
        "survey": survey,
        "ranking": ranking,
    }
    return {
        "edition": edition.EDITION,
        "oldest": edition.OLDEST,
        "library": f"{LIBRARY} {version(LIBRARY)}",
        "tables": [" ".join(statement.split()) for statement in STATEMENTS],
        "views": {
            name: sorted([*(view.collection for view in room.VIEWS), *OTHERS.get(name, ())])
            for name, room in viewed.items()
        },
    }


def kept() -> Mapping[str, Any]:
    """The same, as it is written down; nothing before it was."""
    held: Mapping[str, Any] = json.loads(STORED.read_text("utf-8")) if STORED.exists() else {}
    return held


def require_raised(before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise `NotRaised` where other tables have the same edition."""
    if before and _made(before) != _made(now) and now["edition"] <= before["edition"]:
        raise NotRaised(
            f"the tables are not those of edition {before['edition']}: raise EDITION in "
            "shared/adapters/postgres/edition.py, and OLDEST if they leave a version behind"
        )


def text() -> str:
    """What is to be written down; raises `NotRaised`."""
    now = stored()
    require_raised(kept(), now)
    return json.dumps(now, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _made(document: Mapping[str, Any]) -> Sequence[Any]:
    return document["tables"], document["library"], document["oldest"]
