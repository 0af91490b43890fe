"""`up`: the whole system in this process, until it is stopped."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from socket import socket

from services.cli import embedded, settings
from services.cli.command import Command
from services.cli.embedded import Around, Log, System
from services.cli.issuer_options import add_issuer
from shared.adapters import clamav, logbook, notary, server, web
from shared.adapters.addresses import Networks
from shared.adapters.deployed import values
from shared.adapters.deployed.issuer import trust_of
from shared.adapters.identity import Trust, own_key
from shared.adapters.process import lock_directory
from shared.adapters.web.rates import written
from shared.kernel.errors import Refused
from shared.runtime.loop import keep_all_running_until

HOST = "127.0.0.1"
PORT = 8400

_READY = """\
Hệ thống Chỉ số CCHC đã sẵn sàng: {url} (chế độ {mode}, dữ liệu ở {data}). Dừng: Ctrl+C.
The PAR Index system is ready: {url} (mode {mode}, data in {data}). Stop it with Ctrl+C.
"""
_NOT_PRINTED = """\
Chưa biết địa chỉ công khai (--public-url): chưa in được phiếu mời khảo sát.
No public address was told (--public-url): no invitations to surveys are printed.
"""
_STOPPED = """\
Đã dừng; mọi thay đổi đã được xác nhận đều được lưu.
Stopped; everything that was acknowledged is kept.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    settings.add_directory(parser, environment)
    parser.add_argument(
        "--host",
        default=environment.get("CCHC_HOST", HOST),
        help=f"the address to listen on; CCHC_HOST, {HOST} by default",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=environment.get("CCHC_PORT", str(PORT)),
        help=f"the port to listen on, 0 for any free one; CCHC_PORT, {PORT} by default",
    )
    _add_limits(parser, environment)
    add_issuer(parser, environment)
    _add_neighbours(parser, environment)


def _add_limits(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    """What one client may ask for, and where its address is known from."""
    parser.add_argument(
        "--rates",
        type=values.rates,
        default=environment.get("CCHC_RATES", written(web.RATES)),
        metavar="POLICY=REQUESTS/SECONDS,...|none",
        help="requests of one client in so many seconds, by policy, or no limit; CCHC_RATES, "
        f"{written(web.RATES)} by default",
    )
    parser.add_argument(
        "--proxies",
        type=values.proxies,
        default=environment.get("CCHC_PROXIES", ""),
        metavar="ADDRESS,...",
        help="the proxies whose X-Forwarded-For and -Proto are believed; CCHC_PROXIES",
    )


def _add_neighbours(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    """Who is told what outside: witnesses, respondents, a scanner."""
    parser.add_argument(
        "--log-origin",
        type=notary.checked_origin,
        default=environment.get("CCHC_LOG_ORIGIN"),
        metavar="NAME",
        help="what the names of the ledgers begin with, for ever: a name of your own, such as "
        "cchc.example.gov.vn; CCHC_LOG_ORIGIN",
    )
    parser.add_argument(
        "--witnesses",
        type=Path,
        default=environment.get("CCHC_WITNESSES"),
        metavar="FILE",
        help="the verifier keys of those who may countersign checkpoints; CCHC_WITNESSES",
    )
    parser.add_argument(
        "--public-url",
        type=values.public_url,
        default=environment.get("CCHC_PUBLIC_URL", ""),
        metavar="URL",
        help="where people open this, as it stands on invitations, such as "
        "https://khaosat.example.gov.vn; CCHC_PUBLIC_URL, without which none are printed",
    )
    parser.add_argument(
        "--scanner",
        type=values.scanner,
        default=environment.get("CCHC_SCANNER", ""),
        metavar="ADDRESS|none",
        help="the ClamAV daemon that scans evidence, clamd://127.0.0.1:3310 or unix:/path; "
        "production has to say which, or none; CCHC_SCANNER",
    )


def _run(options: Namespace) -> int:
    logbook.begin()
    trust = _trust(options)
    log = Log(options.log_origin, notary.read_witnesses(options.witnesses))
    settings.stamp(options.data, options.mode)
    with (
        lock_directory(options.data),
        server.listen(options.host, options.port) as listening,
        asyncio.Runner(loop_factory=server.event_loop()) as runner,
    ):
        runner.run(_serve(options, trust, log, listening))
    sys.stdout.write(_STOPPED)
    return 0


def _trust(options: Namespace) -> Trust | None:
    if options.mode == "trial":
        return None
    if not options.issuer:
        raise Refused("production-needs-issuer")
    if not options.service_claim:
        raise Refused("production-needs-service-claim")
    if not options.scanner:
        raise Refused("production-needs-scanner")
    return trust_of(vars(options))


async def _serve(options: Namespace, trust: Trust | None, log: Log, listening: socket) -> None:
    host, port = listening.getsockname()[:2]
    name = f"[{host}]" if ":" in host else host
    url = f"http://{name}:{port}"
    around = Around(
        options.public_url,
        clamav.scanner_of(options.scanner),
        options.rates,
        options.proxies,
    )
    if trust is not None and trust.people_key is None:
        trust = replace(trust, people_key=own_key(options.data))
    async with embedded.opened(options.data, options.mode, trust, log, around) as system:
        await _run_until_stopped(system, listening, ready(url, options), options.proxies)


def ready(url: str, options: Namespace) -> str:
    """What is said once everybody is served at this address."""
    said = _READY.format(url=f"{url}/", mode=options.mode, data=options.data)
    return said if options.public_url else said + _NOT_PRINTED


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


async def _run_until_stopped(
    system: System, listening: socket, said: str, proxies: Networks
) -> None:
    async with asyncio.TaskGroup() as group:
        over = asyncio.Event()
        group.create_task(keep_all_running_until(over, system.loops, server.GRACE_S))
        watching = group.create_task(system.health.watch())
        await server.serve(
            system.app, listening, ready=partial(_say, said), over=over, proxies=proxies
        )
        watching.cancel()


COMMAND = Command(
    name="up",
    summary="serve all four services on one port",
    description="Serves submission, appraisal, survey and ranking on one port, and runs what works "
    "behind them.\nNothing that was acknowledged is lost, however the process ends. One process "
    "uses a data\ndirectory at a time.",
    examples="""examples:
  python -m services up
  python -m services up --data var/try --port 8401
  python -m services up --mode production --issuer https://sso.example.org/realms/cchc \\
      --service-claim client_id --scanner clamd://127.0.0.1:3310
""",
    add_options=_add_options,
    run=_run,
)
