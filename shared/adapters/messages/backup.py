"""What is said of backups, and of what was restored from them: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- A backup
        "backup-missing": (
            "Trong {folder} không có bản sao lưu nào của {part}.",
            "There is no backup of {part} in {folder}.",
        ),
        "backup-not-together": (
            "Mọi bản sao lưu của {part} đều xong sau khi {followed} bắt đầu; không bản nào khớp.",
            "Every backup of {part} ended after {followed} had begun, so that none goes with it.",
        ),
        "backups-not-named": (
            "{file} không nêu bản sao lưu nào của {parts}; hãy hỏi lại bằng lệnh backups.",
            "{file} names no backup of {parts}; ask again by the command backups.",
        ),
        "backup-member-missing": (
            "Bản sao lưu {folder} không có {member}; hãy chọn bản khác.",
            "The backup {folder} has no {member}; choose another.",
        ),
        "backup-unreadable": (
            "{file} không phải là bản kê của một bản sao lưu.",
            "{file} is not the list of a backup.",
        ),
        "backup-line-unreadable": (
            "Không đọc được dòng {line} của {file}.",
            "Line {line} of {file} cannot be read.",
        ),
        "backup-exists": (
            "Đã có bản sao lưu {folder}; hãy chạy lại sau một giây.",
            "There is a backup {folder} already; run the command again in a second.",
        ),
        "backup-damaged": (
            "Bản sao lưu đã hỏng, không khôi phục gì: {files}.",
            "The backup is damaged, and nothing was restored: {files}.",
        ),
        "backup-file-gone": (
            "Bản sao lưu thiếu tệp {file}.",
            "The backup lacks the file {file}.",
        ),
        "backup-file-differs": (
            "{file} không còn như lúc sao lưu.",
            "{file} is not as it was saved.",
        ),
        "backup-evidence-spoilt": (
            "Tệp {sha256} trong bản sao lưu bị mất hoặc không còn như lúc sao lưu.",
            "The file {sha256} is missing in the backup, or is not as it was saved.",
        ),
        "backup-recipient-needed": (
            "Cơ sở dữ liệu khảo sát chỉ được sao lưu khi mã hóa; hãy thêm --recipient age1....",
            "The survey's database is saved encrypted or not at all; add --recipient age1....",
        ),
        "backup-identity-needed": (
            "{file} đã mã hóa; hãy thêm --identity với khóa của người nhận.",
            "{file} is encrypted; add --identity with the key of a recipient.",
        ),
        "backup-mode-unknown": (
            "Bản sao lưu thuộc chế độ “{mode}”, không có ở đây.",
            "The backup is of the mode “{mode}”, which there is not.",
        ),
        "age-key-malformed": (
            "Đây không phải là khóa age; khóa có dạng {expected}",
            "This is no key of age; one looks like {expected}",
        ),
        "age-key-another": (
            "Tệp được mã hóa cho khóa khác; hãy dùng đúng khóa của người nhận.",
            "The file is encrypted for another key; use that of a recipient.",
        ),
        "age-file-damaged": (
            "Tệp mã hóa bị hỏng, hoặc không phải tệp age.",
            "The encrypted file is damaged, or is none of age.",
        ),
        # --- Putting it back
        "postgres-program-missing": (
            "Thiếu chương trình {program} của PostgreSQL; hãy cài đặt, hoặc thêm vào PATH.",
            "PostgreSQL's program {program} is missing; install it, or add it to PATH.",
        ),
        "postgres-program-failed": (
            "{program} không thành: {said}",
            "{program} failed: {said}",
        ),
        "restore-place-not-empty": (
            "Cơ sở dữ liệu đã có bảng; chỉ khôi phục vào cơ sở dữ liệu trống.",
            "The database has tables already; restore into an empty one.",
        ),
        "topic-not-empty": (
            "Kênh đã có bản ghi; hãy tạo kênh mới với tên khác (CCHC_KAFKA_TOPIC) rồi ghi lại.",
            "The topic has records; make one of another name (CCHC_KAFKA_TOPIC), and refill that.",
        ),
        "survey-behind-topic": (
            "Bản khôi phục khảo sát cũ hơn kênh ({facts} dữ kiện) mà còn phiếu chờ, có thể đã đếm.",
            "The survey is {facts:fact|facts} behind the topic: what waits may be counted by now.",
        ),
        "recall-fact-differs": (
            "Dữ kiện {fact} trong kho khác với bản trong kênh.",
            "The fact {fact} in the store is not the one that the topic has.",
        ),
        "recall-fact-missing": (
            "Kênh thiếu dữ kiện {fact}, các dữ kiện sau nó không lấy lại được.",
            "The topic lacks the fact {fact}, and those behind it cannot come back.",
        ),
        # --- Comparing
        "drill-note-differs": (
            "{note} trong sổ cái đã khôi phục không có, hoặc khác, trong bản sao lưu.",
            "{note}, beside the restored ledger, is missing in the backup, or is another there.",
        ),
        "drill-nothing-signed": (
            "Sổ cái {cycle} chưa có điểm kiểm tra nào để so.",
            "No checkpoint was signed for the ledger {cycle}: there is nothing to compare it with.",
        ),
        "drill-ledger-unusable": (
            "Không kiểm chứng được sổ cái {cycle}: {because}.",
            "The ledger {cycle} cannot be verified: {because}.",
        ),
        "drill-ledger-differs": (
            "Sổ cái {cycle}, mục {entry}: {because}",
            "The ledger {cycle}, entry {entry}: {because}",
        ),
        "drill-fact-lost": (
            "Sổ cái không có dữ kiện {fact}.",
            "The ledgers do not have the fact {fact}.",
        ),
        "drill-file-missing": (
            "Dữ kiện {fact} nêu tệp {sha256}, không đọc được sau khi khôi phục.",
            "The fact {fact} names the file {sha256}, which cannot be read after the restore.",
        ),
    }
)
