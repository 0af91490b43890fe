"""The words of the page: (tiếng Việt, English) by what they name."""

from collections.abc import Mapping
from types import MappingProxyType

from shared.adapters.messages import Language

WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- What it is
        "cycle": ("Đợt", "Cycle"),
        "trial": ("CHẠY THỬ: không phải kết quả chính thức", "TRIAL: not an official result"),
        "sample": (
            "BỘ TIÊU CHÍ MẪU: không phải bộ tiêu chí chính thức",
            "SAMPLE SCHEME: not an official one",
        ),
        "provisional": ("TẠM TÍNH", "PROVISIONAL"),
        "published": ("ĐÃ CÔNG BỐ, {decision}", "PUBLISHED, {decision}"),
        "corrected": (
            "ĐÃ CÔNG BỐ, đính chính (lần {revision}), {decision}",
            "PUBLISHED, corrected (revision {revision}), {decision}",
        ),
        "same": ("SỐ LIỆU NHƯ {stated} ({counted})", "THE SAME NUMBERS AS {stated} ({counted})"),
        "counted": ("tính đến dữ kiện số {number}", "counted up to fact {number}"),
        "incomplete": ("Sổ cái còn thiếu: {streams}", "The ledger lacks: {streams}"),
        # --- The numbers of the row
        "index": ("Chỉ số", "Index"),
        "points": ("Điểm", "Points"),
        "maximum": ("Điểm tối đa", "Maximum"),
        "rank": ("Hạng", "Rank"),
        "grade": ("Xếp loại", "Grade"),
        "claimed": ("Tự chấm", "Claimed"),
        "appraised": ("Thẩm định", "Appraised"),
        "sipas": ("SIPAS", "SIPAS"),
        "officials": ("Khảo sát công chức", "Officials"),
        "bonus": ("Điểm thưởng", "Bonus"),
        "penalty": ("Điểm phạt", "Penalty"),
        "from": ("từ {at_least}", "from {at_least}"),
        "none": ("không có", "none"),
        "of": ("{value} trong {count}", "{value} of {count}"),
        "extras": ("Điểm thưởng, điểm phạt", "Bonus and penalty"),
        # --- What became of an item
        "undeclared": ("chưa khai", "not declared"),
        "pending": ("chờ thẩm định", "to be decided"),
        "recognised": ("công nhận", "recognised"),
        "rejected": ("không công nhận", "rejected"),
        "surveyed": ("khảo sát", "by the survey"),
        "unanswered": ("chưa có trả lời", "no answers"),
        "imported": ("nhập từ bảng", "from a table"),
        "not-applicable": ("không áp dụng", "does not apply"),
        # --- What was said of it
        "rule": ("Quy tắc", "Rule"),
        "declared": ("Khai", "Declared"),
        "evidence": ("Tài liệu", "Evidence"),
        "decision": ("Quyết định", "Decision"),
        "round": ("vòng {round}", "round {round}"),
        "fallen": ("không còn hiệu lực", "in force no more"),
        "condemned": (
            "CẢNH BÁO: máy quét phát hiện mã độc trong tệp này, không ai mở được nữa",
            "WARNING: a scanner found malware in this file, and nobody is given it any more",
        ),
        "rests-on-condemned": (
            "CẢNH BÁO: dựa trên tệp có mã độc mà vẫn chưa được rút",
            "WARNING: it rests on a file with malware, which is attached still",
        ),
        "legal-basis": ("Căn cứ", "Legal basis"),
        "sealed": ("Lý do được niêm phong; đọc ở", "The reason is sealed; read it at"),
        "table": ("Bảng", "Table"),
        "group": ("Nhóm", "Group"),
        "weight": ("trọng số {weight}", "weight {weight}"),
        "asked": ("Hỏi", "Asked"),
        "no-opinion": ("không tính", "not counted"),
        "mean": ("Trung bình", "Mean"),
        "fact": ("số {number}", "fact {number}"),
        "facts": ("dữ kiện {numbers}", "facts {numbers}"),
        "spoken": ("dữ kiện trong {stream}: {count}", "facts in {stream}: {count}"),
        # --- The ledger
        "ledger": ("Dữ kiện", "Facts"),
        "leaf": ("lá", "leaf"),
        "nobody": ("ẩn danh", "nobody named"),
        "proved": (
            (
                "{good} trong {count} dữ kiện có bằng chứng khớp với gốc {root} của sổ cái {size} "
                "dữ kiện (kiểm tại đây)."
            ),
            (
                "{good} of {count} facts are proved to stand under the root {root} of the ledger "
                "of {size} (checked here)."
            ),
        ),
        "signed": (
            "Điểm kiểm tra {size} ({origin}) bao trùm tất cả; hãy so với bản giữ bên ngoài.",
            "The checkpoint {size} ({origin}) covers them all; compare it with one kept outside.",
        ),
        "signed-in-part": (
            "Điểm kiểm tra mới nhất, {size} ({origin}), chỉ bao trùm đến số {size}.",
            "The newest checkpoint, {size} ({origin}), covers no more than the first {size}.",
        ),
        "unsigned": ("Chưa có điểm kiểm tra nào được ký.", "No checkpoint has been signed yet."),
        "unlinked": (
            "CẢNH BÁO: sổ cái này không khớp với điểm kiểm tra {size}.",
            "WARNING: this ledger does not fit the checkpoint {size}.",
        ),
        "rounded": (
            "≈ là số đã rút gọn để đọc; số chính xác và mã băm đầy đủ: --json.",
            "≈ marks numbers cut for reading; exact ones and whole hashes: --json.",
        ),
        "more": ("… và {count} nữa, xem --json", "… and {count} more, see --json"),
    }
)


def word(name: str, language: Language, **details: object) -> str:
    """A word or a sentence of the page."""
    vietnamese, english = WORDS[name]
    return (english if language == "en" else vietnamese).format(**details)
