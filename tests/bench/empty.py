"""What FastAPI costs by itself: a handler that does nothing, served as the system is served.

python -m tests.bench.empty
"""

import asyncio
import sys
from typing import Annotated

from fastapi import FastAPI
from pydantic import BaseModel, Field

from shared.adapters import server


class Body(BaseModel):
    """A body like that of a declaration."""

    inputs: Annotated[dict[str, str], Field(max_length=100)]


app = FastAPI()


@app.put("/{cycle}/{agency}/{item}")
async def put(cycle: str, agency: str, item: str, body: Body) -> dict[str, list[str]]:
    """Answer without having done anything."""
    return {"facts": [f"{cycle}/{agency}/{item}" for _ in body.inputs]}


def main() -> None:
    """Serve on any free port, and say on which."""
    with (
        server.listen("127.0.0.1", 0) as listening,
        asyncio.Runner(loop_factory=server.event_loop()) as runner,
    ):
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        runner.run(server.serve(app, listening, over=asyncio.Event()))


if __name__ == "__main__":
    main()
