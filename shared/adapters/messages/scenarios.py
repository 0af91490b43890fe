"""What scenarios say when they cannot be computed: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "changes-refused": (
            "Không thể giả định như vậy vì có {count} chỗ sai; hãy sửa từng chỗ nêu dưới đây.",
            "This cannot be supposed for {count:reason|reasons}; correct all that is named below.",
        ),
        "change-repeated": (
            "Thay đổi này nói về cùng một nội dung với {first}; hãy giữ lại một trong hai.",
            "This change speaks of the same thing as {first}; keep one of them.",
        ),
        "part-unknown": (
            "Bộ tiêu chí cấp {tier} không có lĩnh vực, tiêu chí hay mục nào mang mã {part}.",
            "The scheme of the tier {tier} has no area, criterion or item with the code {part}.",
        ),
        "rounds-too-many": (
            "Với số phiếu này chỉ có thể rút lại tối đa {maximum} lần, không phải {rounds}.",
            "With so many answers at most {maximum} rounds can be drawn, and not {rounds}.",
        ),
        "scenarios-busy": (
            "Đang có {maximum} yêu cầu tính thử; hãy thử lại sau ít giây.",
            "There are {maximum} scenarios to be computed already; try again in some seconds.",
        ),
    }
)
