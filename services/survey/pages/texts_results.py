"""What the page of the results says, in Vietnamese and in English."""

from collections.abc import Mapping
from types import MappingProxyType

RESULTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "results-title": ("Kết quả khảo sát", "Results of the survey"),
        "results-contents": ("Xem kết quả của", "Results of"),
        "results-all": ("Tất cả các cơ quan", "All agencies together"),
        "results-silent": (
            "Không có phiếu trả lời: {number} cơ quan",
            "Agencies without answers: {number}",
        ),
        "results-exact": (
            "Số liệu đầy đủ, cả theo dịch vụ và lĩnh vực (JSON)",
            "All numbers, by service and area too (JSON)",
        ),
        "results-option": ("Phương án", "Option"),
        "results-count": ("Số lượt chọn", "Chosen"),
        "results-nobody": ("Không có ai trả lời câu này.", "Nobody answered this question."),
        "results-answered": (
            "{answered} người trả lời, trong đó {valid} người có ý kiến.",
            "{answered} people answered, {valid} of them with an opinion.",
        ),
        "results-satisfied": (
            (
                "Hài lòng: {satisfied} người, {percent} % số người có ý kiến; sai số {margin} "
                "điểm phần trăm (từ {low} % đến {high} %)."
            ),
            (
                "Satisfied: {satisfied} people, {percent} % of those with an opinion; margin "
                "{margin} percentage points ({low} % to {high} %)."
            ),
        ),
        "results-certified": (
            "Gồm cả kết quả đã được xác nhận của: {sources}.",
            "Certified results are counted in, of: {sources}.",
        ),
        "results-certified-forms": ("{source} ({forms} phiếu)", "{source} ({forms} forms)"),
    }
)
