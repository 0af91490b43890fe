"""What submission says when it says no: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Opening a cycle
        "cycle-exists": (
            "Đợt đánh giá {cycle} đã mở với nội dung khác; hãy dùng mã khác hoặc sửa đổi nó.",
            "The cycle {cycle} was opened with other content; use another name, or amend it.",
        ),
        "cycle-invalid": (
            "Chưa mở được đợt đánh giá {cycle}: hãy sửa từng chỗ sai nêu trong errors.",
            "The cycle {cycle} cannot be opened: correct each flaw listed in errors.",
        ),
        "agencies-miscounted": (
            "Một đợt đánh giá cần từ 1 đến {maximum} cơ quan.",
            "A cycle takes 1 to {maximum} agencies.",
        ),
        "agency-repeated": (
            "Mã cơ quan {agency} xuất hiện hai lần; hãy giữ lại một.",
            "The agency code {agency} is there twice; keep one of them.",
        ),
        "agency-exists": (
            "Đợt đánh giá {cycle} đã có cơ quan {agency} với nội dung khác; hãy dùng mã khác.",
            "The cycle {cycle} has another agency {agency} already; use another code.",
        ),
        "agency-invalid": (
            "Chưa thêm được cơ quan {agency}: hãy sửa từng chỗ sai nêu trong errors.",
            "The agency {agency} cannot join: correct each flaw listed in errors.",
        ),
        "agency-not-valid": (
            "Cơ quan {agency} không tồn tại trong năm {year}; hãy xem lại valid_from, valid_to.",
            "The agency {agency} does not exist in {year}; check valid_from and valid_to.",
        ),
        "validity-reversed": (
            "Cơ quan {agency}: valid_to phải sau valid_from.",
            "The agency {agency} ends before it begins; correct valid_from or valid_to.",
        ),
        "tier-without-scheme": (
            "Chưa có bộ tiêu chí cho cấp {tier}; hãy thêm vào schemes.",
            "The tier {tier} has no scheme; add it to schemes.",
        ),
        "scheme-of-another-tier": (
            "Bộ tiêu chí này không phải của cấp {tier}; hãy sửa tier trong bộ tiêu chí.",
            "This scheme is not for the tier {tier}; correct its tier.",
        ),
        "schemes-miscounted": (
            "Một đợt đánh giá cần từ 1 đến {maximum} bộ tiêu chí, mỗi cấp một bộ.",
            "A cycle takes 1 to {maximum} schemes, one for each tier.",
        ),
        "phase-missing": (
            "Lịch thiếu giai đoạn {phase}; hãy bổ sung.",
            "The calendar lacks the phase {phase}; add it.",
        ),
        "phase-repeated": (
            "Mỗi giai đoạn chỉ có một lần trong lịch; hãy bỏ giai đoạn lặp lại.",
            "Each phase stands once in the calendar; remove the repeated one.",
        ),
        "phase-reversed": (
            "Giai đoạn {phase} phải mở trước khi đóng.",
            "The phase {phase} has to open before it closes.",
        ),
        "phases-out-of-order": (
            "Giai đoạn {before} phải kết thúc trước khi {after} bắt đầu.",
            "The phase {before} has to be over before {after} begins.",
        ),
        # --- Changing a cycle
        "deadline-not-later": (
            "Giai đoạn {phase} hiện đóng lúc {closes}; chỉ gia hạn đến thời điểm muộn hơn.",
            "The phase {phase} closes at {closes} now; it can only be moved to a later time.",
        ),
        "extension-without-effect": (
            "Giai đoạn {phase} kết thúc cùng lúc cho mọi cơ quan; hãy bỏ agency.",
            "The phase {phase} ends for all agencies at once; leave out the agency.",
        ),
        "deadline-in-the-past": (
            "Thời hạn mới {until} đã qua; hãy chọn thời điểm trong tương lai.",
            "The new deadline {until} has passed; choose one that is still to come.",
        ),
        "agency-withdrawn": (
            "Cơ quan {agency} đã rút khỏi đợt đánh giá {cycle}; hãy liên hệ Sở Nội vụ.",
            "The agency {agency} was withdrawn from the cycle {cycle}; ask the administrator.",
        ),
        # --- Importing results
        "import-into-running-cycle": (
            "Đợt {cycle} tự đánh giá đến {closes} nên không nhập bảng; hãy mở đợt cho năm đã qua.",
            "In {cycle} agencies score themselves until {closes}; import into a past year's cycle.",
        ),
        "agency-scores-itself": (
            "Cơ quan {agency} đã được gia hạn tự đánh giá trong đợt {cycle}; hãy bỏ ô này.",
            "The agency {agency} was given time to score itself in {cycle}; leave out this cell.",
        ),
        "table-invalid": (
            "Chưa nhập được bảng “{source}”: hãy sửa từng ô nêu trong errors.",
            "The table “{source}” cannot be imported: correct each cell listed in errors.",
        ),
        "cells-miscounted": (
            "Một lần nhập cần từ 1 đến {maximum} ô; hãy chia nhỏ.",
            "An import takes 1 to {maximum} cells; split it.",
        ),
        "rows-too-many": (
            "Một lần nhập có tối đa {maximum} dòng kết quả; hãy chia nhỏ.",
            "An import takes at most {maximum} published rows; split it.",
        ),
        "cell-repeated": (
            "Mục {item} của {agency} có hai lần trong bảng; hãy giữ lại một.",
            "Item {item} of {agency} is there twice; keep one of them.",
        ),
        "row-repeated": (
            "Cơ quan {agency} có hai dòng trong bảng; hãy giữ lại một.",
            "The agency {agency} has two rows; keep one of them.",
        ),
        "results-imported": (
            "Kết quả của {agency} trong đợt {cycle} lấy từ bảng đã công bố, không tự đánh giá.",
            "The results of {agency} in {cycle} come from a published table; nothing is declared.",
        ),
        # --- Declaring
        "item-not-applicable": (
            "Mục {item} không áp dụng cho {agency}; hãy bỏ mục này.",
            "Item {item} does not apply to {agency}; leave it out.",
        ),
        "sheet-invalid": (
            "Chưa ghi mục nào: hãy sửa từng mục nêu trong errors rồi gửi lại cả phiếu.",
            "Nothing was recorded: correct each item listed in errors, and send the sheet again.",
        ),
        "score-unknown": (
            "Mục {item} chưa được tự đánh giá.",
            "Item {item} is not declared.",
        ),
        "self-scoring-not-open": (
            "Chưa đến thời gian tự đánh giá; bắt đầu lúc {opens}.",
            "Self-scoring has not begun; it opens at {opens}.",
        ),
        "self-scoring-closed": (
            "Đã hết hạn tự đánh giá lúc {closes}; hãy đề nghị Sở Nội vụ gia hạn hoặc mở lại phiếu.",
            "Self-scoring closed at {closes}; ask the administrator for more time.",
        ),
        "submission-locked": (
            "Phiếu tự đánh giá của {agency} đã chốt; muốn sửa, hãy đề nghị mở lại phiếu.",
            "The sheet of {agency} is locked; ask for it to be reopened.",
        ),
        "reopening-takes-council": (
            "Thẩm định {agency} đã được duyệt; chỉ hai thành viên Hội đồng mở lại được phiếu.",
            "The appraisal of {agency} is approved; two council members can reopen the sheet.",
        ),
        "reopening-over": (
            "Thời gian mở lại phiếu đã hết lúc {until}; hãy đề nghị mở lại lần nữa.",
            "The reopening ended at {until}; ask for another one.",
        ),
        # --- Proving
        "file-not-stored": (
            "Chưa có tệp {sha256}; hãy tải tệp lên trước rồi đính kèm.",
            "The file {sha256} is not stored; upload it first, then attach it.",
        ),
        "file-type-forbidden": (
            "Không nhận tệp loại {type}; hãy dùng một trong: {known}.",
            "Files of type {type} are not taken; use one of: {known}.",
        ),
        "file-type-differs": (
            "Tệp được khai là {declared} nhưng nội dung là {found}; hãy lưu lại đúng định dạng.",
            "The file is said to be {declared}, but is {found}; save it as what it is to be.",
        ),
        "sheet-full": (
            "Các tệp của phiếu vượt quá {maximum} byte; hãy dùng tệp nhỏ hơn.",
            "The files of the sheet come to more than {maximum} bytes; use smaller ones.",
        ),
        "file-quarantined": (
            "Tệp đang chờ quét mã độc; hãy thử lại sau ít phút.",
            "The file waits to be scanned for malware; try again in a few minutes.",
        ),
        "file-condemned": (
            "Tệp có mã độc ({finding}) và đã bị loại; hãy làm sạch máy rồi tải lên tệp khác.",
            "The file has malware in it ({finding}) and is out; clean the computer, send another.",
        ),
        "file-empty": (
            "Tệp không có nội dung; hãy tải lên tệp khác.",
            "The file is empty; upload another.",
        ),
        "evidence-too-many": (
            "Đã đủ {maximum} tài liệu kiểm chứng; hãy bỏ bớt rồi thêm.",
            "There are {maximum} pieces of evidence already; withdraw one first.",
        ),
        # --- Locking and reopening
        "submission-incomplete": (
            "Chưa chốt được: mỗi mục nêu trong errors cần tài liệu kiểm chứng hoặc giải trình.",
            "It cannot be locked: each item in errors needs evidence or an explanation.",
        ),
        "proof-missing": (
            "Mục {item} cần tài liệu kiểm chứng ({wanted}) hoặc giải trình.",
            "Item {item} needs evidence ({wanted}) or an explanation.",
        ),
        "until-in-the-past": (
            "Thời điểm {until} đã qua; hãy chọn thời điểm trong tương lai.",
            "The time {until} has passed; choose one that is still to come.",
        ),
    }
)
