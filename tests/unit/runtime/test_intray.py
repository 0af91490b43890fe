"""The in-tray: what waits is bounded for each holder, and goes when it was left too long."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.memory import MemoryFiles, MemoryUploads
from shared.kernel.errors import Missing, Refused, Unavailable
from shared.ports import Wanted, take_any
from shared.runtime import intray
from shared.runtime.intray import LEFT_FOR, WAITING_BYTES_MAX, WAITING_MAX, Intray
from tests.support.evidence import BYTES_MAX, chunks, digest_of

AT = datetime(2021, 12, 1, tzinfo=UTC)
SHEET, OTHER = "submission/2021/so-y-te", "submission/2021/so-noi-vu"


class Tray:
    """An in-tray in memory."""

    def __init__(self) -> None:
        self.uploads, self.files = MemoryUploads(), MemoryFiles()
        self.intray = Intray(self.uploads, self.files)

    async def bring(
        self,
        content: bytes,
        holder: str = SHEET,
        at: datetime = AT,
        filed: tuple[str, ...] = (),
    ) -> None:
        wanted = Wanted(digest_of(content), BYTES_MAX)
        await self.intray.bring(
            holder, chunks(content), wanted=wanted, check=take_any, at=at, filed=filed
        )

    async def has(self, content: bytes, holder: str = SHEET) -> bool:
        return await self.intray.size(holder, digest_of(content)) is not None


async def test_what_was_brought_is_its_holders_alone() -> None:
    tray = Tray()
    await tray.bring(b"minutes")

    assert await tray.has(b"minutes")
    assert not await tray.has(b"minutes", OTHER)
    assert await tray.files.size(digest_of(b"minutes")) is None


async def test_so_many_files_wait_and_no_more() -> None:
    tray = Tray()
    contents = [b"%d" % number for number in range(WAITING_MAX)]
    for content in contents:
        await tray.bring(content)

    with pytest.raises(Refused, match="uploads-too-many") as refusal:
        await tray.bring(b"one more")

    assert refusal.value.details == {"count": str(WAITING_MAX), "until": "07:00 31/12/2021"}
    await tray.bring(contents[0])  # It takes no more space than it did.
    await tray.bring(b"one more", OTHER)
    await tray.bring(b"one more", filed=(digest_of(contents[1]),))


async def test_so_many_bytes_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert WAITING_BYTES_MAX == 1 << 30
    monkeypatch.setattr(intray, "WAITING_BYTES_MAX", 10)
    tray = Tray()
    await tray.bring(b"123456789")
    await tray.bring(b"beyond a little")

    with pytest.raises(Refused, match="uploads-too-many"):
        await tray.bring(b"1")


async def test_what_is_filed_is_kept_for_ever_and_waits_no_more() -> None:
    tray = Tray()
    await tray.bring(b"minutes")

    await tray.intray.file(SHEET, digest_of(b"minutes"), BYTES_MAX)
    await tray.intray.clear(SHEET, digest_of(b"minutes"))

    assert not await tray.has(b"minutes")
    assert await tray.intray.sweep(AT + 2 * LEFT_FOR) == 0
    assert await tray.files.size(digest_of(b"minutes")) == 7


async def test_what_was_not_brought_cannot_be_filed() -> None:
    with pytest.raises(Missing, match="file-unknown"):
        await Tray().intray.file(SHEET, digest_of(b"minutes"), BYTES_MAX)


async def test_what_was_left_is_swept_a_month_after_it_was_last_brought() -> None:
    tray = Tray()
    await tray.bring(b"left")
    await tray.bring(b"again")
    await tray.bring(b"again", at=AT + timedelta(days=1))

    swept = [await tray.intray.sweep(AT + LEFT_FOR + timedelta(seconds=s)) for s in (0, 1, 2)]

    assert timedelta(days=30) == LEFT_FOR
    assert swept == [0, 1, 0]
    assert await tray.has(b"again")


async def test_a_store_that_is_away_when_all_is_done_undoes_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tray = Tray()

    async def away(*_: str) -> None:
        raise Unavailable("files-unavailable")

    monkeypatch.setattr(tray.uploads, "forget", away)

    await tray.intray.clear(SHEET, digest_of(b"minutes"))
