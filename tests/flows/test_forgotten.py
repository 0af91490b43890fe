"""People are deleted and what they wrote is shredded: every proof and publication stays valid."""

import asyncio
import io
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from demo.papers import paper
from services import cli
from shared.adapters.identity import OPAQUE
from shared.kernel.errors import Refused
from shared.ports import REMOVED
from shared.verify import HOLDS
from tests.support.installation import (
    CYCLE,
    GONE,
    PEOPLE,
    RANKING,
    Installation,
    forget,
    id_of,
    installation,
    publish_a_cycle,
)
from tests.support.looked import (
    newest_checkpoint,
    published,
    read_as_of,
    size_of,
    unproven,
    verdicts_on,
)
from tests.support.town import OWN

pytestmark = pytest.mark.slow

DIRECTORY = "people.db"
ITEM = f"/appraisal/cycles/2021/agencies/{OWN}/items/1.1"
LOOK = {"person": PEOPLE["agency"].subject, "reason": "Thanh tra."}


async def test_a_cycle_stays_as_it_was_published_when_its_people_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, "httpx")  # That is who asks, and no part of it.
    data = tmp_path / "data"
    async with installation(tmp_path, monkeypatch) as it:
        await publish_a_cycle(it)
        size = await size_of(it)
        early = await newest_checkpoint(it, size)
        before, told_before = await read_as_of(it, size), await published(it)
        first = keep(tmp_path / "before.zip", await bundle(it))
        (tmp_path / "early.note").write_bytes(early.written)
        named_before, traces_before = files_with(data, names()), files_with(data, texts())
        assert await texts_read(it) == [PEOPLE["agency"].text, PEOPLE["member"].text]
        ids = [await id_of(it, who) for who in GONE]

        await forget(it, GONE)

        it.answered.clear()
        late = await newest_checkpoint(it, await size_of(it))
        (tmp_path / "late.note").write_bytes(late.written)
        second = keep(tmp_path / "after.zip", await bundle(it))
        facts = await it.done("auditor", "GET", f"{RANKING}/facts")
        assert await read_as_of(it, size) == before
        assert await published(it) == told_before
        assert await unproven(it, early, late) == []
        assert await texts_read(it) == [REMOVED, REMOVED]
        answered = b"".join(it.answered)

    digest = told_before["publications"][0]["digest"]
    kept = tmp_path / "early.note", tmp_path / "late.note"
    assert verdicts_on(first, kept[0]) == [(HOLDS, digest)] * 2
    assert verdicts_on(second, *kept) == [(HOLDS, digest)] * 2
    for source in ("ledger", "topic"):
        assert await asyncio.to_thread(rebuilt, data, source) == ("serves", [])
    assert await asyncio.to_thread(explained, data) == 0

    # Before, names stood in the directory alone, and texts nowhere but under their keys.
    assert {path.name.removesuffix("-wal") for path in named_before} == {DIRECTORY}
    assert traces_before == []
    gone = [*names(GONE), *texts(GONE)]
    assert files_with(tmp_path, gone) == []
    assert [trace for trace in gone if trace in answered + caplog.text.encode()] == []
    # Who was not deleted is still known, and the ids of the others are still in the facts.
    assert files_with(data, names(["auditor"])) != []
    assert all(OPAQUE.fullmatch(each) and each.encode() in facts for each in ids)


async def test_who_comes_again_is_the_same_person_and_is_known_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installation(tmp_path, monkeypatch) as it:
        await publish_a_cycle(it)
        before = await id_of(it, "agency")
        await forget(it, ["agency"])
        gone = (await it.ask("auditor", "POST", "/submission/people/looks", LOOK)).json()

        await it.ask("agency", "POST", f"{CYCLE}/agencies/{OWN}/lock")

        known = (await it.ask("auditor", "POST", "/submission/people/looks", LOOK)).json()

    assert gone["entry"] is None
    assert {each["reason"] for each in gone["looks"]} == {"", LOOK["reason"]}
    assert known["person"] == before
    assert known["entry"]["name"] == PEOPLE["agency"].name


async def test_whoever_is_shown_evidence_is_written_down_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installation(tmp_path, monkeypatch) as it:
        await publish_a_cycle(it)
        file = f"{CYCLE}/agencies/{OWN}/files/{sha256(paper(OWN)).hexdigest()}"
        look = {"person": PEOPLE["member"].subject, "reason": "Thanh tra."}
        before = (await it.ask("auditor", "POST", "/submission/people/looks", look)).json()

        shown = await it.ask("member", "GET", file)

        known = (await it.ask("auditor", "POST", "/submission/people/looks", look)).json()

    assert shown.status_code == 200
    assert before["entry"] is None
    assert known["entry"]["name"] == PEOPLE["member"].name


async def test_a_key_of_another_installation_is_refused_at_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with installation(tmp_path, monkeypatch):
        pass
    (tmp_path / "data" / "people.key").unlink()

    with pytest.raises(Refused, match="people-key-of-another"):
        async with installation(tmp_path, monkeypatch):
            pass


async def bundle(it: Installation) -> bytes:
    content: bytes = await it.done("auditor", "GET", f"{RANKING}/bundle")
    return content


def keep(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


async def texts_read(it: Installation) -> Sequence[str]:
    """What the agency explained and why the council rejected it, as an auditor reads it."""
    sheet = await it.done("auditor", "GET", f"{CYCLE}/agencies/{OWN}")
    explanations = [each["explanation"] for each in sheet["items"] if each["explanation"]]
    verdict = await it.done("auditor", "GET", ITEM)
    return [*(each["text"] for each in explanations), *reasons(verdict)]


def reasons(part: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Every reason in an answer."""
    if isinstance(part, dict):
        if isinstance(part.get("reason"), str):
            yield part["reason"]
        for each in part.values():
            yield from reasons(each)
    elif isinstance(part, list):
        for each in part:
            yield from reasons(each)


def names(people: Sequence[str] = tuple(PEOPLE)) -> Sequence[bytes]:
    """Subjects and names, as they may stand in a file."""
    found = [text for who in people for text in (PEOPLE[who].subject, PEOPLE[who].name)]
    return [spelled for text in found for spelled in spellings(text)]


def texts(people: Sequence[str] = tuple(PEOPLE)) -> Sequence[bytes]:
    """What people wrote, as it may stand in a file."""
    return [each for who in people if PEOPLE[who].text for each in spellings(PEOPLE[who].text)]


def spellings(text: str) -> Sequence[bytes]:
    return [text.encode(), json.dumps(text)[1:-1].encode(), text.encode("utf-16-le")]


def files_with(folder: Path, traces: Sequence[bytes]) -> Sequence[Path]:
    """The files in which one of these can be found."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    contents = {path: path.read_bytes() for path in files}
    return [path for path, content in contents.items() if any(each in content for each in traces)]


def rebuilt(data: Path, source: str) -> tuple[str, Sequence[str]]:
    """What a rebuild of everything that is shown came to."""
    out = io.StringIO()
    place = ["--data", str(data), "--mode", "production"]
    with redirect_stdout(out):
        assert cli.main(["rebuild", "--cycle", "2021", "--from", source, "--json", *place], {}) == 0
    came = json.loads(out.getvalue())["cycles"]["2021"]
    return came["state"], came["differing"]


def explained(data: Path) -> int:
    """How the command ends that explains a number, with the proofs behind it."""
    out = io.StringIO()
    place = ["--data", str(data), "--mode", "production"]
    with redirect_stdout(out):
        return cli.main(["explain", "2021", OWN, "1.1", *place], {})
