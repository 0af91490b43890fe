"""A door at which a trial is steered from this machine, whatever its processes are about.

A trial in a cluster has none: whoever comes there from without is not on its own machine.
"""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import uvicorn
from fastapi import FastAPI

from real.servers import port
from shared.adapters.front import find_trial
from shared.adapters.front.trial import trial_routes

ENDED_S_MAX = 30.0


@contextmanager
def trial_door(folder: Path) -> Iterator[str]:
    """Its address; the folder is that of a trial whose processes run."""
    app = FastAPI()
    app.include_router(trial_routes(find_trial(folder)), prefix="/trial")
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False)
    server = uvicorn.Server(config)
    with socket.create_server((port.HOST, 0)) as listening:
        thread = Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
        thread.start()
        try:
            yield f"http://{port.HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(ENDED_S_MAX)
