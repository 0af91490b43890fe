"""A witness beside the ranking service: what it countersigns, and what it never does."""

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
from services.cli.witness.office import Office
from services.ranking.application.signing import CHECKPOINT_EVERY
from shared.adapters import client
from shared.adapters.signature import signer_of_seed
from shared.kernel.errors import Missing, Refused
from shared.ledger import checkpoint, note
from tests.support.outside import NOTARY
from tests.support.ranking import Ranking, loop_of, ranking
from tests.support.signing_office import FACTS
from tests.support.signing_office import Office as Log
from tests.support.small_cycle import CYCLE

NAME = "witness.example/hdnd"
AT_S = 1_643_673_600
FIRST = 5


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A witness that has seen nothing yet."""
    return Office(tmp_path / "witness", NAME)


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


async def look(office: Office, service: Ranking, *, at_s: int = AT_S) -> Countersigned:
    """The witness looks at a system that answers under one address."""
    app = Starlette(routes=[Mount("/ranking", app=service.app)])
    transport = httpx.ASGITransport(app)
    async with client.connect("http://cchc", transport=transport) as system:
        return await countersign(system, office, CYCLE, at_s=at_s)


async def signed_by(service: Ranking) -> list[list[str]]:
    listed = await service.get(f"/cycles/{CYCLE}/checkpoints")
    return [each["signed_by"] for each in listed.json()["items"]]


def held(office: Office) -> int:
    kept = office.held(CYCLE)
    return checkpoint.from_text(kept.text).size if kept else 0


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
    ("others", "shown"),
    [
        ((*FACTS[1:FIRST], FACTS[0], *FACTS[FIRST:]), len(FACTS)),  # longer, from another beginning
        ((*FACTS[1:FIRST], FACTS[0]), FIRST),  # as long, with another root
        (FACTS[: FIRST - 1], FIRST - 1),  # shorter
    ],
)
async def test_another_history_is_never_countersigned_and_its_proof_is_kept(
    office: Office, tmp_path: Path, others: tuple[bytes, ...], shown: int
) -> None:
    async with log_of(office, *FACTS[:FIRST]) as service:
        await look(office, service)

    async with log_of(office, *others) as rewritten:
        with pytest.raises(Refused, match="witness-history-differs") as refusal:
            await look(office, rewritten)

        assert not any(NAME in names for names in await signed_by(rewritten))
        told = await rewritten.get(f"/cycles/{CYCLE}/checkpoints/latest")
    kept = tmp_path / "witness" / f"{CYCLE}.other-{shown}"
    assert refusal.value.details["file"] == str(kept)
    assert kept.read_bytes() == told.content
    assert held(office) == FIRST


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
    assert note.from_verifier_key(keys[0]) == Office(tmp_path, NAME).key


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["two words"], "“two words”"),
        ([NAME, CYCLE], "--url"),
        ([NAME, "../2021", "--url", "http://127.0.0.1:9"], "../2021"),
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


async def test_what_was_signed_is_told_to_programs(office: Office) -> None:
    async with log_of(office, *FACTS) as service:
        done = await look(office, service)

    assert json.loads(json.dumps(done.body)) == {
        "cycle": CYCLE,
        "size": len(FACTS),
        "before": 0,
        "root": done.root,
        "line": done.line,
    }
