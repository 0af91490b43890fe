"""What is wrong with the inputs of an item, in Vietnamese and in English.

Each sentence is a `str.format` template over the details of the refusal. The sentences that the
scheme's numbers and formulas share with them stand in `scheme`.
"""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Inputs
        "item-is-surveyed": (
            "Mục {item} được chấm qua điều tra xã hội học, không tự đánh giá.",
            "Item {item} is scored by a survey; there is nothing to declare for it.",
        ),
        "input-missing": (
            "Mục {item} còn thiếu thông tin “{name}”.",
            "Item {item} lacks the input “{name}”.",
        ),
        "input-unknown": (
            "Mục {item} không có thông tin nào tên là “{name}”.",
            "Item {item} has no input called “{name}”.",
        ),
        "inputs-too-many": (
            "Mục {item} nhận quá nhiều thông tin, tối đa là {maximum}.",
            "Item {item} was sent too many inputs, at most {maximum} are allowed.",
        ),
        "input-not-a-choice": (
            "Mục {item}: “{text}” không phải là một lựa chọn; các lựa chọn: {choices}.",
            "Item {item}: “{text}” is not one of the choices: {choices}.",
        ),
        "no-task-not-allowed": (
            "Mục {item} không cho phép khai “trong năm không phát sinh nhiệm vụ”.",
            "Item {item} does not allow an agency to say that no task arose this year.",
        ),
        "no-task-not-alone": (
            "Mục {item}: đã khai không phát sinh nhiệm vụ thì không khai thêm thông tin nào khác.",
            "Item {item}: where no task arose this year, nothing else is declared.",
        ),
        # --- Numbers
        "number-not-whole": (
            "Mục {item}: “{text}” phải là số nguyên.",
            "Item {item}: “{text}” has to be a whole number.",
        ),
        "number-too-large": (
            "Số quá lớn, tối đa là {maximum}.",
            "The number is too large, at most {maximum} is allowed.",
        ),
        "number-too-small": (
            "Số quá nhỏ, tối thiểu là {minimum}.",
            "The number is too small, it has to be at least {minimum}.",
        ),
        "number-too-precise": (
            "Số có quá nhiều chữ số thập phân, tối đa là {places}.",
            "The number has too many decimal places, at most {places} are allowed.",
        ),
        # --- Points
        "points-negative": (
            "Điểm {points} của mục {item} không được âm.",
            "The points {points} of item {item} must not be negative.",
        ),
        "points-above-maximum": (
            "Điểm {points} vượt điểm tối đa {maximum} của mục {item}.",
            "The points {points} are above the maximum {maximum} of item {item}.",
        ),
        "points-off-step": (
            "Điểm {points} của mục {item} không phải là bội số của {step}.",
            "The points {points} of item {item} are not a multiple of {step}.",
        ),
        "ratio-above-one": (
            "Mục {item}: tử số {numerator} lớn hơn mẫu số {denominator}.",
            "Item {item}: the numerator {numerator} is larger than the denominator {denominator}.",
        ),
        "ratio-without-denominator": (
            "Mục {item}: mẫu số không được bằng 0.",
            "Item {item}: the denominator must not be 0.",
        ),
        # --- Formulas
        "formula-malformed": (
            "Không đọc được công thức ở vị trí {position}, tại “{found}” ({reason}).",
            "The formula cannot be read at position {position}, at “{found}” ({reason}).",
        ),
        "formula-name-unknown": (
            "Công thức dùng “{name}” nhưng không có thông tin nào tên như vậy.",
            "The formula uses “{name}”, and no input is called so.",
        ),
        "formula-division-by-zero": (
            "Với các số này công thức phải chia cho 0.",
            "With these numbers the formula divides by 0.",
        ),
    }
)
