"""What a process of a service says of its settings and of its health, in words."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "database-of-another": (
            "Cơ sở dữ liệu này thuộc dịch vụ {service}, chế độ {mode}; hãy sửa CCHC_POSTGRES.",
            "This database belongs to the service {service} in mode {mode}; change CCHC_POSTGRES.",
        ),
        "database-of-later-version": (
            (
                "Các bảng đã ở bản {found}, chỉ dùng được với phiên bản phần mềm từ bản {oldest}; "
                "phiên bản này biết đến bản {own}. Hãy chạy phiên bản mới hơn."
            ),
            (
                "The tables are of edition {found}, for versions that know edition {oldest} or a "
                "later one; this one knows edition {own}. Run a newer version."
            ),
        ),
        "metrics-port-taken": (
            "Không mở được cổng {port} cho số đo ({reason}); hãy sửa CCHC_METRICS_PORT.",
            "The port {port} for metrics cannot be opened ({reason}); change CCHC_METRICS_PORT.",
        ),
        "process-starting": (
            "Tiến trình đang khởi động: chưa nối được với các máy chủ mà nó cần.",
            "The process is starting: it has not reached the servers that it needs yet.",
        ),
        "process-stuck": (
            "Tiến trình không tiến thêm được ở: {loops}. Hãy khởi động lại tiến trình.",
            "The process gets no further in: {loops}. Start it again.",
        ),
        "servers-not-reached": (
            "Sau {seconds} giây vẫn chưa nối được với máy chủ: {reason}",
            "The servers could not be reached within {seconds} seconds: {reason}",
        ),
        "settings-wrong": (
            (
                "Dịch vụ {service} chưa khởi động được vì thiếu hoặc sai thiết lập "
                "(danh sách: python -m services.{service} --help):"
            ),
            (
                "The service {service} does not start: settings are missing or wrong "
                "(all of them: python -m services.{service} --help):"
            ),
        ),
        "setting-missing": (
            "Thiếu {setting}; giá trị có dạng: {expected}",
            "{setting} is missing; a value looks like this: {expected}",
        ),
        "setting-wrong": (
            "{setting} không nhận “{value}”; giá trị phải có dạng: {expected}",
            "{setting} does not take “{value}”; a value looks like this: {expected}",
        ),
        "setting-needed": (
            "Chế độ {mode} cần {setting}.",
            "The mode {mode} needs {setting}.",
        ),
        "setting-excluded": (
            "Chế độ {mode} không cho phép {setting}; hãy bỏ thiết lập này.",
            "The mode {mode} does not allow {setting}; take it away.",
        ),
        "trial-folder-unusable": (
            "Không dùng được thư mục {folder} ({reason}); hãy sửa CCHC_TRIAL_DIR.",
            "The folder {folder} cannot be used ({reason}); change CCHC_TRIAL_DIR.",
        ),
        "setting-alone": (
            "{setting} phải đi cùng {other}, hiện chưa có.",
            "{setting} goes with {other}, which is not set.",
        ),
        "setting-one-replica": (
            "Chế độ {mode} cần {setting} từ 3 trở lên: bản sao duy nhất có thể mất khi mất điện.",
            "The mode {mode} needs {setting} of 3 or more: a power cut may take the only copy.",
        ),
        "setting-unsafe": (
            "Hãy bỏ {setting}: với nó, người đọc nhật ký bỏ sót khoảng 1 đến 2 phần trăm dữ kiện.",
            "Take {setting} away: with it, who follows the log misses 1 or 2 per cent of it.",
        ),
    }
)
