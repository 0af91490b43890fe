"""What is wrong with a scheme, in Vietnamese and in English.

Each sentence is a `str.format` template over the details of the flaw.
"""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- The whole
        "scheme-invalid": (
            "Bộ tiêu chí có sai sót, xem từng mục được nêu.",
            "The scheme has flaws; see each of them.",
        ),
        "more-flaws": (
            "Còn sai sót khác; chỉ nêu {maximum} sai sót đầu tiên.",
            "There are more flaws; only the first {maximum} are listed.",
        ),
        "document-too-deep": (
            "Tài liệu lồng nhau quá {maximum} tầng.",
            "The document is nested more than {maximum} levels deep.",
        ),
        "document-too-large": (
            "Tài liệu quá lớn: tối đa {values} giá trị và {bytes} byte văn bản.",
            "The document is too large: at most {values} values and {bytes} bytes of text.",
        ),
        # --- Mappings and lists
        "mapping-expected": (
            "Ở đây phải là các cặp khóa và giá trị, không phải “{value}”.",
            "This has to be keys with values, not “{value}”.",
        ),
        "list-expected": (
            "Ở đây phải là một danh sách, không phải “{value}”.",
            "This has to be a list, not “{value}”.",
        ),
        "list-empty": ("Danh sách không được để trống.", "This must not be empty."),
        "list-too-long": (
            "Danh sách có {length} phần tử, tối đa là {maximum}.",
            "This has {length} entries, at most {maximum} are allowed.",
        ),
        "field-missing": ("Thiếu mục “{field}”.", "“{field}” is missing."),
        "field-unknown": (
            "Không có mục “{field}” ở đây; các mục được dùng: {known}.",
            "“{field}” is not known here; known are: {known}.",
        ),
        # --- Texts
        "text-expected": (
            "Ở đây phải là văn bản, không phải “{value}”.",
            "This has to be a text, not “{value}”.",
        ),
        "text-empty": ("Nội dung không được để trống.", "This text must not be empty."),
        "text-too-long": (
            "Văn bản dài {length} ký tự, tối đa là {maximum}.",
            "The text has {length} characters, at most {maximum} are allowed.",
        ),
        "text-not-normalised": (
            "Văn bản không theo chuẩn Unicode dựng sẵn (NFC).",
            "The text is not in Unicode normalisation form C (NFC).",
        ),
        "text-control-character": (
            "Văn bản có ký tự điều khiển.",
            "The text has control characters in it.",
        ),
        "code-malformed": (
            (
                "Mã “{value}” không hợp lệ: chỉ gồm chữ cái không dấu và chữ số, nối nhau bằng dấu "
                "chấm, gạch dưới hoặc gạch ngang, tối đa {maximum} ký tự."
            ),
            (
                "“{value}” is no code: letters without accents and digits, joined by . _ or -, "
                "at most {maximum} characters."
            ),
        ),
        "code-duplicate": (
            "Mã “{value}” đã được dùng tại {first}.",
            "The code “{value}” is already in use at {first}.",
        ),
        "word-unknown": (
            "Không có giá trị “{value}”; chọn một trong: {known}.",
            "“{value}” is not known; it has to be one of: {known}.",
        ),
        "boolean-expected": (
            "Ở đây phải là true hoặc false, không phải “{value}”.",
            "This has to be true or false, not “{value}”.",
        ),
        # --- Numbers
        "number-malformed": (
            "“{text}” không phải là số thập phân; viết như 0.5, dùng dấu chấm.",
            "“{text}” is no decimal number; write it like 0.5, with a point.",
        ),
        "number-negative": ("Số {text} không được âm.", "The number {text} must not be negative."),
        "number-not-positive": (
            "Số {value} phải lớn hơn 0.",
            "The number {value} has to be greater than 0.",
        ),
        "number-above-maximum": (
            "Số {value} vượt quá mức tối đa {maximum}.",
            "The number {value} is above the maximum of {maximum}.",
        ),
        # --- Points that do not fit together
        "children-exceed-maximum": (
            "Các mục con cộng lại được {sum} điểm, mục này chỉ cho phép {maximum} điểm.",
            "The parts add up to {sum}, this allows {maximum}.",
        ),
        "children-below-maximum": (
            "Các mục con cộng lại chỉ được {sum} điểm, mục này phải đủ {maximum} điểm.",
            "The parts add up to {sum} only, this has {maximum}.",
        ),
        "option-exceeds-maximum": (
            "Phương án cho {value} điểm, vượt quá điểm tối đa {maximum}.",
            "The option gives {value} points, the maximum is {maximum}.",
        ),
        "options-miss-maximum": (
            "Không có phương án nào đạt điểm tối đa {maximum}; cao nhất chỉ {best}.",
            "No option gives the maximum of {maximum}; the best gives {best}.",
        ),
        "bands-miss-maximum": (
            "Không có mức nào cho toàn bộ số điểm (tỷ lệ {maximum}); cao nhất chỉ {best}.",
            "No band gives the whole maximum (a share of {maximum}); the best gives {best}.",
        ),
        "scale-misses-maximum": (
            "Thang đo không có phương án nào đạt {maximum} %; cao nhất chỉ {best} %.",
            "No option of the scale is worth {maximum} %; the best is worth {best} %.",
        ),
        "step-misses-maximum": (
            "Điểm tối đa {maximum} không phải là bội số của bước điểm {step}.",
            "The maximum of {maximum} is no multiple of the step of {step}.",
        ),
        "bands-mixed": (
            "Hoặc mức nào cũng có “at_least”, hoặc không mức nào có.",
            "Either all bands have “at_least”, or none has.",
        ),
        "bounds-without-value": (
            "Chỉ giá trị đo được mới có giới hạn; các mức ở đây gọi bằng tên.",
            "Only a measured value has a minimum or maximum; these levels are called by name.",
        ),
        "minimum-misses-band": (
            "Giá trị từ {value} trở lên luôn đạt ngưỡng {above}, nên không thể rơi vào mức cuối.",
            "A value of {value} or more always reaches the threshold {above}: never the last band.",
        ),
        "bands-out-of-order": (
            "Ngưỡng {value} phải thấp hơn ngưỡng {above} đứng trước; viết từ cao xuống thấp.",
            "The threshold {value} has to be below {above} before it; write the highest first.",
        ),
        "grades-out-of-order": (
            (
                "Ngưỡng xếp loại {value} phải thấp hơn ngưỡng {above} đứng trước; viết từ cao "
                "xuống thấp."
            ),
            (
                "The grade from {value} has to be below the one from {above} before it; write the "
                "highest first."
            ),
        ),
        # --- Rules
        "rule-unknown": (
            "Không có cách tính “{type}”; chọn một trong: {known}.",
            "There is no rule “{type}”; it has to be one of: {known}.",
        ),
        "rule-inputs-too-many": (
            "Cách tính cần {count} số liệu, tối đa là {maximum}.",
            "The rule asks for {count} inputs, at most {maximum} are allowed.",
        ),
        "addend-code-dotted": (
            "Mã “{value}” của mục cộng điểm không được có dấu chấm.",
            "The code “{value}” of an addend must have no point in it.",
        ),
        # --- Formulas
        "formula-too-long": (
            "Công thức quá dài (quá {position} ký tự).",
            "The formula is too long (more than {position} characters).",
        ),
        "formula-too-many-tokens": (
            "Công thức có quá nhiều thành phần, kể từ vị trí {position}.",
            "The formula has too many parts, from position {position} on.",
        ),
        "formula-too-deep": (
            "Công thức lồng nhau quá sâu tại vị trí {position}.",
            "The formula is nested too deeply at position {position}.",
        ),
        "formula-token-unexpected": (
            "Công thức sai tại vị trí {position}: không thể có “{found}” ở đây.",
            "The formula is wrong at position {position}: “{found}” cannot stand there.",
        ),
        "formula-unfinished": (
            "Công thức chưa viết hết, dừng tại vị trí {position}.",
            "The formula ends too early, at position {position}.",
        ),
        "formula-number-malformed": (
            "Số “{found}” tại vị trí {position} của công thức không hợp lệ.",
            "“{found}” at position {position} of the formula is no number.",
        ),
        "formula-number-expected": (
            "Tại vị trí {position} của công thức phải là một số, không phải điều kiện (“{found}”).",
            "At position {position} the formula needs a number, not a condition (“{found}”).",
        ),
        "formula-condition-expected": (
            "Tại vị trí {position} của công thức phải là một điều kiện, không phải số (“{found}”).",
            "At position {position} the formula needs a condition, not a number (“{found}”).",
        ),
        "formula-operands-miscounted": (
            (
                "“{found}” tại vị trí {position} của công thức cần đúng ba phần: điều kiện, "
                "giá trị nếu đúng, giá trị nếu sai."
            ),
            (
                "“{found}” at position {position} of the formula needs three parts: a condition, "
                "the value if it holds, the value if not."
            ),
        ),
        "formula-input-undeclared": (
            "Công thức dùng “{name}” nhưng không khai báo trong “inputs”.",
            "The formula uses “{name}”, which is not among its inputs.",
        ),
        "formula-input-unused": (
            "Công thức không dùng “{name}”.",
            "The formula makes no use of “{name}”.",
        ),
        "formula-input-reserved": (
            "Không được đặt tên số liệu là “{name}”.",
            "“{name}” cannot be the name of an input.",
        ),
        # --- Surveys, ties
        "survey-misplaced": (
            (
                "Điều tra xã hội học không dùng được trong cách tính “sum”, cũng không dùng cho "
                "điểm thưởng, điểm trừ."
            ),
            "A survey can be neither a part of a sum, nor a bonus, nor a penalty.",
        ),
        "not-for-survey": (
            "Mục chấm bằng điều tra xã hội học không có “{field}”.",
            "What is scored by a survey takes no “{field}”.",
        ),
        "scale-unknown": (
            "Chưa khai báo thang đo “{value}”; hiện có: {known}.",
            "There is no scale “{value}”; there are: {known}.",
        ),
        "group-unknown": (
            "Chưa khai báo nhóm đối tượng “{value}”; hiện có: {known}.",
            "There is no respondent group “{value}”; there are: {known}.",
        ),
        "tie-column-unknown": (
            "Không có cột “{value}” để so sánh khi bằng điểm; hiện có: {known}.",
            "There is no column “{value}” to break a tie; there are: {known}.",
        ),
        # --- The file
        "yaml-file-too-large": (
            "Tệp lớn {size} byte, tối đa là {maximum} byte.",
            "The file has {size} bytes, at most {maximum} are allowed.",
        ),
        "yaml-not-utf8": (
            "Tệp không phải văn bản UTF-8 (byte thứ {position}).",
            "The file is not UTF-8 text (at byte {position}).",
        ),
        "yaml-malformed": (
            "Dòng {line}: YAML không đọc được ({reason}).",
            "Line {line}: this is not YAML ({reason}).",
        ),
        "yaml-empty": ("Tệp không có nội dung.", "The file says nothing."),
        "yaml-not-a-mapping": (
            "Dòng {line}: tệp phải bắt đầu bằng các cặp khóa và giá trị.",
            "Line {line}: the file has to consist of keys with values.",
        ),
        "yaml-too-many-documents": (
            "Dòng {line}: tệp chỉ được có một tài liệu.",
            "Line {line}: the file may hold one document only.",
        ),
        "yaml-too-large": (
            "Dòng {line}: tệp có hơn {maximum} giá trị.",
            "Line {line}: the file has more than {maximum} values.",
        ),
        "yaml-too-deep": (
            "Dòng {line}: nội dung lồng nhau quá {maximum} tầng.",
            "Line {line}: this is nested more than {maximum} levels deep.",
        ),
        "yaml-alias": (
            "Dòng {line}: không dùng neo (&) và tham chiếu (*) của YAML.",
            "Line {line}: anchors (&) and aliases (*) of YAML are not allowed.",
        ),
        "yaml-tag": (
            "Dòng {line}: không dùng thẻ “{tag}” của YAML.",
            "Line {line}: the YAML tag “{tag}” is not allowed.",
        ),
        "yaml-key-not-a-text": (
            "Dòng {line}: khóa phải là văn bản.",
            "Line {line}: a key has to be a text.",
        ),
        "yaml-key-duplicate": (
            "Dòng {line}: khóa “{key}” bị lặp lại.",
            "Line {line}: the key “{key}” is there twice.",
        ),
    }
)
