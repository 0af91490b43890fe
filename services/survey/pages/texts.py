"""What the pages say around a questionnaire, in Vietnamese and in English."""

from collections.abc import Mapping
from types import MappingProxyType

from services.survey.pages.texts_results import RESULTS
from services.survey.pages.texts_sealed import RECEIPTS, SEALED
from shared.adapters import web

_AROUND: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "survey": ("Khảo sát ý kiến", "Survey"),
        "trial": ("CHẠY THỬ", "TRIAL"),
        "trial-note": (
            "CHẠY THỬ: đây không phải cuộc khảo sát chính thức.",
            "TRIAL: this is not an official survey.",
        ),
        "skip": ("Đến nội dung chính", "Skip to the content"),
        "about": ("Cơ quan được hỏi ý kiến", "The agency you are asked about"),
        "until": ("Trả lời đến", "Answer until"),
        "error-title": ("Lỗi: {title}", "Error: {title}"),
        "private": (
            "Phiếu không ghi tên và không ai biết câu trả lời nào là của Ông/Bà.",
            "No name is asked, and nobody can tell which answers are yours.",
        ),
        "marked": (
            "Câu có ghi “bắt buộc” cần được trả lời; các câu khác có thể bỏ trống.",
            "Questions marked “required” need an answer; the others may be left out.",
        ),
        "question": ("Câu {number}", "Question {number}"),
        "required": ("bắt buộc", "required"),
        "optional": ("không bắt buộc", "optional"),
        "one": ("Chọn một phương án.", "Choose one."),
        "several": ("Có thể chọn nhiều phương án.", "Choose all that apply."),
        "written": (
            "Tối đa {maximum} ký tự. Xin đừng ghi tên hoặc điều cho biết Ông/Bà là ai.",
            "At most {maximum} characters. Please write nothing that tells who you are.",
        ),
        "asked-if": (
            "Chỉ trả lời nếu ở câu {number} Ông/Bà chọn: {options}.",
            "Only if in question {number} you chose: {options}.",
        ),
        "no-answer": ("Để trống câu này", "Leave this out"),
        "or": ("hoặc", "or"),
        "check": ("Xem lại trước khi gửi", "Check before you send"),
        "save": ("Lưu để trả lời tiếp sau", "Save, and continue later"),
        "forget": ("Xóa bản nháp", "Forget my draft"),
        "save-hint": (
            (
                "Bản nháp chỉ nằm trong trình duyệt trên máy này, chúng tôi không nhận được. "
                "Nếu dùng chung máy với người khác, xin đừng lưu."
            ),
            (
                "A draft is kept in the browser on this device only; we do not get it. "
                "Do not save it on a device that others use."
            ),
        ),
        "saved": (
            "Đã lưu bản nháp trong trình duyệt này. Để trả lời tiếp, hãy mở lại đúng địa chỉ này.",
            "Your draft is saved in this browser. To continue, open this same address again.",
        ),
        "saved-short": (
            (
                "Đã lưu các phương án đã chọn trong trình duyệt này, nhưng phần tự "
                "viết quá dài nên "
                "không lưu được: xin chép lại riêng."
            ),
            (
                "What you chose is saved in this browser. What you wrote is too long to be saved: "
                "please keep a copy of it yourself."
            ),
        ),
        "not-saved": (
            "Bản nháp quá dài nên không lưu được; xin trả lời và gửi trong một lần.",
            "The draft is too long to be saved; please answer and send in one go.",
        ),
        "forgotten": ("Đã xóa bản nháp.", "Your draft is forgotten."),
        "continued": (
            "Đây là bản nháp đã lưu trong trình duyệt này.",
            "This is the draft that was saved in this browser.",
        ),
        "errors": ("Xin xem lại các câu sau", "Please look at these questions again"),
        "errors-token": ("Xin xem lại mã", "Please look at the code again"),
        "error": ("Lỗi:", "Error:"),
        "answer-missing": ("câu này cần được trả lời.", "this question needs an answer."),
        "option-unknown": ("xin chọn một phương án có sẵn.", "please choose one of the options."),
        "no-opinion-with-others": (
            "không thể vừa chọn “không có ý kiến” vừa chọn phương án khác.",
            "“no opinion” cannot be chosen together with others.",
        ),
        "comment-too-long": (
            "phần tự viết dài quá {maximum} ký tự; xin rút gọn.",
            "what you wrote has more than {maximum} characters; please shorten it.",
        ),
        "answer-unfit": ("câu trả lời không hợp lệ.", "this answer does not fit."),
        "check-title": ("Xem lại câu trả lời", "Check your answers"),
        "check-lead": (
            "Ông/Bà chưa gửi. Dưới đây là những gì sẽ được gửi.",
            "Nothing is sent yet. This is what you will send.",
        ),
        "nothing": ("Không trả lời", "Not answered"),
        "left-out": (
            "Sẽ không gửi, vì theo các câu trả lời khác thì câu này không hỏi Ông/Bà:",
            "Not sent, because your other answers mean that you are not asked this:",
        ),
        "receipt": ("Mã biên nhận", "Your receipt"),
        "receipt-note": (
            (
                "Xin ghi lại mã này trước khi gửi. Với mã này Ông/Bà có thể kiểm tra phiếu đã được "
                "kiểm đếm; mã không cho ai biết Ông/Bà đã trả lời gì. Riêng cơ quan có ít hơn "
                "{least} phiếu thì vài phiếu ấy được công bố cùng vài mã ấy, nên xin giữ kín mã."
            ),
            (
                "Note it down before you send. With it you can see later that your answer was "
                "counted; it tells nobody what you answered. Only where an agency has fewer than "
                "{least} answers in all, these few are published beside their few receipts: keep "
                "yours to yourself."
            ),
        ),
        "send": ("Gửi câu trả lời", "Send my answers"),
        "edit": ("Quay lại sửa", "Go back and change"),
        "sent-title": ("Đã gửi câu trả lời", "Your answers are sent"),
        "thanks": ("Xin cảm ơn Ông/Bà.", "Thank you."),
        "sent-note": (
            (
                "Không ai biết câu trả lời nào là của Ông/Bà: câu trả lời được trộn lẫn trong ít "
                "nhất {least} phiếu trước khi kiểm đếm, trừ cơ quan có ít phiếu hơn thế."
            ),
            (
                "Nobody can tell which answers are yours: they are mixed among those of at least "
                "{least} people before they are counted, unless an agency has fewer in all."
            ),
        ),
        "look-up": (
            (
                "Khi phiếu đã được kiểm đếm, mã biên nhận nằm trong danh sách công "
                "khai của cuộc khảo "
                "sát. Hãy tìm đúng mã này trong đó."
            ),
            (
                "Once your answer is counted, the receipt stands in the public log of the survey. "
                "Look for exactly this code there."
            ),
        ),
        "close-window": ("Ông/Bà có thể đóng trang này.", "You can close this page."),
        "already-title": ("Câu trả lời đã được gửi rồi", "Your answers were sent already"),
        "already": (
            "Lần gửi trước đã đến nơi, Ông/Bà không cần làm gì thêm. Mã biên nhận của lần gửi này:",
            "They arrived the first time, and there is nothing left to do. Your receipt:",
        ),
        "spent-title": ("Mã này đã được dùng", "This code was used already"),
        "spent": (
            (
                "Đã có một câu trả lời được gửi bằng mã này. Nếu Ông/Bà vừa bấm gửi hai lần thì "
                "lần đầu có lẽ đã đến nơi. Mã biên nhận trên trang của Ông/Bà:"
            ),
            (
                "An answer was sent with this code before. If you pressed send twice, the first "
                "one has probably arrived. The receipt on your page was:"
            ),
        ),
        "spent-whose": (
            (
                "Nếu mã biên nhận này có trong danh sách phiếu đã kiểm đếm thì phiếu đã gửi là "
                "của Ông/Bà. Nếu đến khi khảo sát đã đóng và kiểm đếm xong vẫn không có thì người "
                "khác đã dùng mã: xin báo cho cơ quan tổ chức khảo sát."
            ),
            (
                "If this receipt appears in the list of counted receipts, the answer was yours. "
                "If it does not appear once the survey is closed and counted, somebody else used "
                "the code: please tell the survey office."
            ),
        ),
        "late-title": ("Khảo sát đã đóng", "The survey is closed"),
        "late": (
            (
                "Lần gửi này đến sau khi khảo sát đã đóng nên không được nhận. Nếu trước đó "
                "Ông/Bà đã bấm gửi thì lần đầu có thể đã đến nơi. Mã biên nhận trên trang của "
                "Ông/Bà:"
            ),
            (
                "What you sent now came after the survey was closed, and was not taken. If you had "
                "pressed send before, that one may have arrived. The receipt on your page was:"
            ),
        ),
        "late-whose": (
            (
                "Nếu mã biên nhận này có trong danh sách phiếu đã kiểm đếm thì phiếu của Ông/Bà đã "
                "được tính. Nếu khi kiểm đếm xong vẫn không có thì phiếu đã không đến nơi."
            ),
            (
                "If this receipt appears in the list of counted receipts, your answer counts. If "
                "it does not appear once all are counted, it did not arrive."
            ),
        ),
        "again-title": ("Chưa gửi được", "Not sent yet"),
        "again-note": (
            "Câu trả lời của Ông/Bà vẫn còn trong trang này. Xin đợi {seconds} giây rồi bấm nút.",
            (
                "Your answers are still in this page. Please wait {seconds} seconds, "
                "then press the "
                "button."
            ),
        ),
        "again": ("Thử lại", "Try again"),
        "token-title": ("Nhập mã trên phiếu mời", "Type the code on your invitation"),
        "token-label": ("Mã trên phiếu mời", "Code on your invitation"),
        "token-hint": (
            (
                "20 chữ và số, viết hoa hay thường, có gạch nối hay không đều được. "
                "Ví dụ: 7K2QX-0M4TN-9B1WE-RZ5HC"
            ),
            (
                "20 letters and figures, in capitals or not, with or without hyphens. "
                "For example: 7K2QX-0M4TN-9B1WE-RZ5HC"
            ),
        ),
        "token-wrong": (
            "xin nhập đúng 20 chữ và số của mã.",
            "type the 20 letters and figures of the code.",
        ),
        "token-go": ("Tiếp tục", "Continue"),
        "preview": (
            "BẢN XEM TRƯỚC: bộ câu hỏi này chưa được ban hành và trang này không gửi được.",
            "PREVIEW: this questionnaire is not adopted, and this page cannot be sent.",
        ),
        "invitation": ("Phiếu mời trả lời khảo sát", "Invitation to answer a survey"),
        "slip-how": (
            "Quét mã vuông, hoặc mở địa chỉ dưới đây và nhập mã:",
            "Scan the square, or open this address and type the code:",
        ),
        "slip-once": (
            "Dùng một lần. Không ghi tên; không ai biết phiếu nào là của Ông/Bà.",
            "Good for one answer. No name is asked, and nobody can tell which answer is yours.",
        ),
        "qr": ("Mã vuông dẫn đến trang trả lời", "A square code that leads to the form"),
        "serial": ("Số", "No."),
        "sheet-title": ("Phiếu mời: {title}", "Invitations: {title}"),
    }
)


TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {**_AROUND, **SEALED, **RECEIPTS, **RESULTS}
)
"""Each text by its name, in Vietnamese and in English."""


def said(name: str, language: web.Language, **details: str) -> str:
    """A text in one of the two languages, with what it speaks of."""
    return TEXTS[name][0 if language == "vi" else 1].format_map(details)
