"""What the verifier finds wrong: its code, its class, its place, and what that means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

HOLDS, UNUSABLE, UNPUBLISHED = 0, 2, 3

EDITED = frozenset({"byte-order-mark", "line-endings-changed"})
"""What an editor does to a file unasked; JSON reads over it, and the root does not."""

BESIDE = frozenset({"file-wrong", "file-foreign"})
"""What is said of files beside a bundle, which the format of bundles knows nothing of."""

EXITS: Mapping[str, int] = MappingProxyType(
    {"file": 10, "facts": 11, "signature": 12, "history": 13, "result": 14, "copy": 15}
)
"""The exit code of each class of faults; of several, that of the first."""

_FILE = {
    "member-missing": ("Thiếu tệp {member} trong gói.", "The member {member} is missing."),
    "member-foreign": (
        "Gói không thể có tệp {member}.",
        "A bundle has no member {member}, or this one should have none.",
    ),
    "member-repeated": (
        "Tệp {member} có nhiều lần; các lần sau không được đọc.",
        "The member {member} is there more than once; the later ones are not read.",
    ),
    "member-compressed": (
        "Tệp {member} bị nén; gói không bao giờ nén, nên tệp không được đọc.",
        "The member {member} is compressed; a bundle never is, so that it is not read.",
    ),
    "member-oversize": (
        "Tệp {member} quá lớn; không được đọc.",
        "The member {member} is too large; it is not read.",
    ),
    "member-altered": (
        "Nội dung của {member} không khớp với mã kiểm của tệp ZIP.",
        "The content of {member} does not fit the checksum of the ZIP file.",
    ),
    "zip-altered": (
        "Phần xung quanh nội dung các tệp trong ZIP không đúng như gói được ghi.",
        "The ZIP file is not written as bundles are, around the contents of its members.",
    ),
    "bundle-malformed": (
        "bundle.json không đúng định dạng; không dùng được.",
        "bundle.json is not what the format asks for; nothing that it says is used.",
    ),
}
_FACTS = {
    "line-endings-changed": (
        "Tệp đã bị một trình soạn thảo sửa: {lines} dòng kết thúc bằng CRLF. Hãy xuất lại tệp.",
        "The file was changed by an editor: CRLF line endings, in {lines} lines. Export it again.",
    ),
    "byte-order-mark": (
        "Tệp đã bị một trình soạn thảo sửa: có dấu thứ tự byte (BOM) ở đầu. Hãy xuất lại tệp.",
        "The file was changed by an editor: a byte order mark at its start. Export it again.",
    ),
    "line-malformed": (
        "Dòng này không được viết như một dòng của sổ cái (base64 hoặc UTF-8 không chuẩn).",
        "The line is not written as a line of a ledger is (base64 or UTF-8 of another form).",
    ),
    "line-unended": (
        "Dòng cuối không có ký tự kết thúc dòng: tệp có thể bị cắt.",
        "The last line has no end: the file may have been cut.",
    ),
    "line-too-long": (
        "Dòng này quá dài; từ đây trở đi không được đọc.",
        "The line is too long; neither it nor anything behind it is read.",
    ),
    "entry-unreadable": ("Dòng này không phải là một dữ kiện.", "This line is no fact."),
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
    "batch-before-opening": (
        "{responses} phiếu được tính khi cuộc khảo sát chưa mở: chưa ai có thể trả lời.",
        "{responses} responses, before their survey was opened: nobody can have answered yet.",
    ),
    "batch-unbalanced": (
        "{responses} phiếu, {receipts} biên nhận ({new} mới), {hasty} phiếu quá nhanh: vô lý.",
        "{responses} responses, {receipts} receipts ({new} new), {hasty} hasty: they do not fit.",
    ),
    "answers-uninvited": (
        "Có {answers} phiếu theo thư mời về {agency}, trong khi chỉ phát {most} thư mời.",
        "{answers} answers by invitation about {agency}, to which {most} people were invited.",
    ),
    "answers-beyond-links": (
        "Có {answers} phiếu qua liên kết mở về {agency}; các liên kết chỉ cho phép {most} phiếu.",
        "{answers} answers by open links about {agency}, which could take {most}.",
    ),
    "answers-beyond-paper": (
        "Có {answers} phiếu giấy về {agency}, trong khi chỉ nhập {most} phiếu giấy.",
        "{answers} answers on paper about {agency}, of which {most} forms were entered.",
    ),
    "answers-beyond-rest": (
        "Có {answers} phiếu gộp về {agency}; thư mời, liên kết và phiếu giấy chỉ còn {most}.",
        "{answers} mixed answers about {agency}; invitations, links and paper leave {most}.",
    ),
}
_SIGNATURE = {
    "key-malformed": (
        "Khóa “{key}” trong bundle.json không đúng định dạng hoặc không phải của sổ cái này.",
        "The key “{key}” in bundle.json is malformed, or none of this ledger.",
    ),
    "checkpoint-malformed": (
        "{member} không phải là điểm kiểm tra theo định dạng C2SP.",
        "{member} is no checkpoint as C2SP has it.",
    ),
    "signature-wrong": (
        "Chữ ký của {name} dưới {member} không đúng: nội dung hoặc chữ ký đã bị sửa.",
        "The signature of {name} under {member} is wrong: the text or the signature was changed.",
    ),
    "signature-unknown": (
        "Dưới {member} có chữ ký của một khóa không ai biết ({name}).",
        "Under {member} stands a signature by a key that nobody knows ({name}).",
    ),
    "signature-missing": (
        "Dưới {member} không có chữ ký đúng nào bằng khóa của sổ cái.",
        "Under {member} there is no right signature by a key of the log.",
    ),
}
_HISTORY = {
    "size-differs": (
        "bundle.json nêu {stated} mục, nhưng có {found}: có mục bị xóa hoặc thêm.",
        "bundle.json speaks of {stated} entries, and there are {found}: some were cut or added.",
    ),
    "bundle-root-differs": (
        "Gốc Merkle của các mục không phải là gốc ghi trong bundle.json.",
        "The root over the entries is not that of bundle.json.",
    ),
    "checkpoint-misnamed": (
        "{member} là điểm kiểm tra của {size} mục: bị đặt vào chỗ của điểm khác.",
        "{member} is the checkpoint of {size} entries, put into the place of another.",
    ),
    "checkpoint-of-another-log": (
        "{member} thuộc sổ cái khác ({origin}).",
        "{member} belongs to another log ({origin}).",
    ),
    "checkpoint-ahead": (
        "{member} nêu {size} mục, ở đây chỉ có {found}: phần cuối bị cắt, hoặc gói cũ hơn.",
        "{member} speaks of {size} entries, and there are {found}: cut, or an older bundle.",
    ),
    "checkpoint-root-differs": (
        "Các mục 1 đến {size} không phải là các mục mà {member} đã ký: lịch sử đã bị viết lại.",
        "Entries 1 to {size} are not those of {member}: history was written anew.",
    ),
}
_RESULT = {
    "claim-misplaced": (
        "Kết quả chỉ được nêu trong luồng result/… của đợt; ở đây nó không có giá trị gì.",
        "Results are told in the stream result/... of the cycle; here it claims nothing.",
    ),
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
    "table-differs": (
        "{member} không phải là bảng tính lại từ dữ kiện.",
        "{member} is not the table that is counted from the facts.",
    ),
}
_COPY = {
    "scheme-differs": (
        "{member} không phải là bộ tiêu chí trong dữ kiện.",
        "{member} is not the scheme that stands in the fact.",
    ),
    "evidence-differs": (
        "evidence.ndjson khác với các dữ kiện, từ dòng này.",
        "evidence.ndjson is not what the facts say, from this line on.",
    ),
    "file-wrong": (
        "{member} không phải là tệp mà tên của nó nêu: nội dung hoặc kích thước khác.",
        "{member} is not the file that its name says: its bytes are others, or more or fewer.",
    ),
    "file-foreign": (
        "{member}: không dữ kiện nào nêu một tệp tên như vậy.",
        "{member}: no fact names a file that is called so.",
    ),
}
_BY_CLASS = {
    "file": _FILE,
    "facts": _FACTS,
    "signature": _SIGNATURE,
    "history": _HISTORY,
    "result": _RESULT,
    "copy": _COPY,
}
assert _BY_CLASS.keys() == EXITS.keys(), "every class has an exit code"

SENTENCES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {code: said for codes in _BY_CLASS.values() for code, said in codes.items()}
)
"""A code, and its sentence in Vietnamese and in English; names in braces are details."""

CLASSES: Mapping[str, str] = MappingProxyType(
    {code: name for name, codes in _BY_CLASS.items() for code in codes}
)


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault at an entry, by its number, or in a member; `fact` is empty where none is named."""

    code: str
    number: int = 0
    fact: str = ""
    member: str = ""
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """Its class."""
        return CLASSES[self.code]

    @property
    def vietnamese(self) -> str:
        """What it means."""
        return SENTENCES[self.code][0].format_map({"member": self.member, **self.details})

    @property
    def english(self) -> str:
        """What it means."""
        return SENTENCES[self.code][1].format_map({"member": self.member, **self.details})


class Unusable(Exception):
    """A file, or what was given beside it, that nothing can be said of; told by its code.

    `faults` may explain why.
    """

    def __init__(self, code: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(code)
        self.code = code
        self.faults = faults
