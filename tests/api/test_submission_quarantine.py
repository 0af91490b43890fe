"""Evidence in quarantine over HTTP: nobody reads it before a scanner has cleared it."""

from collections.abc import AsyncIterator

import pytest

from demo.papers import paper
from shared.adapters.memory import MemoryScanner
from shared.adapters.memory.scanner import FINDING
from shared.events import submission as events
from shared.kernel.errors import Refused, Unavailable
from shared.ports import Content, Scan, Scanner
from shared.runtime.scan import ROUND_EVERY
from tests.support import tally
from tests.support.sample_files import infected_paper
from tests.support.small_submission import AGENCY, SCORING
from tests.support.submission_desk import ITEMS, SHEET, Desk, open_desk, sha256_of
from tests.support.tally import Record

CONTENT = paper("ke hoach")
INFECTED = infected_paper()
STREAM = f"submission/2021/{AGENCY}"


class Moody:
    """A scanner that is away, or says nothing of a file, as it is told; else as the memory one."""

    def __init__(self) -> None:
        self.away = False
        self.puzzled_by = b""
        self.learned: dict[bytes, str] = {}

    async def scan(self, content: Content) -> Scan:
        if self.away:
            raise Unavailable("scanner-unavailable")
        whole = b"".join([chunk async for chunk in content])
        if whole == self.puzzled_by:
            raise Refused("scanner-refused", reason="?")
        if whole in self.learned:
            return Scan("later", self.learned[whole])
        return await MemoryScanner().scan(_chunks(whole))


async def _chunks(content: bytes) -> Content:
    yield content


@pytest.fixture
def scanner() -> Moody:
    return Moody()


@pytest.fixture
async def desk(scanner: Scanner) -> AsyncIterator[Desk]:
    """The small cycle, open, while agencies score themselves, and with a scanner."""
    async with open_desk(scanner=scanner) as desk:
        await desk.open_cycle()
        desk.clock.set(SCORING)
        yield desk


async def bring(desk: Desk, content: bytes, item: str = "1.1", name: str = "ke-hoach") -> None:
    assert (await desk.store(content)).status_code == 201
    assert (await desk.attach(item, name, content)).status_code == 200


async def read(desk: Desk, content: bytes, who: str = f"agency@{AGENCY}") -> object:
    answer = await desk.as_(who).get(f"{SHEET}/files/{sha256_of(content)}")
    return answer.status_code if answer.status_code == 200 else answer.json()["code"]


async def kinds(desk: Desk) -> list[str]:
    return [type(fact).__name__ for fact in await desk.facts(STREAM)]


async def test_nobody_reads_a_file_before_it_is_cleared(desk: Desk) -> None:
    await bring(desk, CONTENT)
    everybody = (f"agency@{AGENCY}", "council@so-noi-vu", "administrator", "auditor")

    waiting = {await read(desk, CONTENT, who) for who in everybody}
    turns = [await desk.step("scan"), await desk.step("scan")]
    for who in everybody[1:]:
        await desk.as_(who).justify(key=who)

    assert waiting == {"file-quarantined"}
    assert turns == [1, 0]
    assert {await read(desk, CONTENT, who) for who in everybody} == {200}
    assert await kinds(desk) == ["EvidenceQuarantined", "EvidenceAttached", "EvidenceCleared"]


async def test_what_is_found_is_out_for_good_and_withdrawn(
    desk: Desk, record_property: Record
) -> None:
    await bring(desk, INFECTED)
    await bring(desk, CONTENT, "1.2")
    await desk.step("scan")

    again = await desk.attach("1.2", "lai", INFECTED)
    sheet = (await desk.get(SHEET)).json()
    history = (await desk.get(f"{SHEET}/history")).json()["items"]

    everybody = (f"agency@{AGENCY}", "council@so-noi-vu", "administrator", "auditor")
    codes = {await read(desk, INFECTED, who) for who in everybody}
    assert codes <= {"file-condemned", "file-unknown"}
    assert (again.status_code, again.json()["code"]) == (409, "file-condemned")
    assert [item["evidence"] for item in sheet["items"][:1]] == [[]]
    assert [e["file"]["standing"] for e in sheet["items"][1]["evidence"]] == ["cleared"]
    [told] = [entry for entry in history if entry["what"] == "EvidenceCondemned"]
    assert (told["finding"], told["by"]) == (FINDING, "system:system")
    row = {"tried": 1, "refused": again.status_code == 409, "inside": sum(c == 200 for c in codes)}
    tally.count(record_property, "files brought to do harm", {"EICAR in a PDF, scanned": row})


async def test_while_the_scanner_is_away_files_are_taken_and_wait(
    desk: Desk, scanner: Moody
) -> None:
    scanner.away = True
    await bring(desk, CONTENT)

    with pytest.raises(Unavailable, match="scanner-unavailable"):
        await desk.step("scan")
    scanner.away = False

    assert await desk.step("scan") == 1
    assert await read(desk, CONTENT) == 200


async def test_a_file_of_which_nothing_is_said_waits_on_and_holds_up_no_other(
    desk: Desk, scanner: Moody
) -> None:
    await bring(desk, CONTENT)
    await bring(desk, INFECTED, "1.2")
    scanner.puzzled_by = CONTENT

    turns = [await desk.step("scan"), await desk.step("scan")]

    assert turns == [1, 0]
    assert await read(desk, CONTENT) == "file-quarantined"


async def test_withdrawing_what_waits_is_possible_and_it_is_scanned_all_the_same(
    desk: Desk,
) -> None:
    await bring(desk, CONTENT)
    await desk.delete(f"{ITEMS}/1.1/evidence/ke-hoach", If_Match='"2"')

    assert await desk.step("scan") == 1
    await desk.as_("auditor").justify()
    assert await read(desk, CONTENT, "auditor") == 200


async def test_what_the_scanner_finds_when_it_has_learned_more_is_withdrawn_and_told(
    desk: Desk, scanner: Moody
) -> None:
    await bring(desk, CONTENT)
    await desk.step("scan")
    quiet = [await desk.step("rescan"), await desk.step("rescan")]
    scanner.learned[CONTENT] = "Worm"
    desk.clock.advance(ROUND_EVERY)

    await desk.step("rescan")

    assert quiet == [1, 0]
    assert await read(desk, CONTENT, "auditor") in {"file-condemned", "file-unknown"}
    *_, cleared, condemned, withdrawn = await desk.facts(STREAM)
    assert isinstance(cleared, events.EvidenceCleared)
    assert isinstance(withdrawn, events.EvidenceWithdrawn)
    assert isinstance(condemned, events.EvidenceCondemned)
    assert (condemned.scanner, condemned.finding) == ("later", "Worm")
