"""What is said of rebuilds: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "rebuild-unknown": (
            "Không có lần dựng lại nào mang mã {rebuild}.",
            "There is no rebuild with the id {rebuild}.",
        ),
        "too-many-rebuilds": (
            "Đã có {maximum} lần dựng lại đang chờ; hãy đợi một số lần xong rồi yêu cầu lại.",
            "{maximum} rebuilds wait already; order this one again when some of them have ended.",
        ),
        "rebuild-under-way": (
            "Đợt “{cycle}” đang được dựng lại ở nơi khác; hãy chờ xong rồi chạy lại.",
            "Somebody else is rebuilding cycle “{cycle}”; wait for that, then try again.",
        ),
        "rebuild-overtaken": (
            "Nơi khác vừa bắt đầu dựng lại đợt “{cycle}”; bản ở đây không được dùng.",
            "Somebody else has begun to rebuild cycle “{cycle}”; what was made here never serves.",
        ),
        "rebuild-process-ended": (
            "Tiến trình dựng lại {cycles} đã bị dừng; hãy chạy lại lệnh để làm tiếp.",
            "The process that was rebuilding {cycles} has ended; run the command again to go on.",
        ),
        "rollback-impossible": (
            "Đợt “{cycle}” không có bản trước để quay lại.",
            "Cycle “{cycle}” has no version before this one to go back to.",
        ),
        "rollback-of-version": (
            "Bản {former} của đợt “{cycle}” do phiên bản phần mềm khác lập; hãy chạy lại nó.",
            "{former} of cycle “{cycle}” was drawn by another version of this software; run it.",
        ),
        "ledger-unsteady": (
            "Sổ cái của đợt “{cycle}” đang tăng quá nhanh để chốt điểm cuối; hãy thử lại sau.",
            "The ledger of cycle “{cycle}” grows too fast to note where it ends; try again later.",
        ),
        "serving-unsteady": (
            "Bản đang dùng của đợt “{cycle}” thay đổi liên tục nên không so được; hãy thử lại sau.",
            "What serves of cycle “{cycle}” keeps changing, and cannot be compared; try again.",
        ),
        # --- What it stops at
        "rebuild-stopped": (
            "Dừng ở bản ghi {entry} (dữ kiện {fact}): {because}. Bản đang dùng không thay đổi.",
            "It stops at the entry {entry} (fact {fact}): {because}. What serves stays.",
        ),
        "rebuild-sources-differ": (
            "Hai nguồn khác nhau tại {entry} (dữ kiện {fact}). Bản đang dùng không thay đổi.",
            "Two sources differ at {entry} (fact {fact}). What serves stays.",
        ),
        "rebuild-record-unreadable": (
            "Bản ghi {position} của phân vùng {partition} không đọc được. Bản đang dùng giữ lại.",
            "Record {position} of partition {partition} names no place. What serves stays.",
        ),
        "rebuild-topic-ends": (
            "Kênh hết ở bản ghi {number}/{size} của đợt “{cycle}”. Bản đang dùng giữ nguyên.",
            "The topic ends at entry {number} of {size} of cycle “{cycle}”. What serves stays.",
        ),
    }
)
