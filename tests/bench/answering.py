"""One process of the survey service for the benches: it answers, and nobody counts.

python -m tests.bench.answering [URL of a PostgreSQL database]

Without a database its urn lies in a file of a folder of its own. Says where it answers;
the tokens of its invitations are `token_at` of their places.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from starlette.applications import Starlette
from starlette.routing import Mount

from services.survey.domain.token import hashed, spelled
from services.survey.main import wire
from shared.adapters import server, web
from shared.adapters.chance import SecretChance
from shared.adapters.migration import migrate
from shared.adapters.postgres import PostgresUrn, connect
from shared.adapters.sqlite import SqliteUrn
from shared.ports import Right, Urn
from tests.support.opened import opened
from tests.support.small_cycle import CYCLE
from tests.support.survey_office import (
    AGENCY,
    CITIZENS,
    identify,
    open_office,
    questionnaire,
)

INVITED = 20_000
QUESTIONS = 8
URN = f"{CYCLE}/citizens"
PATH = f"/survey{CITIZENS}/responses"


def token_at(place: int) -> str:
    """The token of an invitation."""
    return spelled(f"bench {place}")


@asynccontextmanager
async def _open_urn(url: str | None, folder: Path) -> AsyncIterator[Urn]:
    if url is None:
        async with opened(SqliteUrn(folder / "urn.db", SecretChance())) as urn:
            yield urn
    else:
        await migrate(url)
        async with connect(url) as database:
            yield PostgresUrn(database, SecretChance())


async def _serve(url: str | None) -> None:
    with tempfile.TemporaryDirectory() as folder, server.listen("127.0.0.1", 0) as listening:
        async with _open_urn(url, Path(folder)) as urn, open_office(urn) as office:
            asked = questionnaire("citizens", "9.1", "54321")
            [first] = asked["questions"]
            others = [
                {**first, "code": f"q{number}", "item": None} for number in range(2, QUESTIONS + 1)
            ]
            await office.ask(CITIZENS, {**asked, "questions": [first, *others]})
            rights = [Right(hashed(token_at(place)), AGENCY) for place in range(INVITED)]
            await urn.grant(URN, rights)
            sys.stdout.write(f"http://127.0.0.1:{listening.getsockname()[1]}/\n")
            sys.stdout.flush()
            outside = replace(office.outside, chance=SecretChance())
            door = web.Door(identify, outside.clock, outside.chance, outside.seals)
            served = web.service_app("survey", wire(outside).router, door)
            app = Starlette(routes=[Mount("/survey", served)])
            await server.serve(app, listening, over=asyncio.Event())


def main() -> None:
    """Serve on any free port, and say on which."""
    with asyncio.Runner(loop_factory=server.event_loop()) as runner:
        runner.run(_serve(sys.argv[1] if len(sys.argv) > 1 else None))


if __name__ == "__main__":
    main()
