"""What the survey says near and behind its end: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "form-closed": (
            "Đã hết hạn trả lời: {closes:until}. Nếu cần, xin hỏi cơ quan tổ chức khảo sát.",
            (
                "The survey was open until {closes:until}. If you have a question, ask the survey "
                "office."
            ),
        ),
        "exchange-over": (
            (
                "Đã hết giờ đổi lấy phiếu kín; mã trên phiếu mời chưa được dùng. Xin trả lời bằng "
                "mã ấy theo cách thường, hạn chót: {closes:until}."
            ),
            (
                "It is too late to give the code for a sealed ballot, and the code is not used. "
                "Answer with it in the ordinary way until {closes:until}."
            ),
        ),
        "exchange-ended": (
            (
                "Cuộc khảo sát sắp đóng nên không đổi lấy phiếu kín nữa; mã trên phiếu mời chưa "
                "được dùng. Xin trả lời bằng mã ấy theo cách thường ngay bây giờ."
            ),
            (
                "The survey is about to close, and gives no sealed ballots any more; the code is "
                "not used. Answer with it in the ordinary way now."
            ),
        ),
        "ballots-out": (
            (
                "Còn {count} phiếu kín đã đổi mà chưa gửi; từ nay không đổi thêm phiếu nào. Xin "
                "đợi vài phút rồi đóng lại, hoặc bỏ các phiếu ấy bằng `despite_ballots: true`."
            ),
            (
                "{count:sealed ballot was|sealed ballots were} given and did not come back; "
                "no more are given now. "
                "Close it again in some minutes, or give them up with `despite_ballots: true`."
            ),
        ),
        "log-behind-urn": (
            (
                "Nhật ký {stream} cũ hơn thùng phiếu: thiếu các mẻ đã kiểm đếm, nên không kiểm đếm "
                "tiếp được. Hãy khôi phục nhật ký mới hơn."
            ),
            (
                "The log of {stream} is older than the urn and lacks batches that were counted, "
                "so that nothing more can be. Restore a newer log."
            ),
        ),
    }
)
