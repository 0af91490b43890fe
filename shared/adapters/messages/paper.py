"""What is said of answers on paper, of tables of them, and of certified totals."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Piles that two people type in
        "forms-invalid": (
            "Tập phiếu có phiếu chưa hợp lệ; hãy sửa từng chỗ nêu dưới đây. Chưa nhập phiếu nào.",
            "Some forms of the pile are not valid; mend each place below. None was taken.",
        ),
        "pile-unknown": (
            "Chưa ai nhập tập phiếu {pile}.",
            "Nobody has typed in the pile {pile}.",
        ),
        "pile-typed-by-two": (
            "Tập phiếu {pile} đã có hai người nhập; người thứ ba không nhập nữa.",
            "Two people have typed in the pile {pile}; a third one does not.",
        ),
        "pile-agreed": (
            "Hai người đã nhập tập phiếu {pile} giống nhau; không sửa được nữa.",
            "Two people have typed in the pile {pile} alike; it cannot be changed any more.",
        ),
        "pile-entered": (
            "Tập phiếu {pile} đã vào thùng phiếu, không lưu thêm; tập khác phải có tên khác.",
            "The pile {pile} lies in the urn; nothing more was kept. Call another one otherwise.",
        ),
        "pile-given-up": (
            "Tập phiếu {pile} đã bị bỏ; nếu cần nhập lại, hãy đặt tên khác.",
            "The pile {pile} was given up; to type it in again, call it by another name.",
        ),
        "piles-too-many": (
            "Đang có {maximum} tập phiếu chờ hai người nhập khớp; hãy hoàn tất bớt rồi nhập thêm.",
            "There are {maximum} piles waiting to be typed in alike; finish some of them first.",
        ),
        # --- Tables
        "table-unreadable": (
            "Không đọc được tệp theo dạng {format}; hãy lưu lại thành CSV UTF-8 hoặc XLSX.",
            "The file cannot be read as {format}; save it again as CSV UTF-8 or as XLSX.",
        ),
        "table-beyond-rows": (
            "Bảng có hơn {maximum} dòng; hãy chia thành nhiều tập phiếu.",
            "The table has more than {maximum} rows; divide it into several piles.",
        ),
        "table-beyond-columns": (
            "Bảng có hơn {maximum} cột; hãy dùng mẫu của bộ câu hỏi.",
            "The table has more than {maximum} columns; use the template of the questionnaire.",
        ),
        "table-beyond-characters": (
            "Các ô của bảng có hơn {maximum} ký tự; hãy chia thành nhiều tập phiếu.",
            "The cells have more than {maximum} characters in all; divide it into several piles.",
        ),
        "table-beyond-parts": (
            "Tệp có hơn {maximum} thành phần; hãy lưu riêng bảng này thành một tệp mới.",
            "The file has more than {maximum} parts; save the table alone, as a new file.",
        ),
        "table-beyond-bytes": (
            "Tệp giải nén ra hơn {maximum} byte; hãy lưu riêng bảng này thành một tệp mới.",
            "The file unpacks to more than {maximum} bytes; save the table alone, as a new file.",
        ),
        "table-beyond-elements": (
            "Tệp có hơn {maximum} phần tử XML; hãy lưu riêng bảng này thành một tệp mới.",
            "The file has more than {maximum} XML elements; save the table alone, as a new file.",
        ),
        "sheet-refused": (
            "Không nhập bảng này: {count} lỗi, đã nêu {told}. Chưa nhập phiếu nào.",
            "The table is not taken. Flaws: {count}, told: {told}. No form was entered.",
        ),
        "sheet-empty": (
            "Bảng không có phiếu nào; mỗi dòng dưới tên cột là một phiếu.",
            "The table holds no form; each row below the headings is one.",
        ),
        "sheet-heading-unknown": (
            "Dòng {row}, cột {column}: bộ câu hỏi không có câu “{heading}”.",
            "Row {row}, column {column}: the questionnaire has no question “{heading}”.",
        ),
        "sheet-heading-twice": (
            "Dòng {row}, cột {column}: đã có một cột khác cho “{heading}”.",
            "Row {row}, column {column}: there is another column for “{heading}” already.",
        ),
        "sheet-agency-missing": (
            "Bảng thiếu cột “Cơ quan”; hãy dùng mẫu của bộ câu hỏi.",
            "The table lacks the column “agency” (Cơ quan); use the template of the questionnaire.",
        ),
        "sheet-column-missing": (
            "Bảng thiếu cột “{heading}”; hãy dùng mẫu của bộ câu hỏi.",
            "The table lacks the column “{heading}”; use the template of the questionnaire.",
        ),
        "odd-cell-formula": (
            "Dòng {row}, cột {column} ({question}): là công thức; hãy gõ mã trả lời.",
            "Row {row}, column {column} ({question}): it is a formula; write the code itself.",
        ),
        "odd-cell-boolean": (
            "Dòng {row}, cột {column} ({question}): là giá trị đúng/sai; hãy gõ mã trả lời.",
            "Row {row}, column {column} ({question}): it is TRUE or FALSE; write the code itself.",
        ),
        "odd-cell-date": (
            "Dòng {row}, cột {column} ({question}): là ngày hoặc giờ; hãy gõ mã trả lời.",
            "Row {row}, column {column} ({question}): it is a date or time; write the code itself.",
        ),
        "odd-cell-error": (
            "Dòng {row}, cột {column} ({question}): bảng tính báo lỗi; hãy gõ mã trả lời.",
            "Row {row}, column {column} ({question}): it is an error; write the code itself.",
        ),
        "odd-cell-fraction": (
            "Dòng {row}, cột {column} ({question}): là số lẻ; hãy gõ mã trả lời.",
            "Row {row}, column {column} ({question}): it is a fraction; write the code itself.",
        ),
        "odd-cell-too-long": (
            "Dòng {row}, cột {column} ({question}): dài quá mức cho phép.",
            "Row {row}, column {column} ({question}): it is too long.",
        ),
        "odd-cell-control-character": (
            "Dòng {row}, cột {column} ({question}): có ký tự điều khiển; hãy gõ lại.",
            "Row {row}, column {column} ({question}): it has a control character; write it anew.",
        ),
        "row-empty": (
            "Dòng {row}: để trống giữa các phiếu; hãy xóa dòng này.",
            "Row {row}: it is empty between forms; delete it.",
        ),
        "row-agency-unknown": (
            "Dòng {row}, cột {column} ({question}): bộ câu hỏi không hỏi về cơ quan “{agency}”.",
            "Row {row}, column {column} ({question}): it does not ask about the agency “{agency}”.",
        ),
        "row-answer-missing": (
            "Dòng {row}, cột {column}: câu {question} chưa được trả lời.",
            "Row {row}, column {column}: question {question} is not answered.",
        ),
        "row-question-not-asked": (
            "Dòng {row}, cột {column}: câu {question} không dành cho người trả lời như vậy.",
            "Row {row}, column {column}: question {question} is not asked of who answers so.",
        ),
        "row-option-unknown": (
            "Dòng {row}, cột {column}: câu {question} không có phương án “{option}”.",
            "Row {row}, column {column}: question {question} has no option “{option}”.",
        ),
        "row-option-chosen-twice": (
            "Dòng {row}, cột {column}: câu {question} có phương án ghi hai lần.",
            "Row {row}, column {column}: question {question} has an option twice.",
        ),
        "row-no-opinion-with-others": (
            "Dòng {row}, cột {column}: câu {question} vừa không có ý kiến vừa chọn phương án khác.",
            "Row {row}, column {column}: question {question} has no opinion, and others with it.",
        ),
        "row-comment-too-long": (
            "Dòng {row}, cột {column}: ý kiến ở câu {question} dài quá {maximum} ký tự.",
            "Row {row}, column {column}: question {question} has over {maximum} characters.",
        ),
        # --- Certified totals
        "document-not-pdf": (
            "Tệp không phải PDF; hãy tải lên bản PDF của văn bản xác nhận kết quả.",
            "The file is no PDF; upload the certified document as PDF.",
        ),
        "counts-exceed-forms": (
            "Câu {question} có {count} lượt trả lời, nhiều hơn số {forms} người đã trả lời.",
            "Question {question} was answered {count:time|times}, by {forms:person|people} in all.",
        ),
        "counts-missing": (
            "{forms} người đã trả lời mà không chọn gì; hãy nhập số lượt chọn.",
            "{forms:person|people} answered, and chose nothing; say how often each was chosen.",
        ),
    }
)
