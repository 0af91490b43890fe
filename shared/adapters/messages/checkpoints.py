"""What is said of checkpoints, their keys and their proofs: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- What cannot be given
        "checkpoint-unknown": (
            "Sổ cái của đợt “{cycle}” không có điểm kiểm tra {size} như vậy; hãy xem danh sách.",
            "The ledger of cycle “{cycle}” has no such checkpoint {size}; look at the list.",
        ),
        "sizes-reversed": (
            "Sổ cái dài {first} không thể là phần đầu của sổ cái dài {second}.",
            "A ledger of {first} entries cannot be the beginning of one of {second}.",
        ),
        "bundle-too-large": (
            "Gói sẽ có {bytes} byte, quá {maximum}; hãy tải dữ kiện dạng NDJSON (/facts).",
            "The bundle would have {bytes} bytes, above {maximum}; take the facts (/facts).",
        ),
        # --- Countersigning
        "cosignature-malformed": (
            "Đây không phải là dòng chữ ký theo định dạng C2SP ({reason}).",
            "This is no signature line as C2SP has it ({reason}).",
        ),
        "cosignature-wrong": (
            "Chữ ký của {name} không khớp với điểm kiểm tra {size}.",
            "The signature of {name} does not fit the checkpoint of size {size}.",
        ),
        "witness-unknown": (
            "Hệ thống chưa biết khóa này của {name}; hãy đề nghị đơn vị vận hành thêm vào.",
            "This key of {name} is not known here; ask the operator to add it.",
        ),
        # --- What stops the signing, and is told as an alarm
        "checkpoint-damaged": (
            "Bản lưu {place} không còn đọc được; hãy dừng lại và đối chiếu với bản giữ bên ngoài.",
            "What is kept as {place} cannot be read any more; compare it with copies kept outside.",
        ),
        "checkpoint-lost": (
            "Cơ sở dữ liệu không còn điểm kiểm tra {size} đã ký; hãy tìm nguyên nhân.",
            "The store has lost the checkpoint of size {size} that was signed; find out why.",
        ),
        "checkpoint-of-another-log": (
            "Điểm kiểm tra trước mang tên {origin}; hãy trả CCHC_LOG_ORIGIN về tên cũ.",
            "The checkpoint before is one of {origin}; set CCHC_LOG_ORIGIN as it was.",
        ),
        "checkpoint-unsigned": (
            "Điểm kiểm tra {size} không có chữ ký đúng của sổ cái; hãy tìm nguyên nhân.",
            "The checkpoint of size {size} is not rightly signed by the log; find out why.",
        ),
        "entry-lost": (
            "Dữ kiện số {number} của sổ cái bị mất hoặc hỏng; hãy khôi phục từ bản sao lưu.",
            "Entry {number} of the ledger is lost or damaged; restore it from a copy.",
        ),
        "ledger-cut": (
            "Sổ cái chỉ còn {left} dữ kiện, trong khi đã ký điểm kiểm tra {size}.",
            "The ledger has {left} entries left, and a checkpoint of {size} was signed.",
        ),
        "ledger-rewritten": (
            "{size} dữ kiện đầu của sổ cái không còn như lúc được ký; hãy tìm nguyên nhân.",
            "The first {size} entries of the ledger are not those that were signed; find out why.",
        ),
        # --- Keys in files
        "checkpoint-key-unusable": (
            "Không dùng được khóa trong {file} ({reason}); hãy sửa CCHC_CHECKPOINT_KEY.",
            "The key in {file} cannot be used ({reason}); change CCHC_CHECKPOINT_KEY.",
        ),
        "witnesses-unreadable": (
            "Không đọc được khóa của bên chứng kiến trong {file} ({reason}).",
            "The keys of witnesses in {file} cannot be read ({reason}).",
        ),
    }
)
