"""`recall`: what a service has said comes back from the topic into its own store."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing

from services.cli import servers
from services.cli.backup import shown
from services.cli.bars import Bars
from services.cli.command import Command
from shared.adapters.backup import SERVICES, Fault
from shared.adapters.chance import SecretChance
from shared.kernel.errors import Refused
from shared.runtime.react import named
from shared.runtime.recall import Recall, Recalled
from shared.runtime.service import Outside

SURVEY = "survey"
_CAME = """\
{service}: {kept:,} dữ kiện đã có, {back:,} dữ kiện lấy lại từ kênh.
{service}: {kept:,} facts were there, {back:,} came back from the topic.
"""
_WOULD = """\
{service}: {kept:,} dữ kiện đã có, {back:,} dữ kiện sẽ được lấy lại từ kênh.
{service}: {kept:,} facts are there, {back:,} would come back from the topic.
"""


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    parser.add_argument("service", choices=SERVICES, metavar="SERVICE")
    parser.add_argument("--look", action="store_true", help="bring nothing, say what would come")
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    parser.set_defaults(environment=environment)


def _run(options: Namespace) -> int:
    with Bars() as bars:
        came = asyncio.run(_recall(options, bars))
    faults = faults_of(came)
    body = {"service": options.service, "kept": came.kept, "back": came.back}
    if options.json:
        shown.write_json({**body, "faults": [shown.body_of(fault) for fault in faults]})
    else:
        sys.stdout.write((_WOULD if options.look else _CAME).format(**body))
        shown.write([line for fault in faults for line in shown.sentences(fault)])
    return shown.WELL if came.is_well else shown.NOT_WELL


async def _recall(options: Namespace, bars: Bars) -> Recalled:
    told = servers.told(options.service, options.environment)
    async with servers.opened(options.service, told, options.environment) as world:
        return await recalled(options.service, world, bars, brings=not options.look)


async def recalled(service: str, world: Outside, bars: Bars, *, brings: bool = True) -> Recalled:
    """Bring back what a service has said.

    Raises `Refused("survey-behind-topic")` where the survey's database is older than what it has
    counted, and answers wait in it: they may be among those that were counted.
    """
    recall = Recall(world.topic, world.store, service, world.topic_name)
    name = SecretChance().token()
    if service == SURVEY or not brings:
        came = await _last(recall.look(f"{name}-look"), service, bars)
        if not brings:
            return came
        if came.back and await holds_answers(world):
            raise Refused("survey-behind-topic", facts=str(came.back))
    return await _last(recall.bring(name), service, bars)


async def holds_answers(world: Outside) -> bool:
    """Whether answers wait in the urn, about anything that the service has asked."""
    async for stream in named(world.store, f"{SURVEY}/"):
        if any((await world.urn.waiting(stream.removeprefix(f"{SURVEY}/"))).values()):
            return True
    return False


def faults_of(came: Recalled) -> list[Fault]:
    """What does not agree between store and topic."""
    differing = [Fault("recall-fact-differs", {"fact": fact}) for fact in came.differing]
    return differing + [Fault("recall-fact-missing", {"fact": fact}) for fact in came.missing]


async def _last(telling: AsyncGenerator[Recalled, None], service: str, bars: Bars) -> Recalled:
    came = Recalled()
    async with aclosing(telling) as told:
        async for came in told:
            bars.show(service, came.read)
    return came


COMMAND = Command(
    name="recall",
    summary="bring back into a service's own store what the topic has of it",
    description="""\
Lấy lại từ kênh những dữ kiện mà chính dịch vụ đã ghi, khi kho của nó bị mất hoặc cũ hơn kênh.

With the settings of that service's processes in the environment, none of which may run. A store
that was lost, or restored from an older moment, would give the versions of what was told since to
something else; this brings these facts back, and holds the others against the topic. What was
recorded and never told is lost with the store; so are the keys of sealed texts, names of people
and answers that waited. Exit status: 1 where store and topic differ, or the topic has a gap.""",
    examples="""examples:
  python -m services recall ranking
  python -m services recall submission --look --json
""",
    add_options=_add_options,
    run=_run,
)
