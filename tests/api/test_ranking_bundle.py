"""The bundle over HTTP: one file, the same for the same ledger, for whoever may read the log."""

import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.ranking.application import Bundles, Ledgers, Notes
from shared import verify
from shared.adapters import signature
from shared.count import bundle
from shared.kernel.errors import Refused
from shared.ledger import archive
from shared.ledger.line import to_line
from shared.verify import HOLDS, UNPUBLISHED, Given
from tests.support.bundled import AT, WITNESSED, unpacked
from tests.support.outside import NOTARY
from tests.support.ranking import ACTORS, Ranking, change, ranking
from tests.support.small_cycle import CYCLE
from tests.support.told import whole_cycle
from tests.support.witness import WITNESS

TOLD = whole_cycle()


@pytest.fixture
async def published() -> AsyncIterator[Ranking]:
    """A result that was approved and published."""
    async with ranking(WITNESSED) as service:
        await service.hear(TOLD)
        await service.approve()
        await service.publish()
        yield service


async def read(service: Ranking) -> bytes:
    answer = await service.get(f"{AT}/bundle", "auditor")
    assert answer.status_code == 200
    return answer.content


async def test_the_bundle_holds_what_the_service_says_one_by_one(published: Ranking) -> None:
    members = unpacked(await read(published))

    facts = (await published.get(f"{AT}/facts", "auditor")).content
    newest = (await published.get(f"{AT}/checkpoints/latest")).content
    key = (await published.get(f"{AT}/log-key")).json()
    catalogue = (await published.get("/asyncapi.json")).content
    manifest = bundle.manifest_of(members[bundle.MANIFEST])
    assert manifest is not None
    assert members[bundle.FACTS] == facts
    assert members["checkpoints/27.note"] == newest
    assert (manifest.origin, manifest.log_keys) == (key["origin"], (key["key"],))
    assert list(manifest.witness_keys) == key["witness_keys"]
    assert members[bundle.CATALOGUE] == catalogue
    assert bundle.place_of("tables/1.json") is not None
    assert b'"format":"cchc-table.v1"' in members["tables/1.json"]
    assert "không được kiểm chứng" in members[bundle.README].decode()


async def test_it_is_told_how_long_it_is_and_of_what(published: Ranking) -> None:
    answer = await published.get(f"{AT}/bundle", "auditor")

    ledger = (await published.get(f"{AT}/ledger", "auditor")).json()
    assert answer.headers["content-length"] == str(len(answer.content))
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="cchc-2021-27.zip"'
    assert answer.headers["ledger-size"] == str(ledger["size"])
    assert answer.headers["ledger-root"] == ledger["root"]


async def test_the_same_ledger_gives_the_same_bytes(published: Ranking) -> None:
    first = await read(published)
    notes = Notes(published.outside.inbox)
    bundles = Bundles(Ledgers(published.outside.inbox), notes, published.outside.notary)

    again = await bundles.bundle(ACTORS["auditor"], CYCLE)

    assert b"".join([part async for part in again.parts]) == first == await read(published)


async def test_other_programs_read_it(published: Ranking) -> None:
    content = await read(published)

    with zipfile.ZipFile(io.BytesIO(content)) as file:
        members = {each.filename: file.read(each) for each in file.infolist()}
        assert file.testzip() is None

    assert members == unpacked(content)
    assert list(members) == sorted(members, key=_place)


async def test_a_witness_line_goes_along_where_its_key_is_known(published: Ranking) -> None:
    newest = (await published.get(f"{AT}/checkpoints/latest")).content
    path = f"{AT}/checkpoints/27/cosignatures"
    taken = await published.client.post(path, json={"line": WITNESS.line(newest)})
    known = unpacked(await read(published))["checkpoints/27.note"]
    stranger = Bundles(Ledgers(published.outside.inbox), Notes(published.outside.inbox), NOTARY)

    unknown = await stranger.bundle(ACTORS["auditor"], CYCLE)

    parts = b"".join([part async for part in unknown.parts])
    assert taken.status_code == 200
    assert known.count(WITNESS.key.name.encode()) == 1
    assert WITNESS.key.name.encode() not in unpacked(parts)["checkpoints/27.note"]


async def test_who_has_other_witnesses_makes_the_same_bundle_but_for_their_lines_and_keys(
    published: Ranking,
) -> None:
    newest = (await published.get(f"{AT}/checkpoints/latest")).content
    path = f"{AT}/checkpoints/27/cosignatures"
    await published.client.post(path, json={"line": WITNESS.line(newest)})
    ours = unpacked(await read(published))
    elsewhere = Bundles(Ledgers(published.outside.inbox), Notes(published.outside.inbox), NOTARY)

    theirs = await elsewhere.bundle(ACTORS["auditor"], CYCLE)

    made = unpacked(b"".join([part async for part in theirs.parts]))
    differing = [name for name, content in ours.items() if made[name] != content]
    assert ours.keys() == made.keys()
    assert differing == [bundle.MANIFEST, "checkpoints/27.note"]


async def test_it_says_what_is_not_in_it_in_both_languages(published: Ranking) -> None:
    said = " ".join(unpacked(await read(published))[bundle.README].decode().split())

    vietnamese, english = said.split("## English")
    for told, missing in (
        (vietnamese, ("Không nằm trong gói", "khóa của", "tài liệu", "ngoài sổ cái", "thời điểm")),
        (english, ("is not in it", "keys of", "documents of", "beside the ledger", "when each")),
    ):
        assert [each for each in missing if each not in told] == []


async def test_every_revision_has_its_table(published: Ranking, tmp_path: Path) -> None:
    first = unpacked(await read(published))["tables/1.json"]
    await change(published)
    await published.approve()
    assert (await published.publish(2, "Bưu điện đã gửi bổ sung.")).status_code == 200

    content = await read(published)

    members = unpacked(content)
    assert members["tables/1.json"] == first != members["tables/2.json"]
    (tmp_path / "bundle.zip").write_bytes(content)
    report = verify.verify(tmp_path / "bundle.zip", Given(signature.verify))
    assert (report.exit_code, len(report.claims)) == (HOLDS, 4)


async def test_before_anything_is_signed_or_published_there_is_a_bundle_too(
    tmp_path: Path,
) -> None:
    async with ranking() as service:
        await service.hear_without_counting(TOLD[:3])
        content = await read(service)

    (tmp_path / "bundle.zip").write_bytes(content)
    report = verify.verify(tmp_path / "bundle.zip", Given(signature.verify))
    assert (report.exit_code, report.checkpoints) == (UNPUBLISHED, [])


async def test_an_entry_that_is_no_line_stands_in_base64(published: Ranking) -> None:
    odd = b'{"id":"odd/2021@1",\n"type":"x"}'
    await published.tell(odd)

    facts = unpacked(await read(published))[bundle.FACTS]

    assert facts.endswith(to_line(odd) + b"\n")


async def test_what_comes_while_it_is_read_is_not_in_it(published: Ranking) -> None:
    ledgers, notes = Ledgers(published.outside.inbox), Notes(published.outside.inbox)
    begun = await Bundles(ledgers, notes, NOTARY).bundle(ACTORS["auditor"], CYCLE)
    await change(published)

    content = b"".join([part async for part in begun.parts])

    assert len(content) == begun.length
    assert unpacked(content)[bundle.FACTS].count(b"\n") == begun.size == 27


async def test_a_bundle_that_no_zip_file_can_be_is_refused_before_it_begins(
    published: Ranking, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "BYTES_MAX", 1_000)
    bundles = Bundles(Ledgers(published.outside.inbox), Notes(published.outside.inbox), NOTARY)

    with pytest.raises(Refused, match="bundle-too-large"):
        await bundles.bundle(ACTORS["auditor"], CYCLE)


@pytest.mark.parametrize(("who", "status"), [("", 401), ("so-y-te", 403), ("council", 403)])
async def test_who_may_not_read_the_log_gets_no_bundle(
    published: Ranking, who: str, status: int
) -> None:
    assert (await published.get(f"{AT}/bundle", who)).status_code == status


async def test_a_cycle_that_is_not_counted_has_none(published: Ranking) -> None:
    answer = await published.get("/cycles/1999/bundle", "auditor")

    assert (answer.status_code, answer.json()["code"]) == (404, "cycle-not-counted")


def _place(name: str) -> bundle.Place:
    place = bundle.place_of(name)
    assert place is not None
    return place
