"""What each action of `kernel.authority` is, and what its conditions mean; codes have `may-`."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- The head of the table, and what its cells mean
        "may-title": ("Ai được làm gì", "Who may do what"),
        "may-action": ("việc", "action"),
        "may-besides": ("và", "and"),
        "may-all": ("của cơ quan nào cũng được", "whichever agency it concerns"),
        "may-own": ("chỉ của cơ quan mình", "on the caller's own agency alone"),
        "may-others": (
            "của mọi cơ quan, trừ cơ quan mình",
            "on every agency but the caller's own",
        ),
        "may-never": ("không được (role-not-allowed)", "never (role-not-allowed)"),
        "may-assigned": (
            "tiêu chí phải được phân công cho người đó (criterion-not-assigned)",
            "the criterion has to be assigned to the caller (criterion-not-assigned)",
        ),
        "may-person": (
            "phải là một người, không phải tài khoản dịch vụ (person-required)",
            "a person has to do it, and no service account (person-required)",
        ),
        "may-second-person": (
            "phải là người khác với người khởi đầu (second-person-required)",
            "somebody else than who began it has to do it (second-person-required)",
        ),
        "may-reason": (
            "phải có lý do, được ghi lại; xem tài liệu thì phân công cũng là lý do",
            "there has to be a reason, which is kept; of a reading an assignment is one",
        ),
        "may-public": (
            "Người chưa đăng nhập chỉ đọc kết quả đã công bố và trả lời khảo sát.",
            "Whoever has not signed in reads what is published, and answers surveys; no more.",
        ),
        # --- submission
        "may-open-cycle": ("mở đợt đánh giá", "open a cycle"),
        "may-amend-scheme": ("sửa bộ tiêu chí", "amend a scheme"),
        "may-withdraw-cycle": ("hủy đợt đánh giá", "withdraw a cycle"),
        "may-extend-deadline": ("gia hạn", "extend a deadline"),
        "may-change-agencies": ("thêm, bớt cơ quan", "add or withdraw an agency"),
        "may-import-results": ("nhập kết quả đã công bố nơi khác", "import published results"),
        "may-submit-score": ("khai, rút điểm tự đánh giá", "declare or withdraw a self-score"),
        "may-attach-evidence": ("gắn, gỡ tài liệu kiểm chứng", "attach or withdraw evidence"),
        "may-give-explanation": ("giải trình", "give an explanation"),
        "may-lock-submission": ("chốt phiếu tự đánh giá", "lock a sheet"),
        "may-lock-overdue": ("chốt phiếu quá hạn", "lock what is overdue"),
        "may-scan-evidence": (
            "ghi kết quả quét tài liệu kiểm chứng",
            "record what a scanner says of evidence",
        ),
        "may-sweep-uploads": (
            "bỏ tệp đã gửi mà không dùng đến",
            "forget files that were brought and never used",
        ),
        "may-reopen-submission": ("mở lại phiếu đã chốt", "reopen a locked sheet"),
        "may-read-cycle": ("xem đợt đánh giá, bộ tiêu chí", "read cycles and schemes"),
        "may-read-submission": ("xem phiếu tự đánh giá", "read a sheet"),
        "may-read-evidence": ("tải tài liệu kiểm chứng", "read files of evidence"),
        "may-read-former-evidence": ("xem tài liệu đã gỡ", "read evidence that was withdrawn"),
        "may-justify-reading": ("nêu lý do xem tài liệu", "say why one reads evidence"),
        "may-read-accesses": ("xem ai đã tải tài liệu", "read who has read evidence"),
        # --- appraisal
        "may-assign-criterion": ("phân công thẩm định", "assign a criterion to members"),
        "may-open-appraisal": ("đưa phiếu ra Hội đồng", "put a sheet before the council"),
        "may-decide-score": ("công nhận hoặc không công nhận", "recognise or reject a score"),
        "may-request-explanation": ("yêu cầu giải trình", "ask for an explanation"),
        "may-propose-action": ("đề nghị mở lại phiếu", "propose to reopen a sheet"),
        "may-second-action": ("đồng ý với đề nghị", "agree to a proposal"),
        "may-approve-appraisal": ("duyệt thẩm định một cơ quan", "approve an appraisal"),
        "may-read-queue": ("xem việc được phân công", "read what is assigned to oneself"),
        "may-read-progress": ("xem tiến độ thẩm định", "read how far the council is"),
        "may-read-appraisal": ("xem kết quả thẩm định", "read an appraisal"),
        # --- survey
        "may-adopt-questionnaire": ("ban hành bộ câu hỏi", "adopt a questionnaire"),
        "may-run-survey": ("mở khảo sát, đóng theo lịch", "open surveys, close them in time"),
        "may-close-survey": ("đóng khảo sát trước hạn", "close a survey before its time"),
        "may-invite-respondents": ("chọn mẫu, mời trả lời", "plan samples and invite"),
        "may-enter-responses": ("nhập phiếu giấy", "type in paper forms"),
        "may-propose-exclusion": ("đề nghị loại phiếu", "propose to exclude answers"),
        "may-second-exclusion": ("đồng ý loại phiếu", "agree to exclude answers"),
        "may-moderate-comments": ("duyệt ý kiến", "moderate comments"),
        "may-import-survey-result": ("nhập kết quả khảo sát giấy", "import certified totals"),
        "may-read-result-document": ("xem văn bản kết quả", "read certified documents"),
        "may-read-turnout": ("xem số phiếu, kết quả khảo sát", "read turnout and results"),
        # --- ranking
        "may-read-provisional": ("xem chỉ số tạm tính", "read provisional results"),
        "may-read-log": ("đọc nhật ký, tải gói kiểm chứng", "read the log, take bundles"),
        "may-approve-result": ("phê duyệt kết quả", "approve the result"),
        "may-publish-result": ("công bố kết quả", "publish the result"),
        "may-correct-result": ("đính chính kết quả", "correct what was published"),
        "may-acknowledge-alarm": ("xác nhận cảnh báo", "acknowledge an alarm"),
        "may-rebuild-views": ("dựng lại số liệu hiển thị", "rebuild what is shown"),
        "may-forget-person": ("xóa danh tính của một người", "forget who a person is"),
        "may-propose-shredding": ("đề nghị hủy nội dung đã niêm phong", "propose to shred texts"),
        "may-second-shredding": ("đồng ý hủy nội dung đã niêm phong", "agree to shred texts"),
        "may-read-shreddings": (
            "xem các đề nghị hủy nội dung",
            "read proposals to shred texts",
        ),
        # --- All services
        "may-read-directory": ("xem ai đứng sau một mã người", "see who stands behind an id"),
        # --- The processes
        "may-read-operations": ("xem độ trễ, việc đang chờ", "read lag and what waits"),
    }
)
