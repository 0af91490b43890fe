"""What the survey says of its results: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "comparison-unknown": (
            "Không có phiếu {questionnaire} để so sánh; hãy xem lại compared_with.",
            "There is no questionnaire {questionnaire} to compare with; correct compared_with.",
        ),
        "comparison-with-itself": (
            "compared_with chính là phiếu {questionnaire} này; hãy nêu phiếu của đợt khác.",
            "compared_with is this {questionnaire} itself; name the one of another cycle.",
        ),
        "results-not-published": (
            "Kết quả của {questionnaire} chỉ được công bố sau khi đóng khảo sát.",
            "The results of {questionnaire} are published once the survey is closed, not before.",
        ),
        "points-of-one-group": (
            "Điểm ở đây chỉ tính theo nhóm đối tượng này; chỉ số tính theo trọng số của các nhóm.",
            "Points are those of this group alone; the index weighs the groups of an item.",
        ),
        "index-counts-all": (
            "Chỉ số tính mọi phiếu hợp lệ, kể cả các nhóm nhỏ không được công bố ở đây.",
            "The index counts every valid answer, those of small groups too that are not shown.",
        ),
        "margins-of-random-samples": (
            "Sai số (mức tin cậy 95 %) chỉ đúng với mẫu ngẫu nhiên, không với liên kết mở.",
            "Margins (at 95 %) are those of random samples; who answers by an open link is none.",
        ),
        "small-group": (
            "Không công bố vì có ít hơn {minimum} người trả lời.",
            "Withheld: fewer than {minimum} people answered.",
        ),
        "gives-another-away": (
            "Không công bố vì từ đó suy ra được kết quả của một nhóm nhỏ.",
            "Withheld: a small group could be computed from it.",
        ),
    }
)
