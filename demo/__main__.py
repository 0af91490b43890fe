"""Play the cycle of 2021 against the running system, and recount it from the log alone.

    python -m demo [--seed N] [--folder DIR] [--json] [--at SERVICE=URL ...]

It starts the system on an empty data directory, plays a whole cycle by HTTP, prints both tables,
ends the system, moves its data away, and lets a new process count again from the exported facts.
It exits with 0 only if that comes to the published digest.

With `--at` it plays against services that run already, and neither ends them nor moves their data.
"""

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from demo import appraising, declaring, opening, publishing, recount, surveying
from demo.choices import Choices
from demo.client import TIMEOUT_S, Addresses, Api, Unexpected
from demo.recount import Differs
from demo.show import Show
from demo.stage import Own, Running, Stage
from demo.system import NotStarted
from demo.world import CYCLE, World

SEED = 2021
FOLDER = Path("var/demo")
FACTS = "facts.ndjson"
SCHEMES = Path("schemes")
OURS = frozenset({"data", "data.moved-away", FACTS, "system.log"})
"""All that is ever put into the folder, which is emptied."""


def main(arguments: list[str]) -> int:
    """Play, print, recount; returns the exit status."""
    options = _options(arguments)
    show = Show(quiet=options.json)
    began = time.monotonic()
    if others := _names(options.folder) - OURS:
        held = ", ".join(sorted(others))
        sys.stderr.write(
            f"{options.folder}: không phải thư mục của demo / not the demo's: {held}\n"
        )
        return 2
    shutil.rmtree(options.folder, ignore_errors=True)
    options.folder.mkdir(parents=True)
    at = dict(options.at)
    stage: Stage = Running(Addresses(next(iter(at.values())), at)) if at else Own(options.folder)
    try:
        with stage.play() as addresses:
            played = asyncio.run(_play(addresses, Choices(options.seed), show))
        (options.folder / FACTS).write_bytes(played["facts"])
        with stage.leave() as done:
            found = recount.recount(played["facts"], played["published"])
    except Differs as differs:
        sys.stderr.write(f"KHÁC NHAU / DIFFERENT: {differs}\n")
        return 1
    except (ExceptionGroup, Unexpected, OSError, NotStarted) as error:
        met = _cause(error)
        sys.stderr.write(f"KHÔNG CHẠY HẾT / NOT PLAYED TO THE END: {met}\n  {stage}\n")
        return 1
    seconds = time.monotonic() - began
    show.say(_conclusion(options.folder / FACTS, played, {**found, "done": done}, seconds))
    if options.json:
        said = {key: value for key, value in played.items() if key != "facts"}
        json.dump({**said, "recount": found, "seconds": round(seconds)}, sys.stdout)
        sys.stdout.write("\n")
    return 0


def _names(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir()) if folder.is_dir() else frozenset()


def _cause(error: BaseException) -> BaseException:
    """The first thing that went wrong among several at once."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m demo", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seed", type=int, default=SEED, help=f"{SEED} by default")
    parser.add_argument("--folder", type=Path, default=FOLDER, help=f"{FOLDER} by default; emptied")
    parser.add_argument(
        "--at",
        type=_address,
        action="append",
        default=[],
        metavar="SERVICE=URL",
        help="play against services that run already, once for each",
    )
    parser.add_argument("--json", action="store_true", help="print nothing but one JSON object")
    return parser.parse_args(arguments)


def _address(text: str) -> tuple[str, str]:
    service, equals, url = text.partition("=")
    if not (service and equals and url):
        raise argparse.ArgumentTypeError(f"{text!r} is no SERVICE=URL")
    return service, url.rstrip("/")


async def _play(addresses: Addresses, choices: Choices, show: Show) -> dict[str, Any]:
    """The whole cycle; gives what was published, and the facts that were exported."""
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as http:
        world = World(Api(http, addresses), choices, show, _opening())
        show.say(f"Bộ tiêu chí MẪU, chế độ chạy thử · SAMPLE criteria, trial mode · {addresses}")
        await opening.open_cycle(world)
        await declaring.declare(world)
        await surveying.survey(world)
        await declaring.finish_late(world)
        await appraising.first_round(world)
        await surveying.close_survey(world)
        await appraising.explain(world)
        await appraising.second_round(world)
        published = await publishing.publish(world)
        tables = [await publishing.table(world, tier) for tier in world.opening["schemes"]]
        facts = await publishing.export(world)
    _print_tables(world, tables)
    return {
        "published": published,
        "tables": tables,
        "facts": facts,
        "requests": world.api.calls.total,
        "statuses": world.api.calls.statuses,
    }


def _opening() -> Mapping[str, Any]:
    """The request that opens the cycle, made of the files in schemes/ by the command line."""
    command = [
        *(sys.executable, "-m", "services", "cycle", "--year", CYCLE),
        *("--decision", "2366/QĐ-UBND", "--on", "2021-10-14"),
        *("--agencies", str(SCHEMES / "an-giang-2021-agencies.yaml")),
        *("--calendar", str(SCHEMES / "an-giang-2021-calendar.yaml")),
        *("--schemes", *map(str, sorted(SCHEMES.glob("an-giang-2021-*.sample.yaml")))),
    ]
    made = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own
    opening: Mapping[str, Any] = json.loads(made.stdout)
    return opening


def _print_tables(world: World, tables: list[Mapping[str, Any]]) -> None:
    names = {agency["code"]: agency["name"] for agency in world.agencies}
    titles = {scheme["tier"]: scheme["title"] for scheme in world.opening["schemes"].values()}
    for table in tables:
        world.show.say("")
        world.show.table(titles[table["tier"]], table["rows"], names)


def _conclusion(
    facts: Path, played: Mapping[str, Any], found: Mapping[str, Any], seconds: float
) -> str:
    published = played["published"]
    return (
        f"\nCông bố / published: QĐ {published['decision']['number']}, "
        f"{published['position']} dữ kiện / facts\n"
        f"  root    {published['root']}\n"
        f"  digest  {published['digest']}\n"
        f"Đếm lại từ {found['facts']} dữ kiện{found['done']} "
        "/ recounted from the log alone, in a new process:\n"
        f"  root    {found['root']}\n"
        f"  digest  {found['digest']}\n"
        f"  {facts}: python -m shared.verify\n"
        f"[bold]TRÙNG KHỚP / THE SAME[/bold] · "
        f"{played['requests']} requests · {seconds:.0f} s"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
