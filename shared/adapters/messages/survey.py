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
        "closes-before-opening": (
            "Thời điểm đóng phải sau thời điểm mở.",
            "The survey has to close after it opens.",
        ),
        "outside-survey-phase": (
            "Thời gian lấy ý kiến phải nằm trong giai đoạn khảo sát ({opens} đến {closes}).",
            "The questionnaire has to lie in the cycle's survey phase ({opens} to {closes}).",
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
        "count-out-of-range": (
            "Số lượt chọn phương án {option} của câu {question} nằm ngoài phạm vi cho phép.",
            "The count of option {option} of question {question} is out of range.",
        ),
    }
)
