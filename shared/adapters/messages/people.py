"""What is said of people and of what they wrote: who is who, and what is to be forgotten."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "people-key-needed": (
            "Chế độ production cần khóa mã hóa danh tính; hãy đặt CCHC_PEOPLE_KEY.",
            "Production needs the key that makes opaque ids of people; set CCHC_PEOPLE_KEY.",
        ),
        "people-key-unusable": (
            "Không dùng được khóa mã hóa danh tính trong {file}: {reason}.",
            "The key of people in {file} cannot be used: {reason}.",
        ),
        "people-key-of-another": (
            (
                "Khóa mã hóa danh tính ({mark}) không phải khóa đã dùng từ đầu ở đây ({expected}): "
                "với nó mọi người sẽ thành người khác. Hãy dùng lại khóa cũ."
            ),
            (
                "The key of people ({mark}) is not the one that was used here from the beginning "
                "({expected}): with it everybody would be somebody else. Use the former key."
            ),
        ),
        "person-unknown": (
            (
                "Sổ cái của đợt này chưa có thao tác nào của mã này; không có gì được ghi lại. "
                "Tìm mã bằng POST /DỊCH-VỤ/people/looks, và nêu một đợt mà người đó đã thao tác. "
                "Ai chỉ xem hoặc bị từ chối ở dịch vụ khác thì gửi thêm `despite_unknown: true`."
            ),
            (
                "The ledger of this cycle tells of nobody with this id; nothing was recorded. Find "
                "the id by POST /SERVICE/people/looks, and name a cycle in which they acted. For "
                "who only looked, or was refused, at another service, add `despite_unknown: true`."
            ),
        ),
        "nothing-to-shred": (
            "Không có nội dung niêm phong nào để hủy, hoặc đã hủy hết.",
            "There is no sealed text to shred, or all of it is shredded.",
        ),
        "shredding-over": (
            "Đề nghị {shredding} đã được thực hiện.",
            "The proposal {shredding} has been carried out.",
        ),
        "shredding-unknown": (
            "Không có đề nghị {shredding}.",
            "There is no proposal {shredding}.",
        ),
        "text-unknown": (
            "Dữ kiện {fact} không có trong đợt này, hoặc không có nội dung niêm phong.",
            "The fact {fact} is not in this cycle, or holds no sealed text.",
        ),
        "texts-still-needed": (
            (
                "Nội dung của {fact} còn phục vụ việc chưa quyết định; chỉ được hủy sau khi "
                "kết quả của đợt được công bố hoặc đợt bị hủy."
            ),
            (
                "The text of {fact} still carries what is to be decided; it can be shredded once "
                "the cycle is published behind it, or withdrawn."
            ),
        ),
        "person-or-facts": (
            "Hãy nêu một người, hoặc các dữ kiện; không nêu cả hai.",
            "Name a person, or facts; not both.",
        ),
    }
)
