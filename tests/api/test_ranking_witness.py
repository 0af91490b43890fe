"""A witness beside the ranking service: what it countersigns, and what it never does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from services import cli
from services.cli.witness.countersigning import Countersigned, countersign
from services.cli.witness.office import Office, founded
from services.ranking.application.signing import CHECKPOINT_EVERY
from shared.adapters import client
from shared.adapters.server import listen, serve
from shared.adapters.signature import signer_of_seed
from shared.kernel.errors import Missing, Refused
from shared.ledger import note
from tests.support.outside import NOTARY
from tests.support.ranking import Ranking, loop_of, ranking
from tests.support.signing_office import FACTS
from tests.support.signing_office import Office as Log
from tests.support.small_cycle import CYCLE

NAME = "witness.example/hdnd"
AT_S = 1_643_673_600
NOWHERE = "http://127.0.0.1:9"
FIRST = 5


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A witness that has seen nothing yet."""
    return founded(tmp_path / "witness", NAME)


@asynccontextmanager
async def log_of(office: Office, *facts: bytes, secret: bytes = b"") -> AsyncIterator[Ranking]:
    """A system that knows the witness, with these facts under its newest checkpoint."""
    notary = replace(NOTARY, witnesses=(office.key,))
    if secret:
        notary = replace(notary, signer=signer_of_seed(secret.ljust(32, b"-")))
    async with ranking(notary) as service:
        await grow(service, *facts)
        yield service


async def grow(service: Ranking, *facts: bytes) -> None:
    await Log(service.outside.inbox).number(*facts)
    service.clock.advance(CHECKPOINT_EVERY)
    assert await loop_of(service, "sign").step() == 1


def whole(service: Ranking, without: str = "") -> Starlette:
    """The system as it answers under one address, but for one path."""
    hidden = [Mount(f"/ranking/cycles/{CYCLE}{without}", routes=[])] if without else []
    return Starlette(routes=[*hidden, Mount("/ranking", app=service.app)])


async def look(
    office: Office, service: Ranking, *, at_s: int = AT_S, without: str = ""
) -> Countersigned:
    """The witness looks at a system."""
    transport = httpx.ASGITransport(whole(service, without))
    async with client.connect("http://cchc", transport=transport) as system:
        return await countersign(system, office, CYCLE, at_s=at_s)


@asynccontextmanager
async def served(app: Starlette) -> AsyncIterator[str]:
    """The address at which an application answers meanwhile."""
    listening, ready, over = listen("127.0.0.1", 0), asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(serve(app, listening, ready=ready.set, over=over))
    await ready.wait()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    over.set()
    await serving


async def signed_by(service: Ranking) -> list[list[str]]:
    listed = await service.get(f"/cycles/{CYCLE}/checkpoints")
    return [each["signed_by"] for each in listed.json()["items"]]


def held(office: Office) -> int:
    kept = office.held(CYCLE)
    return kept.size if kept else 0


async def test_what_is_shown_first_is_countersigned_and_held(office: Office) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        done = await look(office, service)

        log = f"{NOTARY.origin}/{CYCLE}"
        assert await signed_by(service) == [[log, NAME]]
    assert (done.size, done.before, held(office)) == (FIRST, 0, FIRST)


async def test_what_goes_on_from_it_is_countersigned_and_held_in_its_place(office: Office) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        await look(office, service)
        await grow(service, *FACTS[FIRST:])
        done = await look(office, service)

        assert [NAME in names for names in await signed_by(service)] == [True, True]
    assert (done.size, done.before, held(office)) == (len(FACTS), FIRST, len(FACTS))


async def test_who_looks_again_signs_the_same_again(office: Office) -> None:
    async with log_of(office, *FACTS) as service:
        first = await look(office, service)
        again = await look(office, service, at_s=AT_S + 3_600)

        assert await signed_by(service) == [[f"{NOTARY.origin}/{CYCLE}", NAME]]
    assert (again.size, again.before, again.root) == (first.size, first.size, first.root)


@pytest.mark.parametrize(
    ("others", "code"),
    [
        ((*FACTS[1:FIRST], FACTS[0], *FACTS[FIRST:]), "witness-history-unproved"),
        ((*FACTS[1:FIRST], FACTS[0]), "witness-history-forked"),
        ((*FACTS[2:FIRST], FACTS[0]), "witness-checkpoint-older"),
        (FACTS[: FIRST - 1], "witness-checkpoint-older"),
    ],
)
async def test_what_does_not_go_on_is_never_countersigned_and_is_kept(
    office: Office, others: tuple[bytes, ...], code: str
) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        await look(office, service)

    async with log_of(office, *others) as other:
        with pytest.raises(Refused, match=code) as refusal:
            await look(office, other)

        assert not any(NAME in names for names in await signed_by(other))
        told = await other.get(f"/cycles/{CYCLE}/checkpoints/latest")
    kept = Path(refusal.value.details["file"])
    assert kept.read_bytes() == told.content  # noqa: ASYNC240 - a few bytes, and nobody waits
    assert held(office) == FIRST


async def test_a_log_that_owes_its_proof_is_not_countersigned(office: Office) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        await look(office, service)
        await grow(service, *FACTS[FIRST:])

        with pytest.raises(Refused, match="witness-history-unproved"):
            await look(office, service, without="/proofs")

        assert held(office) == FIRST
        assert (await look(office, service)).before == FIRST


async def test_of_two_that_look_at_once_one_looks(office: Office) -> None:
    forked = (*FACTS[1:FIRST], FACTS[0], *FACTS[FIRST:])
    async with log_of(office, *FACTS) as one, log_of(office, *forked) as other:
        told = await asyncio.gather(look(office, one), look(office, other), return_exceptions=True)

        signed = [*await signed_by(one), *await signed_by(other)]
    assert [getattr(each, "code", "") for each in told] == ["", "data-directory-in-use"]
    assert sum(NAME in names for names in signed) == 1


async def test_a_log_with_another_key_is_not_believed(office: Office) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        await look(office, service)

    async with log_of(office, *FACTS, secret=b"another key of the log") as other:
        with pytest.raises(Refused, match="witness-log-unsigned"):
            await look(office, other)

    assert held(office) == FIRST


async def test_what_is_signed_is_held_before_anybody_sees_the_line(office: Office) -> None:
    async with ranking(NOTARY) as service:
        await grow(service, *FACTS)

        with pytest.raises(Refused, match="witness-unknown"):
            await look(office, service)

    assert held(office) == len(FACTS)


async def test_without_a_checkpoint_nothing_is_signed(office: Office, tmp_path: Path) -> None:
    async with ranking(NOTARY) as service:
        with pytest.raises(Missing, match="checkpoint-unknown"):
            await look(office, service)

    assert list((tmp_path / "witness").glob(f"{CYCLE}*")) == []


# --- The command


def witness(folder: Path, *options: str) -> int:
    return cli.main(["witness", *options, "--folder", str(folder)], {})


def test_the_key_of_a_witness_is_told_and_stays(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = []
    for _ in range(2):
        assert witness(tmp_path, NAME) == 0
        keys.append(capsys.readouterr().out.splitlines()[0])

    assert keys[0] == keys[1]
    assert note.from_verifier_key(keys[0]) == founded(tmp_path, NAME).key


def test_the_folder_of_another_name_or_of_nobody_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert witness(tmp_path / "kept", NAME) == 0
    mistyped = [
        witness(tmp_path / "kept", "other.example", CYCLE, "--url", NOWHERE),
        witness(tmp_path / "kept", "other.example"),
        witness(tmp_path / "kept.", NAME, CYCLE, "--url", NOWHERE),
    ]

    assert mistyped == [cli.REFUSED] * 3
    assert f"witness {NAME} --folder {tmp_path / 'kept.'}" in capsys.readouterr().err
    assert not (tmp_path / "kept.").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["two words"], "“two words”"),
        ([NAME, CYCLE], "--url"),
        ([NAME, "../2021", "--url", NOWHERE], "../2021"),
    ],
)
def test_what_cannot_be_countersigned_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    assert witness(tmp_path, *options) == cli.REFUSED

    assert all(said in line for line in capsys.readouterr().err.splitlines())


@pytest.mark.parametrize("name", [f"{CYCLE}.checkpoint", f"{CYCLE}.log-key"])
async def test_a_file_that_was_damaged_is_named_and_nothing_is_signed(
    office: Office, tmp_path: Path, name: str
) -> None:
    async with log_of(office, *FACTS) as service:
        await look(office, service)
        (tmp_path / "witness" / name).write_text("something else\n", "utf-8")

        with pytest.raises(Refused, match="witness-file-damaged") as refusal:
            await look(office, service)

    assert name in refusal.value.details["file"]


@pytest.mark.parametrize("form", ["--json", ""])
async def test_what_becomes_of_one_cycle_keeps_no_other_from_being_looked_at(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    options = [NAME, "1999", CYCLE, *([form] if form else [])]
    async with log_of(office, *FACTS) as service, served(whole(service)) as url:
        status = await asyncio.to_thread(witness, tmp_path / "witness", *options, "--url", url)
        assert [NAME in names for names in await signed_by(service)] == [True]

    told = capsys.readouterr()
    assert status == 1
    assert told.err.startswith("1999\n")
    if form:
        refused, signed = map(json.loads, told.out.splitlines())
        assert (refused["cycle"], refused["code"]) == ("1999", "checkpoint-unknown")
        assert (signed["cycle"], signed["size"], signed["before"]) == (CYCLE, len(FACTS), 0)
    else:
        assert all(f"{len(FACTS)}" in line for line in told.out.splitlines())
