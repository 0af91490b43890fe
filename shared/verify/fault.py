"""What the verifier finds wrong: its code, its place, and a sentence in two languages."""

import codecs
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

CR = b"\r"

# A code, and its sentence in Vietnamese and in English; names in braces are details of the fault.
SENTENCES: Mapping[str, tuple[str, str]] = {
    # --- The file
    "line-endings-changed": (
        "Tệp đã bị một trình soạn thảo sửa: {lines} dòng kết thúc bằng CRLF. Hãy xuất lại tệp.",
        "The file was changed by an editor: CRLF line endings, in {lines} lines. Export it again.",
    ),
    "byte-order-mark": (
        "Tệp đã bị một trình soạn thảo sửa: có dấu thứ tự byte (BOM) ở đầu. Hãy xuất lại tệp.",
        "The file was changed by an editor: a byte order mark at its start. Export it again.",
    ),
    # --- The place of a fact
    "entry-unreadable": (
        "Dòng này không phải là một dữ kiện.",
        "This line is no fact.",
    ),
    "fact-unreadable": (
        "Phiên bản này của chương trình không đọc được dữ kiện; nó không được tính.",
        "This version of the program cannot read the fact; it is not counted.",
    ),
    "fact-of-another-cycle": (
        "Dữ kiện thuộc một đợt đánh giá khác; nó không được tính.",
        "The fact belongs to another cycle; it is not counted.",
    ),
    "version-missing": (
        "Thiếu ít nhất một dữ kiện ngay trước dữ kiện này: đã bị xóa hoặc bị đổi chỗ.",
        "At least one fact right before this one is missing: it was removed or moved.",
    ),
    "version-repeated": (
        "Dữ kiện có số này đã đứng ở trên: bị lặp lại hoặc bị đổi chỗ; nó không được tính.",
        "A fact of this number stands further up: it was repeated or moved; it is not counted.",
    ),
    # --- What is claimed of the facts
    "position-impossible": (
        "Không thể nêu {position} mục: các mục đứng trước bị xóa, hoặc con số bị sửa.",
        "It cannot speak of {position} entries: some were removed, or the number changed.",
    ),
    "root-differs": (
        "Trong các mục 1 đến {position} có điều đã bị sửa, xóa hoặc thêm sau khi được thông qua.",
        "Something in entries 1 to {position} was changed, removed or added after it was approved.",
    ),
    "digest-differs": (
        "Bảng tính lại từ các mục 1 đến {position} không phải là bảng đã nêu.",
        "The table counted again from entries 1 to {position} is not the one that is stated.",
    ),
    "revision-out-of-order": (
        "Lần công bố mang số {stated}, lẽ ra phải là {due}.",
        "The publication is numbered {stated}, and {due} was due.",
    ),
    "approval-missing": (
        "Bảng được công bố không phải là bảng được thông qua lần cuối trước đó.",
        "The table that was published is not the one that was approved last before it.",
    ),
    "hindered": (
        "Khi đó chưa được phép công bố: còn vướng mắc “{because}”.",
        "It was not permitted to publish then: “{because}” stood in the way.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at an entry, by its number; `fact` is empty where the entry names none."""

    number: int
    fact: str
    code: str
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def vietnamese(self) -> str:
        return SENTENCES[self.code][0].format_map(self.details)

    @property
    def english(self) -> str:
        return SENTENCES[self.code][1].format_map(self.details)


def edits(entries: Sequence[bytes]) -> Iterator[Fault]:
    """What an editor does to a file unasked; JSON reads over it, and the root does not."""
    if entries[0].startswith(codecs.BOM_UTF8):
        yield Fault(1, "", "byte-order-mark")
    ended = [number for number, entry in enumerate(entries, start=1) if entry.endswith(CR)]
    if ended:
        yield Fault(ended[0], "", "line-endings-changed", {"lines": str(len(ended))})
