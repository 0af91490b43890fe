"""Files that are brought to do harm: none gets in, by whatever name, type or structure."""

from collections.abc import AsyncIterator

import pytest

from services.submission.domain.submission import FILE_BYTES_MAX
from shared.adapters.content import office
from shared.kernel.errors import Refused
from shared.ports import Wanted
from tests.support import hostile_office, tally
from tests.support.hostile_files import Attack, attacks
from tests.support.sample_files import SOUND
from tests.support.small_submission import AGENCY, SCORING
from tests.support.submission_desk import ITEMS, SHEET, Desk, open_desk, sha256_of
from tests.support.tally import Record

ATTACKS = [*attacks(), *hostile_office.attacks()]
PDF = SOUND["pdf"][1]


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves."""
    async with open_desk() as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def test_none_of_these_files_gets_in(desk: Desk, record_property: Record) -> None:
    counts: dict[str, dict[str, int]] = {}
    refused: dict[str, str] = {}

    for attack in ATTACKS:
        refused[attack.name] = await _refusal(desk, attack)
        inside = await desk.inside(sha256_of(attack.content))
        row = counts.setdefault(attack.kind, {"tried": 0, "refused": 0, "inside": 0})
        row["tried"] += 1
        row["refused"] += refused[attack.name] == attack.code
        row["inside"] += inside

    tally.count(record_property, "files brought to do harm", counts)
    assert refused == {attack.name: attack.code for attack in ATTACKS}
    assert sum(row["inside"] for row in counts.values()) == 0
    assert await desk.version() == 0


async def _refusal(desk: Desk, attack: Attack) -> str:
    answer = await desk.store(attack.content, media_type=attack.declared)
    problem = answer.json()
    assert answer.status_code == 409, (attack.name, problem)
    assert "{" not in problem["detail"], "a sentence is told with all of its details"
    return str(problem["code"])


async def test_files_that_departments_send_get_in(desk: Desk) -> None:
    for media_type, content in (*SOUND.values(), *hostile_office.sound().values()):
        stored = await desk.store(content, media_type=media_type)
        attached = await desk.attach("1.1", "ke-hoach", content, media_type)
        read = await desk.get(f"{SHEET}/files/{sha256_of(content)}")

        assert (stored.status_code, attached.status_code) == (201, 200), stored.text + attached.text
        assert (read.content, read.headers["Content-Type"]) == (content, media_type)


async def test_what_an_earlier_version_stored_is_looked_into_before_it_is_attached(
    desk: Desk,
) -> None:
    for attack in ATTACKS:

        async def chunks(content: bytes = attack.content) -> AsyncIterator[bytes]:
            yield content

        wanted = Wanted(sha256_of(attack.content), FILE_BYTES_MAX)
        await desk.outside.uploads.put(desk.holder, chunks(), wanted=wanted, at=desk.clock.now())

    answers = [
        await desk.attach("1.1", "ke-hoach", attack.content, attack.declared) for attack in ATTACKS
    ]

    assert [answer.json().get("code") for answer in answers] == [each.code for each in ATTACKS]
    assert await desk.version() == 0


async def test_an_upload_that_is_cut_off_or_forged_or_endless_leaves_nothing(
    desk: Desk, record_property: Record
) -> None:
    sha256 = sha256_of(PDF)
    large = PDF + bytes(FILE_BYTES_MAX)

    cut_off = await desk.store(PDF[:-9], name=sha256)
    forged = await desk.store(PDF + b"\n", name=sha256)
    endless = await desk.store(large)

    codes = [answer.json()["code"] for answer in (cut_off, forged, endless)]
    assert codes == ["file-hash-differs", "file-hash-differs", "file-too-large"]
    inside = await desk.outside.uploads.held(desk.holder)
    assert inside == {}
    row = {"tried": 3, "refused": len(codes), "inside": len(inside)}
    tally.count(record_property, "files brought to do harm", {"wrong hash, too large": row})


async def test_a_file_has_no_name_but_its_hash(desk: Desk) -> None:
    headers = {"Authorization": f"Bearer agency@{AGENCY}"}
    zeros = "0" * 64
    for name in (
        *("..%2f..%2ffacts.db", f"{zeros[1:]}%00", "0" * 5_000, "A" * 64),
        *(f"{zeros}%e2%80%ae", f"{zeros}.pdf", ""),
    ):
        answer = await desk.client.put(f"{SHEET}/files/{name}", content=PDF, headers=headers)

        assert answer.status_code in {404, 422}, name
    assert not await desk.inside(sha256_of(PDF))


async def test_a_download_is_named_by_its_document_and_does_nothing(desk: Desk) -> None:
    await desk.store(PDF)
    document = {"number": "../15/KH\u202eSYT", "on": "2021-01-20", "issuer": "Sở", "section": "1"}
    file = {"sha256": sha256_of(PDF), "media_type": "application/pdf"}
    await desk.put(f"{ITEMS}/1.1/evidence/ke-hoach", {"document": document, "file": file})

    headers = (await desk.get(f"{SHEET}/files/{sha256_of(PDF)}")).headers

    assert headers["Content-Disposition"] == (
        "attachment; filename=\"_15_KHSYT.pdf\"; filename*=UTF-8''_15_KHSYT.pdf"
    )
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_file_has_only_so_many_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    content = hostile_office.many_elements(30)
    assert office.media_type_of(content)

    monkeypatch.setattr(office, "ELEMENTS_MAX", 25)
    with pytest.raises(Refused, match="file-beyond-elements"):
        office.media_type_of(content)
