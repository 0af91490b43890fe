"""How a process tells what it does: the layout of its log, and its telemetry if it has any."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

from shared.adapters import logbook
from shared.adapters.deployed.settings import Settings
from shared.adapters.telemetry.destination import Destination

if TYPE_CHECKING:
    from shared.adapters.telemetry.process import Telemetry


@contextmanager
def telling(settings: Settings, service: str, role: str) -> Iterator["Telemetry | None"]:
    """The telemetry of a process, None where nobody asked for any.

    The library is read only where it is wanted. Raises `Refused("metrics-port-taken")`.
    """
    instance = f"{socket.gethostname()}-{role}-{os.getpid()}"
    told = {"service.name": service, "service.instance.id": instance}
    destination = Destination(
        otlp=settings.otlp,
        host=settings.host,
        port=settings.metrics_port,
        percent=settings.traces_percent,
    )
    if destination.is_nowhere:
        logbook.lay_out(settings.log, told)
        yield None
        return
    process = import_module("shared.adapters.telemetry.process")
    tracing = import_module("shared.adapters.telemetry.tracing")
    logbook.lay_out(settings.log, told, tracing.ids)
    with process.open_telemetry(destination, service, instance) as telemetry:
        yield telemetry
