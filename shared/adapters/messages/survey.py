"""What the survey says when it says no: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "questionnaire-unknown": (
            "Không có bộ câu hỏi này trong đợt đánh giá; hãy xem danh sách bộ câu hỏi.",
            "The cycle has no such questionnaire; see the list of questionnaires.",
        ),
        "agency-unknown": (
            "Bộ câu hỏi này không hỏi về cơ quan {agency}; hãy kiểm tra lại mã cơ quan.",
            "The questionnaire does not ask about the agency {agency}; check its code.",
        ),
        "questionnaire-invalid": (
            "Bộ câu hỏi chưa hợp lệ; hãy sửa từng lỗi nêu dưới đây rồi gửi lại.",
            "The questionnaire is not valid; mend each error below and send it again.",
        ),
        "survey-already-open": (
            "Bộ câu hỏi {questionnaire} đã mở lấy ý kiến nên không sửa được nữa.",
            "Questionnaire {questionnaire} is open for answers and cannot be changed any more.",
        ),
        "survey-not-yet-open": (
            "Cuộc khảo sát chỉ mở từ {opens}.",
            "The survey opens at {opens}, not before.",
        ),
        "survey-not-open": (
            "Bộ câu hỏi {questionnaire} chưa mở lấy ý kiến.",
            "Questionnaire {questionnaire} is not open for answers yet.",
        ),
        "survey-closed": (
            "Bộ câu hỏi này đã đóng, không nhận thêm câu trả lời.",
            "This questionnaire is closed and takes no more answers.",
        ),
        "receipt-counted": (
            (
                "Mẻ {batch} có biên nhận đã được đếm ở mẻ trước nên không được đếm: thùng phiếu "
                "hoặc nhật ký đã bị đưa về một thời điểm cũ. Hãy báo cho quản trị viên."
            ),
            (
                "Batch {batch} has a receipt that was counted in an earlier one, and is not "
                "counted: the urn or the log was put back to an earlier time. Tell the "
                "administrator."
            ),
        ),
        "form-not-open": (
            "Cuộc khảo sát chưa mở. Xin mở lại trang này từ {opens}.",
            "The survey is not open yet. Please open this page again from {opens}.",
        ),
        "batch-unknown": (
            "Không có đợt kiểm đếm số {batch} trong bộ câu hỏi này.",
            "The questionnaire has no batch {batch}.",
        ),
        "response-unknown": (
            "Đợt kiểm đếm {batch} không có phiếu ở vị trí {position}.",
            "Batch {batch} has no response at position {position}.",
        ),
        "result-invalid": (
            "Kết quả khảo sát nhập vào chưa hợp lệ; hãy sửa từng lỗi nêu dưới đây.",
            "The imported result is not valid; mend each error below.",
        ),
        "result-of-same-document": (
            "Văn bản này đã được nhập với nguồn “{source}”; muốn sửa, hãy gửi lại đúng nguồn đó.",
            "This document was imported from “{source}” already; to correct it, name that source.",
        ),
        "result-beside-others": (
            "{agency} đã có kết quả của {sources}: sửa thì gửi đúng nguồn, thêm: `beside: true`.",
            "{agency} has results of {sources}: correct one by its source, or add `beside: true`.",
        ),
        "results-waiting-full": (
            "Đã có {maximum} kết quả chờ người thứ hai nhập; hãy nhập xong trước khi thêm.",
            "{maximum} results wait for a second person already; finish with some of them first.",
        ),
        "answers-invalid": (
            "Phiếu trả lời chưa hợp lệ; hãy sửa từng câu nêu dưới đây rồi gửi lại.",
            "The answers are not valid; mend each one named below and send them again.",
        ),
        "question-unknown": (
            "Bộ câu hỏi không có câu {question}.",
            "The questionnaire has no question {question}.",
        ),
        "option-unknown": (
            "Câu {question} không có phương án {option}.",
            "Question {question} has no option {option}.",
        ),
        "answer-missing": (
            "Câu {question} chưa được trả lời.",
            "Question {question} is not answered.",
        ),
        "public-url-needed": (
            "Chưa biết địa chỉ công khai của hệ thống; hãy đặt CCHC_PUBLIC_URL hay --public-url.",
            "Nobody said at which address people open this; set CCHC_PUBLIC_URL (or --public-url).",
        ),
        "closes-before-opening": (
            "Thời điểm đóng phải sau thời điểm mở.",
            "The survey has to close after it opens.",
        ),
        "outside-survey-phase": (
            "Thời gian lấy ý kiến phải nằm trong giai đoạn khảo sát ({opens} đến {closes:until}).",
            "The questionnaire has to lie in the cycle's survey phase ({opens} to {closes:until}).",
        ),
        "question-twice": (
            "Mã câu hỏi {question} bị dùng hai lần.",
            "The question code {question} is used twice.",
        ),
        "item-not-surveyed": (
            "Câu {question} gắn với mục {item}, mục này không chấm bằng khảo sát.",
            "Question {question} is bound to item {item}, which is not scored by the survey.",
        ),
        "group-not-asked": (
            "Mục {item} của câu {question} không lấy ý kiến nhóm {group}.",
            "Item {item} of question {question} is not asked of group {group}.",
        ),
        "option-twice": (
            "Câu {question} có phương án trùng mã.",
            "Question {question} has two options with one code.",
        ),
        "option-not-scored": (
            "Phương án {option} của câu {question} không có trong thang điểm của mục {item}.",
            "Option {option} of question {question} is not in the scale of item {item}.",
        ),
        "options-left-out": (
            "Câu {question} thiếu {options} trong thang điểm của mục {item}; hãy nêu đủ.",
            "Question {question} leaves out {options} of item {item}'s scale; offer all of it.",
        ),
        "count-out-of-range": (
            "Số lượt chọn phương án {option} của câu {question} nằm ngoài phạm vi cho phép.",
            "The count of option {option} of question {question} is out of range.",
        ),
        "agency-of-another-tier": (
            "Cơ quan {agency} không thuộc cấp {tier} mà bộ câu hỏi hỏi về.",
            "The agency {agency} is not of the tier {tier} that the questionnaire asks about.",
        ),
        "group-not-in-scheme": (
            "Bộ tiêu chí của cấp {tier} không lấy ý kiến nhóm {group}; hãy kiểm tra lại mã nhóm.",
            "The scheme of the tier {tier} asks no group {group}; check its code.",
        ),
        "agency-twice": (
            "Cơ quan {agency} được nêu hai lần.",
            "The agency {agency} is named twice.",
        ),
        "service-question-unfit": (
            "Câu {question} hỏi về dịch vụ thì phải chọn một, hỏi mọi người và không chấm điểm.",
            "Question {question} tells services apart: one choice, asked of all, without points.",
        ),
        "language-first": (
            "Ngôn ngữ thứ nhất đã là tiếng Việt ({language}); hãy nêu ngôn ngữ khác hoặc bỏ trống.",
            "The first language is Vietnamese ({language}) already; name another one, or none.",
        ),
        "translation-missing": (
            "Phần {question} chưa có bản dịch sang ngôn ngữ {language}.",
            "{question} is not translated into {language} yet.",
        ),
        "translation-unexpected": (
            "Phần {question} có bản dịch nhưng bộ câu hỏi không nêu ngôn ngữ thứ hai.",
            "{question} has a translation, but the questionnaire names no second language.",
        ),
        "text-missing": (
            "Phần {question} chưa có nội dung tiếng Việt.",
            "{question} has no text in Vietnamese.",
        ),
        "options-too-few": (
            "Câu {question} cần ít nhất hai phương án.",
            "Question {question} needs two options at least.",
        ),
        "options-of-free-text": (
            "Câu {question} trả lời bằng chữ nên không có phương án.",
            "Question {question} is answered in words and has no options.",
        ),
        "no-opinion-twice": (
            "Câu {question} có hơn một phương án “không có ý kiến”.",
            "Question {question} has more than one option for no opinion.",
        ),
        "condition-not-earlier": (
            "Câu {asked} phụ thuộc câu {earlier}; câu đó phải đứng trước và có phương án.",
            "Question {asked} depends on {earlier}, which has to come earlier, with options.",
        ),
        "condition-unknown": (
            "Câu {earlier} không có phương án {option} mà câu {asked} phụ thuộc vào.",
            "Question {earlier} has no option {option}, on which question {asked} depends.",
        ),
        "kind-not-scored": (
            "Câu {question} gắn với mục {item}; loại {kind} không chấm điểm được.",
            "Question {question} is bound to item {item}; a {kind} gives no points.",
        ),
        "questionnaire-too-long": (
            "Một phiếu trả lời có thể vượt {maximum} byte; hãy bớt câu hỏi hoặc rút ngắn mã.",
            "One response may take more than {maximum} bytes; ask less, or use shorter codes.",
        ),
        "question-not-asked": (
            "Câu {question} không được hỏi với những câu trả lời khác của phiếu này.",
            "Question {question} is not asked of somebody who answers the others like this.",
        ),
        "answers-take-one": (
            "`answers` chỉ nhận một phương án mỗi câu; câu chọn nhiều thì gửi trong `choices`.",
            "`answers` takes one option; send those of a question with several in `choices`.",
        ),
        "answer-misplaced": (
            "Câu {question} phải được trả lời trong phần `{member}`.",
            "The answer to question {question} belongs into `{member}`.",
        ),
        "option-chosen-twice": (
            "Câu {question} có một phương án được chọn hai lần.",
            "An option of question {question} is chosen twice.",
        ),
        "no-opinion-with-others": (
            "Ở câu {question}, “không có ý kiến” không đi cùng phương án khác.",
            "In question {question}, no opinion does not go together with other options.",
        ),
        "comment-too-long": (
            "Phần trả lời câu {question} dài quá {maximum} ký tự.",
            "What is written to question {question} has more than {maximum} characters.",
        ),
        "plan-invalid": (
            "Kế hoạch chọn mẫu chưa hợp lệ; hãy sửa từng lỗi nêu dưới đây.",
            "The sampling plan is not valid; mend each error below.",
        ),
        "margin-out-of-range": (
            "Sai số phải lớn hơn 0 và nhỏ hơn 1.",
            "The sampling error has to be more than 0 and less than 1.",
        ),
        "service-unknown": (
            "Câu hỏi về dịch vụ không có phương án {service}.",
            "The service question has no option {service}.",
        ),
        "stratum-twice": (
            "Cơ quan {agency} với dịch vụ “{service}” được nêu hai lần.",
            "The agency {agency} with the service “{service}” is named twice.",
        ),
        "invitations-given-out": (
            "Phiếu mời của khóa {key} đã phát quá {hours} giờ, không hiện lại; hãy phát phiếu mới.",
            "The invitations of {key} were given out over {hours} hours ago; issue new ones.",
        ),
        "invitations-unknown": (
            "Không có đợt phát phiếu mời nào với khóa {key}; hãy xem danh sách đợt phát phiếu.",
            "No invitations were issued under the key {key}; see the list of invitations.",
        ),
        "link-taken": (
            "Đường liên kết {link} đã được mở với giới hạn khác hoặc đã đóng; hãy đặt tên khác.",
            "The link {link} was opened with other limits, or is closed; choose another name.",
        ),
        "link-day-above-all": (
            "Một ngày ({a_day}) không thể nhận nhiều phiếu hơn tổng số ({in_all}); hãy sửa lại.",
            "No day ({a_day}) takes more answers than there are in all ({in_all}); change either.",
        ),
        "language-unwritten": (
            "Bộ câu hỏi chỉ viết bằng: {languages}.",
            "The questionnaire is written in these languages alone: {languages}.",
        ),
        "link-unknown": (
            "Bộ câu hỏi này không có đường liên kết {link}.",
            "The questionnaire has no link {link}.",
        ),
        "exclusion-unknown": (
            "Không có đề nghị loại phiếu {exclusion}.",
            "There is no proposal {exclusion} to exclude answers.",
        ),
        "exclusion-proposed-already": (
            "Các phiếu này đã được đề nghị loại ({exclusion}); cần một người khác đồng ý.",
            "These answers are proposed already ({exclusion}); another person has to agree to it.",
        ),
        "answers-excluded-already": (
            "Các phiếu này của đợt {batch} đã bị loại.",
            "These answers of batch {batch} are excluded already.",
        ),
        "exclusion-closed": (
            "Đề nghị loại phiếu {exclusion} đã được quyết định.",
            "The proposal {exclusion} was decided on already.",
        ),
        "comment-unknown": (
            "Không có ý kiến này trong danh sách chờ duyệt; có thể đã được duyệt.",
            "No such comment waits; it may have been decided on already.",
        ),
        "comment-released": (
            "Ý kiến này đã được duyệt công bố trước đó; quyết định ấy được giữ nguyên.",
            "This comment was released before, as it was or in other words; that stands.",
        ),
        "comment-removed": (
            "Ý kiến này đã bị xóa trước đó; quyết định ấy được giữ nguyên.",
            "This comment was removed before; that stands.",
        ),
        "receipt-missing": (
            "Thiếu mã biên nhận: hãy tự tạo 22 đến 64 ký tự ngẫu nhiên (chữ, số, - hoặc _) và giữ.",
            "Add a receipt: draw 22 to 64 random letters, digits, - or _, and keep them.",
        ),
        "receipt-malformed": (
            "Mã biên nhận phải gồm 22 đến 64 ký tự chữ, số, `-` hoặc `_`.",
            "A receipt has 22 to 64 letters, digits, `-` or `_`.",
        ),
        "ballot-malformed": (
            "Phiếu kín không đúng khuôn dạng hoặc chữ ký không hợp lệ; hãy làm lại từ mã mời.",
            "The ballot is malformed or its signature is wrong; begin anew with the invitation.",
        ),
        "ballot-key-missing": (
            "Cuộc khảo sát này không ký phiếu kín, hoặc đã đóng và khóa ký đã bị hủy.",
            "This survey signs no ballots, or it is closed and the keys that signed are destroyed.",
        ),
    }
)
