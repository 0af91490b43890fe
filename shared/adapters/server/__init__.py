"""The HTTP server: one application on one address, until the process is asked to stop."""

import asyncio
import logging
import resource
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn

from shared.adapters.addresses import Networks
from shared.adapters.ending import Scope, with_over
from shared.adapters.server.connection import Connection, Crowd
from shared.adapters.web.gate import Untaken
from shared.kernel.errors import Unavailable
from shared.runtime.settle import settle

GRACE_S = 10
UNTAKEN_S_MAX = 2.0
"""So long, once nothing is left to answer, who has not taken an answer yet holds up the end."""
KEEP_ALIVE_S = 15
TAKING_S_MAX = 60
"""Whoever takes nothing of an answer for so long is cut off, where the system can do that."""
STARTED_POLL_S = 0.01
ENDING_POLL_S = 0.05
BACKLOG_CONNECTIONS_MAX = 2_048
CONNECTIONS_MAX = 8_192

_STOPS = (signal.SIGINT, signal.SIGTERM)


class _ToldBefore(logging.Filter):
    """Holds back one error of the server's: that an answer was cut off, which the gate has told."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is written."""
        return not (record.exc_info and isinstance(record.exc_info[1], Untaken))


_TOLD_BEFORE = _ToldBefore()


def event_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the loop that serves fastest here; None for the one of asyncio itself."""
    return uvicorn.Config("none", loop="auto", log_config=None).get_loop_factory()


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """Take an address, so that callers can wait in line; port 0 takes any free one.

    A `shared` one is taken by every process that asks for it so, and callers are dealt to them.
    Raises `Unavailable("address-in-use")`.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server(
            (host, port), family=family, backlog=BACKLOG_CONNECTIONS_MAX, reuse_port=shared
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unavailable("address-in-use", host=host, port=str(port), reason=reason) from error
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # On Linux; each connection has it from this one.
        timeout_ms = TAKING_S_MAX * 1_000
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, timeout_ms)
    return listening


async def serve(
    app: Callable[..., Awaitable[None]],
    listening: socket.socket,
    *,
    ready: Callable[[], None] = lambda: None,
    grace_s: int = GRACE_S,
    over: asyncio.Event,
    proxies: Networks = (),
) -> None:
    """Serve until SIGINT, SIGTERM or `over`; returns after the last answer, or after `grace_s`.

    `ready` is called once it serves and a signal ends it gently; `over` is set as soon as it ends,
    and every request can see it. Where a caller comes from is asked of the `proxies`, and of nobody
    else.
    """
    crowd = Crowd(_connections_max(), proxies)
    logging.getLogger("uvicorn.error").addFilter(_TOLD_BEFORE)

    async def told(scope: Scope, *channels: Any) -> None:  # noqa: ANN401 - receive and send
        await app(with_over(scope, over), *channels)

    config = uvicorn.Config(
        told,
        http=type("ServerConnection", (Connection,), {"crowd": crowd}),
        ws="none",
        lifespan="off",
        log_config=None,
        # Addresses hold invitations, and a log of who asked when could link an answer to a person.
        access_log=False,
        # What it tells below this level names addresses, however much others are asked to tell.
        log_level="info",
        proxy_headers=bool(proxies),
        forwarded_allow_ips=[str(each) for each in proxies],
        server_header=False,
        backlog=BACKLOG_CONNECTIONS_MAX,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=grace_s,
    )
    server = uvicorn.Server(config)
    with _signals_end_the_serving_only():
        async with asyncio.TaskGroup() as group:
            serving = group.create_task(server.serve(sockets=[listening]))
            while not server.started and not server.should_exit:  # noqa: ASYNC110 - uvicorn tells nobody
                await asyncio.sleep(STARTED_POLL_S)
            settle()
            ready()
            while not (over.is_set() or server.should_exit):
                crowd.sweep(asyncio.get_running_loop().time())
                await asyncio.sleep(ENDING_POLL_S)
            over.set()
            server.should_exit = True
            await _leave_who_takes_nothing(server, serving)


def _connections_max() -> int:
    """Half of what the system lets this process open, so that files and stores have the other."""
    open_max, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return min(CONNECTIONS_MAX, open_max // 2)


async def _leave_who_takes_nothing(server: uvicorn.Server, serving: asyncio.Task[None]) -> None:
    """Cut off the connections on which there is nothing left to do but to be taken."""
    time_s = asyncio.get_running_loop().time
    answered_s = time_s()
    while not serving.done():
        if server.server_state.tasks:
            answered_s = time_s()
        elif time_s() - answered_s >= UNTAKEN_S_MAX:
            for connection in list(server.server_state.connections):
                connection.transport.abort()
        await asyncio.wait([serving], timeout=ENDING_POLL_S)


@contextmanager
def _signals_end_the_serving_only() -> Iterator[None]:
    """Stay alive when uvicorn, having stopped, raises again the signal that it was stopped by."""
    before = {number: signal.signal(number, lambda *_: None) for number in _STOPS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
