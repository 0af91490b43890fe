"""`drill`: a backup is restored into an empty place, everything is made again, and compared."""

import asyncio
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

from services.cli.backup import comparing, copied, listed, recall, refill, restore, shown
from services.cli.backup.comparing import Compared
from services.cli.backup.empty import Place
from services.cli.backup.step import STEPS, Step, Taken
from services.cli.bars import Bars
from services.cli.command import Command
from services.ranking import main as ranking
from shared.adapters.backup import (
    PARTS,
    SERVICES,
    TOGETHER,
    TOPIC,
    Backups,
    Fault,
    Part,
    Saved,
    folder,
)
from shared.adapters.chance import SecretChance
from shared.adapters.files import FolderFiles
from shared.kernel.errors import Missing, Refused
from shared.runtime.number import Numberer
from shared.runtime.relay import Relay
from shared.runtime.service import Outside
from shared.runtime.whole import whole

NAME_LETTERS = 8
PARTITIONS = 8


class Drill:
    """One drill: its steps stop at the first that finds something without which none goes on."""

    def __init__(self, options: Namespace, bars: Bars) -> None:
        self.steps: list[Step] = []
        self._options = options
        self._backups = Backups(options.source)
        self._saved: dict[Part, Saved] = {}
        self._bars = bars

    async def run(self) -> None:
        """Do it; what is wrong stands in the steps."""
        async with self._step("check") as came:
            await self._check(came)
        if self.steps[-1].came.faults:
            return
        place = self._place()
        async with place.made(is_loaded=self._options.restored), AsyncExitStack() as opened:
            async with self._step("restore") as came:
                await self._load(place)
                worlds = await opened.enter_async_context(place.opened())
                await self._restore_files(worlds, came)
            async with self._step("refill") as came:
                await self._refill(worlds, came)
            async with self._step("rebuild") as came:
                await self._rebuild(worlds[ranking.NAME], came)
            async with self._step("compare") as came:
                await self._compare(worlds, came)

    @asynccontextmanager
    async def _step(self, name: str) -> AsyncIterator[Compared]:
        """A step; what is refused in it is what it found."""
        step, began_s = Step(name), monotonic()
        self.steps.append(step)
        try:
            yield step.came
        except Refused as refusal:
            step.came.faults.append(shown.fault_of(refusal))
            raise Stopped from refusal
        finally:
            step.seconds = monotonic() - began_s

    def _place(self) -> Place:
        given = self._options
        prefix = given.prefix or f"drill_{SecretChance().token()[:NAME_LETTERS]}".lower()
        prefix = "".join(each if each.isalnum() else "_" for each in prefix)
        mode = self._saved[TOPIC].manifest.mode
        return Place(given.postgres, given.mongo, given.kafka, given.partitions, prefix, mode)

    # --- What each step does

    async def _check(self, came: Compared) -> None:
        """Hold every file of the newest backups that go together against its hash.

        Which they are is asked before the first of them is read: more may be saved meanwhile.
        """
        file: Path | None = self._options.together
        times = listed.times_in(file) if file else dict.fromkeys(PARTS, TOGETHER)
        for part in PARTS:
            try:
                self._saved[part] = self._backups.newest(part, times[part])
            except Missing as missing:
                came.faults.append(shown.fault_of(missing))
        for part, saved in self._saved.items():
            newest = self._backups.newest(part)
            self.steps[-1].taken.append(Taken(part, str(saved.folder), str(newest.folder)))
            came.faults += (faults := await asyncio.to_thread(saved.faults))
            came.count("files", len(saved.manifest.members))
            if part == TOPIC or any(folder.LISTED in each.details["file"] for each in faults):
                continue
            kept = FolderFiles(self._backups.files(part), only_read=True)
            try:
                async for name, _ in copied.spoilt(kept, saved.path(folder.LISTED)):
                    came.find("backup-evidence-spoilt", sha256=name)
                came.count("evidence", len(copied.of_list(saved.path(folder.LISTED))))
            finally:
                await kept.close()

    async def _load(self, place: Place) -> None:
        for service in SERVICES:
            told = place.settings(service)
            if not self._options.restored:
                await restore.load(self._saved[service], told.postgres, self._options.identity)
            await restore.take_over(told.postgres)

    async def _restore_files(self, worlds: Mapping[str, Outside], came: Compared) -> None:
        for service in SERVICES:
            counts: dict[str, int] = {}
            saved = self._saved[service]
            put = restore.put_files(worlds[service], self._backups, saved, self._bars, counts)
            came.faults += await put
            came.count("databases")
            came.count("files", counts["files"])

    async def _refill(self, worlds: Mapping[str, Outside], came: Compared) -> None:
        """The topic as it was saved, then what the stores lack of it, then what it lacks of them.

        In the end the ledger goes on from where it ended to where the topic ends.
        """
        log = worlds[ranking.NAME]
        path = self._saved[TOPIC].path(folder.RECORDS)
        records = refill.saved_records(path)
        came.count("records", await refill.fill(log.topic, records, self._bars))
        for service, world in worlds.items():
            recalled = await recall.recalled(service, world, self._bars)
            came.count("recalled", recalled.back)
            came.faults += recall.faults_of(recalled)
        for world in worlds.values():
            relay = Relay(world.store, world.topic, world.topic_name)
            while told := await relay.step():
                came.count("told", told)
        came.count("numbered", await _numbered(log))

    async def _rebuild(self, log: Outside, came: Compared) -> None:
        """Number the topic once more, against the ledger byte by byte, and draw every document."""
        rebuilder = ranking.rebuilder(ranking.stores_of(log), SecretChance().token())
        manner = ranking.Manner("topic", "always")
        cycles = await ranking.rebuilding(
            ranking.stores_of(log), SecretChance().token(), log.clock
        ).cycles()
        async with aclosing(rebuilder.tell(cycles, manner)) as telling:
            async for cycle, told in telling:
                if told["state"] == "making":
                    self._bars.show(cycle, told["facts"], told["size"])
                    continue
                came.count("cycles")
                came.count("facts", told["facts"])
                if told["state"] == "stopped":
                    problem = told["problem"]
                    came.faults.append(Fault(problem["code"], _texts(problem["details"])))

    async def _compare(self, worlds: Mapping[str, Outside], came: Compared) -> None:
        inbox = worlds[ranking.NAME].inbox
        notes = await comparing.notes_of(inbox, self._saved["ranking"], came)
        await comparing.ledgers(inbox, notes, came)
        await comparing.facts(worlds, came)
        await comparing.evidence(worlds, came)


class Stopped(Exception):
    """A step found something without which none goes on."""


async def _numbered(log: Outside) -> int:
    """Number the topic to its end; gives how many records that has."""
    numberer, records = Numberer(log.inbox, log.topic_name), 0
    async with aclosing(whole(log.topic, f"number-{SecretChance().token()}")) as read:
        positions: dict[int, int] = {}
        async for deliveries in read:
            for partition in sorted({each.partition for each in deliveries}):
                if partition not in positions:
                    positions[partition] = await numberer.position(partition)
                await numberer.receive([e for e in deliveries if e.partition == partition])
            records += len(deliveries)
    return records


def _texts(details: Mapping[str, object]) -> Mapping[str, str]:
    return {name: str(value) for name, value in details.items()}


# --- The command


def _add_options(parser: ArgumentParser, environment: Mapping[str, str]) -> None:
    restore.add_source(parser)
    parser.add_argument(
        "--together",
        type=Path,
        metavar="FILE",
        help="what `backups` has said, where it was asked already; they are looked for, by default",
    )
    parser.add_argument(
        "--postgres",
        required=True,
        metavar="URL",
        help="a PostgreSQL to restore into, by whoever may make databases there",
    )
    parser.add_argument("--mongo", required=True, metavar="URL", help="a MongoDB to restore into")
    parser.add_argument("--kafka", required=True, metavar="HOST:PORT", help="a Kafka")
    parser.add_argument(
        "--partitions", type=int, default=PARTITIONS, metavar="N", help="of the topic, as it had"
    )
    parser.add_argument(
        "--prefix",
        metavar="NAME",
        help="begins the names of all that is made; one by chance, by default",
    )
    parser.add_argument(
        "--restored",
        action="store_true",
        help="the databases PREFIX_SERVICE are there, and pg_restore has loaded the dumps",
    )
    parser.add_argument("--json", action="store_true", help="say what came of it as JSON")
    parser.set_defaults(environment=environment)


def _run(options: Namespace) -> int:
    with Bars() as bars:
        drill, began_s = Drill(options, bars), monotonic()
        with suppress(Stopped):  # At what, its last step says.
            asyncio.run(drill.run())
        seconds = monotonic() - began_s
    faults = [fault for step in drill.steps for fault in step.came.faults]
    is_whole = len(drill.steps) == len(STEPS)
    well = is_whole and not faults
    if options.json:
        body = {"well": well, "seconds": round(seconds, 2), "faults": len(faults)}
        shown.write_json({**body, "steps": [step.body for step in drill.steps]})
    else:
        shown.write([line for step in drill.steps for line in step.lines])
        sys.stdout.write(_CONCLUSIONS[well].format(seconds=seconds, faults=len(faults)))
    return shown.WELL if well else shown.NOT_WELL


_CONCLUSIONS = {
    True: (
        "TRÙNG KHỚP: khôi phục được, mọi gốc và giá trị băm đúng như đã ký. {seconds:.0f} s\n"
        "THE SAME: the backup can be restored; roots and digests are those that were signed.\n"
    ),
    False: (
        "KHÁC NHAU, hoặc dừng giữa chừng: {faults} điểm ở trên. {seconds:.0f} s\n"
        "DIFFERENT, or stopped half way; findings above: {faults}.\n"
    ),
}

COMMAND = Command(
    name="drill",
    summary="restore a backup into an empty place, make everything again, and compare",
    description="""\
Diễn tập khôi phục: đưa bản sao lưu mới nhất vào một nơi trống, dựng lại tất cả, rồi so.

Restores the newest backups that go together, one of every part, into databases, collections and a
topic of their own on the servers that are named, and gives them up afterwards. Says which backups,
and checks every file; loads the dumps; refills the topic; brings back what was told since, and lets
the outboxes tell what is missing; numbers the topic again, byte by byte against the ledger; draws
every document; then holds roots, and digests of tables, against the signed checkpoints, every fact
of every service against the ledger, and every file that a fact names against its hash. Nothing is
signed or published, and no server of the system is called. Exit status: 0; 1 where anything
differs, or could not be done; 2 where the command was refused.""",
    examples="""examples:
  python -m services drill --from /backup --identity identity.txt \\
      --postgres postgresql://postgres@127.0.0.1:5432/postgres \\
      --mongo mongodb://127.0.0.1:27017 --kafka 127.0.0.1:9092
""",
    add_options=_add_options,
    run=_run,
)
