"""What the codes of an explanation mean: (tiếng Việt, English) by code.

They stand in every explanation beside the codes that it uses, so that it can be read by itself.
"""

from collections.abc import Mapping
from types import MappingProxyType

HOW: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Above the items
        "areas": ("cộng các lĩnh vực", "the sum of the areas"),
        "areas-and-extras": (
            "cộng các lĩnh vực và điểm thưởng, trừ điểm phạt",
            "the sum of the areas, with bonus and without penalty",
        ),
        "criteria": ("cộng các tiêu chí", "the sum of the criteria"),
        "items": ("cộng các mục", "the sum of the items"),
        "claims": ("cộng điểm các mục tự chấm", "the sum of what was claimed"),
        "percent": ("điểm / điểm tối đa x 100", "points / maximum x 100"),
        "percent-capped": (
            "điểm / điểm tối đa x 100, không quá mức trần của bộ tiêu chí",
            "points / maximum x 100, and no more than the cap of the scheme",
        ),
        "thresholds": (
            "loại cao nhất mà chỉ số chưa làm tròn đạt tới",
            "the highest grade that the unrounded index reaches",
        ),
        "rank-competition": (
            (
                "theo chỉ số chưa làm tròn, rồi theo các cột xét khi bằng nhau; bằng hết thì "
                "đồng hạng và bỏ trống hạng sau (1 2 2 4)"
            ),
            (
                "by the unrounded index, then by the columns for ties; who is equal in all shares "
                "a rank, and the next ones stay empty (1 2 2 4)"
            ),
        ),
        "rank-dense": (
            (
                "theo chỉ số chưa làm tròn, rồi theo các cột xét khi bằng nhau; bằng hết thì "
                "đồng hạng, không bỏ trống hạng nào (1 2 2 3)"
            ),
            (
                "by the unrounded index, then by the columns for ties; who is equal in all shares "
                "a rank, and none stays empty (1 2 2 3)"
            ),
        ),
        "rank-ordinal": (
            "theo chỉ số chưa làm tròn, rồi theo các cột xét khi bằng nhau; bằng hết thì theo mã",
            "by the unrounded index, then by the columns for ties; who is equal in all by code",
        ),
        "half-up": (
            "chỉ số liệu hiển thị được làm tròn, hai chữ số, từ nửa trở lên thì tăng",
            "only what is shown is rounded, to two decimals, halves away from zero",
        ),
        "unranked": ("không xếp hạng", "not ranked"),
        # --- By the rule
        "choice": ("điểm của phương án đã chọn", "the points of the option chosen"),
        "count": (
            "điểm mỗi đơn vị x số lượng, không quá tối đa",
            "points per unit x count, no more than the maximum",
        ),
        "levels": ("tỷ lệ của mức đạt được x tối đa", "the share of the level x the maximum"),
        "ratio": ("tử số / mẫu số x tối đa", "numerator / denominator x the maximum"),
        "ratio-below-floor": (
            "tỷ lệ thấp hơn mức sàn nên 0 điểm",
            "the ratio lies below its floor and gives nothing",
        ),
        "deduction": (
            "tối đa trừ điểm mỗi lần vi phạm, không dưới 0",
            "the maximum less points for each breach, not below 0",
        ),
        "formula": (
            "công thức của bộ tiêu chí với các số đã khai, trong khoảng 0 đến tối đa",
            "the formula of the scheme with what was declared, between 0 and the maximum",
        ),
        "manual": ("điểm tự chấm", "the points claimed"),
        "sum": ("cộng các phần của quy tắc", "the parts of the rule, added up"),
        "no-task": (
            "trong năm không phát sinh nhiệm vụ: theo quy định của mục",
            "no task arose this year: what the item says of that",
        ),
        # --- By other means
        "awarded": ("điểm Hội đồng cho", "the points that the council awarded"),
        "imported": (
            "điểm của bảng đã công bố, trong khoảng 0 đến tối đa",
            "the points of a published table, between 0 and the maximum",
        ),
        "survey": (
            "tối đa x trung bình theo trọng số của các nhóm có trả lời hợp lệ",
            "the maximum x the weighted mean of the groups with valid answers",
        ),
        "small-group": (
            "quá ít người trả lời nên không nêu chi tiết; điểm vẫn tính mọi câu trả lời",
            "so few answered that it is not told how; the points count every answer",
        ),
        "mean": (
            "trung bình giá trị các câu trả lời hợp lệ",
            "the mean of what the valid answers are worth",
        ),
        "scheme": ("theo bộ tiêu chí", "by the scheme"),
        # --- Nothing
        "nothing-said": ("chưa khai", "nothing was declared"),
        "not-scorable": (
            "bộ tiêu chí hiện hành không chấm được nội dung đã khai",
            "the present scheme cannot score what was declared",
        ),
        "unanswered": ("chưa có câu trả lời hợp lệ", "no valid answer yet"),
        "not-applicable": ("không áp dụng", "it does not apply"),
        "excepted": (
            "bộ tiêu chí không áp dụng mục này cho cơ quan",
            "the scheme excepts this agency",
        ),
        "unanswered-not-applicable": (
            "không có câu trả lời hợp lệ nên không áp dụng",
            "no valid answer, so that it does not apply",
        ),
        "imported-not-applicable": (
            "bảng đã công bố ghi là không áp dụng",
            "a published table says that it does not apply",
        ),
        # --- Why a decision stands no more
        "declaration-changed": (
            "cơ quan đã khai lại sau quyết định",
            "the agency declared again after the decision",
        ),
        "evidence-withdrawn": (
            "tài liệu mà Hội đồng đã xem không còn",
            "evidence that the council saw is there no more",
        ),
        "scheme-amended": (
            "bộ tiêu chí đã sửa đổi cho điểm khác",
            "the amended scheme gives other points",
        ),
    }
)
