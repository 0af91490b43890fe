"""How rank ranges are found, and what they cannot say: it stands beside every one of them."""

from collections.abc import Mapping
from types import MappingProxyType

METHOD: Mapping[str, str] = MappingProxyType(
    {
        "vi": (
            "Phiếu trả lời về mỗi cơ quan được rút lại ngẫu nhiên có hoàn lại từ chính các phiếu "
            "đã thu, đúng bằng số phiếu đó, nhiều lần: rút nguyên cả phiếu; riêng kết quả khảo "
            "sát nhập từ nơi khác chỉ có số đếm nên rút riêng từng câu hỏi. Câu trả lời không hợp "
            "lệ (không có ý kiến, bỏ trống) cũng được rút. Điểm tự chấm và điểm thẩm định giữ "
            "nguyên. Mỗi lần rút, thứ hạng được tính đúng theo bộ tiêu chí. Khoảng hạng chứa thứ "
            "hạng của 95 % số lần. Hai cơ quan không phân biệt được nếu không cơ quan nào đứng "
            "trên trong ít nhất 95 % số lần; trong một nhóm không có hai cơ quan nào phân biệt "
            "được, và các nhóm có thể giao nhau. Cách này chỉ cho biết thứ hạng phụ thuộc bao "
            "nhiêu vào việc ai đã được hỏi, không cho biết câu trả lời có trung thực hay khảo sát "
            "có bỏ sót ai; khi có ít phiếu, khoảng hạng hẹp hơn thực tế. Thứ hạng chính thức "
            "không thay đổi."
        ),
        "en": (
            "What was answered about each agency was drawn again, at random and with replacement, "
            "from the answers that came, as many as they are, many times: whole responses; of "
            "certified results only counts are known, so that their answers are drawn question by "
            "question. What is no valid answer (no opinion, or none) is drawn too. Self-scores "
            "and appraised points stay as they are. Each time the ranks were counted as the "
            "scheme says. A range holds the ranks of 95 % of the times. Two agencies cannot be "
            "told apart where neither stands above the other at least 95 % of the times; no two "
            "agencies of a group can, and groups may overlap. This says how much a rank hangs on "
            "who was asked, and not whether the answers are honest, or whom the survey missed; "
            "where few answered, ranges are narrower than they should be. The official rank stays "
            "as it is."
        ),
    }
)
