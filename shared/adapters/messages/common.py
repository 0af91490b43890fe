"""What several services say when they say no: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Who may
        "role-not-allowed": (
            "Vai trò {role} không được làm việc này ({action}); hãy dùng tài khoản khác.",
            "The role {role} may not do this ({action}); use another account.",
        ),
        "agency-not-yours": (
            "Đây là dữ liệu của {agency}; bạn chỉ xem và sửa dữ liệu của cơ quan mình.",
            "This belongs to {agency}; you see and change what is your own agency's.",
        ),
        "agency-is-your-own": (
            "Bạn không thẩm định cơ quan mình; hãy để thành viên khác quyết định.",
            "You do not decide on your own agency; leave it to another member.",
        ),
        "agency-claim-missing": (
            "Tài khoản {role} này không ghi cơ quan công tác; hãy nhờ người quản trị bổ sung.",
            "This {role} account says no agency of its own; ask the administrator to add it.",
        ),
        "criterion-not-assigned": (
            "Bạn không được phân công thẩm định tiêu chí {criterion}; hãy liên hệ người quản trị.",
            "Criterion {criterion} is not assigned to you; ask the administrator.",
        ),
        "person-is-yourself": (
            "Mã {person} là của chính bạn; cần một người khác làm việc này.",
            "The id {person} is your own; somebody else has to do this.",
        ),
        "looks-too-many": (
            "Mỗi người chỉ được tra cứu {maximum} lần trong một ngày; hãy thử lại sau.",
            "Nobody looks people up more than {maximum} times within a day; try again later.",
        ),
        "second-person-required": (
            "Việc này ({action}) do chính bạn khởi đầu; cần một người khác đồng ý.",
            "You began this ({action}) yourself; another person has to agree to it.",
        ),
        "person-required": (
            "Việc này ({action}) phải do một người làm; tài khoản dịch vụ không được làm.",
            "A person has to answer for this ({action}); a service account may not do it.",
        ),
        "reading-needs-reason": (
            (
                "Bạn không được phân công thẩm định tài liệu này; hãy nêu lý do"
                " (POST .../agencies/{agency}/readings), rồi tải lại."
            ),
            (
                "Nothing assigned to you makes it your duty to read this evidence; say why"
                " (POST .../agencies/{agency}/readings), and ask for it again."
            ),
        ),
        # --- Who was first
        "version-required": (
            "Đã có nội dung ở đây (phiên bản {current}); hãy đọc rồi gửi lại kèm If-Match.",
            "There is something here already (version {current}); read it, and send If-Match.",
        ),
        "version-stale": (
            "Nội dung đã thay đổi sau khi bạn đọc (nay là phiên bản {current}); hãy đọc lại.",
            "It changed after you read it (it is at version {current} now); read it again.",
        ),
        "version-of-nothing": (
            "Ở đây chưa có gì để thay; hãy kiểm tra lại tên, hoặc bỏ If-Match để tạo mới.",
            "There is nothing here to replace; check the name, or leave out If-Match to make it.",
        ),
        "version-unnamed": (
            "If-Match: * không nói bạn đã đọc phiên bản nào; hãy đọc rồi gửi ETag của bản đã đọc.",
            "If-Match: * does not say which version you have read; read it, and send its ETag.",
        ),
        "busy": (
            "Nhiều người cùng ghi vào {stream}; hãy gửi lại.",
            "Too many write to {stream} at once; send it again.",
        ),
        "idempotency-key-reused": (
            "Mã Idempotency-Key {key} đã dùng cho một yêu cầu khác; hãy dùng mã mới.",
            "The Idempotency-Key {key} was used for another request; use a new one.",
        ),
        "fact-too-large": (
            "Nội dung quá lớn ({size} byte, tối đa {maximum}); hãy rút gọn hoặc chia nhỏ.",
            "This is too large ({size} bytes, at most {maximum}); shorten or split it.",
        ),
        # --- What a newer version wrote
        "stream-unreadable": (
            "Phiên bản này không đọc được dữ kiện {fact}; hãy nâng cấp dịch vụ.",
            "This version of the service cannot read the fact {fact}; upgrade it.",
        ),
        "log-unreadable": (
            "Phiên bản này không đọc được dữ kiện {fact} và mọi thứ sau đó; hãy nâng cấp dịch vụ.",
            "This version of the service cannot show what lies behind the fact {fact}; upgrade it.",
        ),
        # --- Cycles and what is in them
        "cycle-unknown": (
            "Không có đợt đánh giá này; hãy kiểm tra lại mã.",
            "There is no such cycle; check its name.",
        ),
        "cycle-withdrawn": (
            "Đợt đánh giá {cycle} đã bị hủy, không nhận thêm gì.",
            "The cycle {cycle} was withdrawn and takes nothing more.",
        ),
        "tier-unknown": (
            "Đợt đánh giá này không có bộ tiêu chí cho cấp {tier}; hãy kiểm tra lại mã cấp.",
            "The cycle has no scheme for the tier {tier}; check its code.",
        ),
        "scheme-unreadable": (
            "Không đọc được bộ tiêu chí hiện hành của cấp {tier}; Sở Nội vụ cần thay bản khác.",
            "The present scheme of the tier {tier} cannot be read; it has to be amended.",
        ),
        "agency-not-in-cycle": (
            "Đợt đánh giá {cycle} không có cơ quan {agency}; hãy kiểm tra lại mã.",
            "The cycle {cycle} has no agency {agency}; check its code.",
        ),
        "item-unknown": (
            "Bộ tiêu chí không có mục {item}; hãy kiểm tra lại mã.",
            "The scheme has no item {item}; check its code.",
        ),
        "submission-not-locked": (
            "Phiếu tự đánh giá của {agency} chưa chốt.",
            "The sheet of {agency} is not locked yet.",
        ),
    }
)
