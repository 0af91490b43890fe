"""What is said of checkpoints, their keys and their proofs: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- What cannot be given
        "checkpoint-unknown": (
            (
                "Sổ cái của đợt “{cycle}” không có điểm kiểm tra như vậy, hoặc chưa ký điểm nào; "
                "hãy xem danh sách."
            ),
            (
                "The ledger of cycle “{cycle}” has no such checkpoint, or none was signed yet; "
                "look at the list."
            ),
        ),
        "sizes-reversed": (
            "Sổ cái dài {first} không thể là phần đầu của sổ cái dài {second}.",
            "A ledger of {first} entries cannot be the beginning of one of {second}.",
        ),
        "bundle-too-large": (
            "Gói sẽ có {bytes} byte, quá {maximum}; hãy tải dữ kiện dạng NDJSON (/facts).",
            "The bundle would have {bytes} bytes, above {maximum}; take the facts (/facts).",
        ),
        # --- A witness
        "witness-address-missing": (
            "Chưa biết hệ thống ở đâu; hãy nêu --url hoặc đặt CCHC_URL.",
            "Nobody said where the system is; give --url, or set CCHC_URL.",
        ),
        "witness-answer-malformed": (
            "Câu trả lời của hệ thống không phải là điểm kiểm tra hay bằng chứng ({reason}).",
            "What the system answered is no checkpoint, and no proof ({reason}).",
        ),
        "witness-file-damaged": (
            "Không đọc được tệp {file} ({reason}); hãy khôi phục từ bản sao, đừng xóa.",
            "The file {file} cannot be read ({reason}); restore it from a copy, do not delete it.",
        ),
        "witness-checkpoint-older": (
            (
                "Hệ thống đưa ra điểm kiểm tra {shown}, cũ hơn điểm {held} đã ký xác nhận. "
                "Không ký. Đã giữ lại trong {file}; hãy hỏi đơn vị vận hành."
            ),
            (
                "The system shows a checkpoint of {shown}, older than the one of {held} that was "
                "countersigned; nothing is signed. It is kept in {file}; ask the operator."
            ),
        ),
        "witness-history-forked": (
            (
                "Sổ cái {cycle} có hai gốc khác nhau cho cùng {shown} dữ kiện: lịch sử đã bị viết "
                "lại. Không ký. Bằng chứng: {file} và điểm đang giữ; hãy giữ cả hai tệp."
            ),
            (
                "The ledger {cycle} has two roots for the same {shown} facts: history was "
                "rewritten. Nothing is signed. The proof: {file} and the one held; keep both files."
            ),
        ),
        "witness-history-unproved": (
            (
                "Hệ thống không chứng minh được sổ cái {cycle} dài {shown} tiếp nối sổ cái dài "
                "{held} đã ký xác nhận. Không ký. Đã giữ lại trong {file}; hãy hỏi đơn vị vận hành."
            ),
            (
                "The system did not prove that the ledger {cycle} of {shown} facts goes on from "
                "the one of {held} that was countersigned. Nothing is signed. It is kept in "
                "{file}; ask the operator."
            ),
        ),
        "witness-log-of-another-cycle": (
            "Khóa {name} không phải là khóa của đợt {cycle}.",
            "The key {name} is not that of cycle {cycle}.",
        ),
        "witness-log-unsigned": (
            (
                "Điểm kiểm tra không có chữ ký đúng của {name}. Nếu đơn vị vận hành đã công bố việc"
                " đổi khóa, hãy thay tệp .log-key; nếu không, đừng ký."
            ),
            (
                "The checkpoint has no right signature of {name}. If the operator has announced "
                "another key, replace the file .log-key; else sign nothing."
            ),
        ),
        "witness-name-differs": (
            "Thư mục {folder} thuộc về {known}, không phải {name}; hãy kiểm tra tên và --folder.",
            "The folder {folder} is that of {known}, not of {name}; check the name and --folder.",
        ),
        "witness-unfounded": (
            (
                "Thư mục {folder} chưa có khóa; hãy kiểm tra --folder, hoặc tạo khóa trước: "
                "python -m services witness {name} --folder {folder}"
            ),
            (
                "The folder {folder} holds no key; check --folder, or make one first: "
                "python -m services witness {name} --folder {folder}"
            ),
        ),
        "witness-name-malformed": (
            "“{name}” không làm tên được: đừng dùng dấu cách và dấu cộng, ví dụ hdnd.example.vn.",
            "“{name}” cannot be a name: no spaces and no plus signs, such as hdnd.example.vn.",
        ),
        # --- Countersigning
        "cosignature-malformed": (
            "Đây không phải là dòng chữ ký C2SP: gạch dài, tên, mã khóa và chữ ký (Base64).",
            "This is no signature line of C2SP: a dash, a name, key id and signature (Base64).",
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
            "The ledger has {left:entry|entries} left, and a checkpoint of {size} was signed.",
        ),
        "ledger-rewritten": (
            "{size} dữ kiện đầu của sổ cái không còn như lúc được ký; hãy tìm nguyên nhân.",
            "The first {size} entries of the ledger are not those that were signed; find out why.",
        ),
        # --- Acknowledging an alarm
        "alarm-not-acknowledgeable": (
            "Không thể chấp nhận cảnh báo {alarm}; hãy khôi phục dữ liệu từ bản sao.",
            "The alarm {alarm} cannot be acknowledged; restore what was lost from a copy.",
        ),
        "alarm-over": (
            "Cảnh báo số {number} của đợt “{cycle}” không còn là cảnh báo hiện tại; hãy xem lại.",
            "The alarm {number} of cycle “{cycle}” is not the one that stands; look again.",
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
