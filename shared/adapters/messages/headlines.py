"""What stands over a refusal that people read as a page: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "headline-early": ("Khảo sát chưa mở", "The survey is not open yet"),
        "headline-late": ("Khảo sát đã đóng", "The survey is closed"),
        "headline-withdrawn": ("Đợt đánh giá này đã bị hủy", "This cycle was withdrawn"),
        "headline-spent": ("Mã này đã được dùng", "This code was used already"),
        "headline-code": ("Mã mời chưa đúng", "This code is not known here"),
        "headline-link": (
            "Đường dẫn này không nhận thêm phiếu",
            "This link takes no more answers",
        ),
        "headline-results": ("Kết quả chưa được công bố", "The results are not published yet"),
        "headline-page": ("Không tìm thấy trang này", "This page was not found"),
        "headline-unsigned": ("Cần đăng nhập để xem trang này", "Sign in to see this page"),
        "headline-kept": ("Trang này không dành cho bạn", "This page is not for you"),
        "headline-unread": ("Chưa đọc được nội dung đã gửi", "What was sent could not be read"),
        "headline-large": ("Nội dung đã gửi quá dài", "What was sent is too long"),
        "headline-refused": ("Chưa thực hiện được", "This could not be done"),
        "headline-fault": ("Hệ thống gặp lỗi", "Something went wrong here"),
        "headline-wait": ("Xin đợi một lát", "Please wait a moment"),
    }
)
