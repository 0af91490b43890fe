"""What ranking says when it says no: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- What cannot be found
        "cycle-not-counted": (
            "Chưa có dữ kiện nào của đợt đánh giá “{name}”; hãy kiểm tra mã đợt.",
            "There is no fact of a cycle “{name}” yet; check the code of the cycle.",
        ),
        "table-unknown": (
            "Không có bảng xếp hạng của cấp “{tier}”; các cấp đang có: {tiers}.",
            "There is no table of the tier “{tier}”; there are: {tiers}.",
        ),
        "tier-required": (
            "Đợt này có nhiều bảng xếp hạng; hãy chọn một cấp: {tiers}.",
            "This cycle has several tables; choose a tier: {tiers}.",
        ),
        "agency-not-in-table": (
            "“{name}” không có trong bảng xếp hạng nào của đợt này; hãy xem mã trong bảng.",
            "“{name}” is in no table of this cycle; look for its code in the table.",
        ),
        "explained-part-unknown": (
            (
                "Bộ tiêu chí cấp {tier} không có lĩnh vực, tiêu chí hay mục nào mang mã “{part}”; "
                "các lĩnh vực: {areas}."
            ),
            (
                "The scheme of the tier {tier} has no area, criterion or item with the code "
                "“{part}”; its areas: {areas}."
            ),
        ),
        "ledger-not-as-counted": (
            "{size} dữ kiện đầu của sổ cái không còn như lúc được tính; hãy tìm nguyên nhân.",
            "The first {size} entries of the ledger are not those that were counted; find out why.",
        ),
        "difference-backwards": (
            "Số {first} đứng sau số {last}: hãy hỏi từ số nhỏ đến số lớn.",
            "The number {first} lies behind {last}: ask from the earlier to the later one.",
        ),
        "difference-too-long": (
            "Ở giữa có {facts} dữ kiện; mỗi lần so sánh không quá {maximum}.",
            "{facts} facts lie between; one comparison takes {maximum} at most.",
        ),
        "number-unknown": (
            "Sổ cái mới có {size} dữ kiện, chưa có số {number}.",
            "The ledger has {size:entry|entries}, and none with the number {number} yet.",
        ),
        "flag-kind-unknown": (
            "Không có loại dấu hiệu “{kind}”; các loại có: {kinds}.",
            "There is no kind of flags “{kind}”; there are: {kinds}.",
        ),
        "result-withdrawn": (
            "Đợt đánh giá {cycle} đã bị hủy: kết quả từng công bố không còn là kết quả.",
            "The cycle {cycle} was withdrawn: what was published of it is no result any more.",
        ),
        "result-not-published": (
            "Kết quả của đợt này chưa được công bố.",
            "The result of this cycle has not been published yet.",
        ),
        "revision-unknown": (
            "Không có lần công bố số {revision}; lần mới nhất là số {last}.",
            "There is no revision {revision}; the newest is {last}.",
        ),
        "publication-not-reproduced": (
            "Tính lại từ sổ cái không ra đúng kết quả đã công bố (lần {revision}); cần kiểm tra.",
            "The ledger does not give revision {revision} as it was published; have it examined.",
        ),
        # --- Following a ledger
        "too-many-followers": (
            "Đang có {maximum} nơi theo dõi sổ cái qua tiến trình này; hãy thử lại sau.",
            "This process has {maximum} followers of ledgers already; come again later.",
        ),
        # --- Approving and publishing
        "table-changed": (
            "Bảng kết quả đã thay đổi sau khi Hội đồng xem; hãy xem lại bảng có mã {present}.",
            "The tables have changed since the council saw them; look again at {present}.",
        ),
        "result-hindered": (
            "Chưa thể thực hiện vì còn {count} vướng mắc; hãy xử lý từng vướng mắc nêu dưới đây.",
            "This has to wait for {count:thing|things}; deal with all that is named below.",
        ),
        "result-not-approved": (
            "Hội đồng chưa thông qua kết quả này.",
            "The council has not approved this result.",
        ),
        "result-approved-already": (
            "Hội đồng đã thông qua đúng kết quả này.",
            "The council has approved this very result already.",
        ),
        "approval-outdated": (
            "Kết quả đã thay đổi sau khi được thông qua; Hội đồng cần thông qua lại.",
            "The result has changed since it was approved; the council has to approve it again.",
        ),
        "result-published-already": (
            "Kết quả đã được công bố; muốn sửa, hãy công bố lần tiếp theo kèm lý do.",
            "The result is published already; to correct it, publish the next revision, and why.",
        ),
        "revision-published": (
            "Lần công bố số {revision} đã có, theo quyết định {decision}; hãy dùng số tiếp theo.",
            "Revision {revision} exists, by decision {decision}; use the next number.",
        ),
        "revision-out-of-order": (
            "Lần công bố tiếp theo phải là số {next}, không phải {revision}.",
            "The next revision is {next}, not {revision}.",
        ),
        "table-unchanged": (
            "Bảng và quyết định không khác lần công bố trước nên không có gì để sửa.",
            "Tables and decision are those of the revision before; there is nothing to correct.",
        ),
        "reason-required": (
            "Công bố sửa đổi phải nêu lý do.",
            "A correction says why.",
        ),
        "reason-not-taken": (
            "Lần công bố đầu tiên không nêu lý do sửa đổi.",
            "The first publication takes no reason for a correction.",
        ),
        # --- What forbids a publication
        "cycle-not-open": (
            "Đợt đánh giá chưa được mở.",
            "The cycle has not been opened.",
        ),
        "cycle-without-result": (
            "Đợt đánh giá đã bị hủy, không có kết quả.",
            "The cycle was withdrawn, and ends without a result.",
        ),
        "scheme-missing": (
            "Cấp “{tier}” chưa có bộ tiêu chí đọc được.",
            "The tier “{tier}” has no scheme that can be read.",
        ),
        "item-pending": (
            "{agency}: tiêu chí {item} chưa được thẩm định.",
            "{agency}: item {item} has not been decided.",
        ),
        "item-unanswered": (
            "{agency}: tiêu chí {item} chưa có phiếu khảo sát hợp lệ nào.",
            "{agency}: item {item} has no valid answer yet.",
        ),
        "agency-unapproved": (
            "{agency}: Hội đồng chưa thông qua kết quả thẩm định.",
            "{agency}: the council has not approved its appraisal.",
        ),
        "submission-reopened": (
            "{agency}: bản tự đánh giá đang được mở lại.",
            "{agency}: its sheet is open again.",
        ),
        "questionnaire-open": (
            "Bộ câu hỏi {questionnaire} còn đang lấy ý kiến.",
            "Questionnaire {questionnaire} still takes answers.",
        ),
        "stream-parked": (
            "Sổ cái thiếu dữ kiện của luồng {stream}; hãy chờ hoặc kiểm tra dịch vụ gửi.",
            "Facts of the stream {stream} are missing; wait, or look at the service that sends it.",
        ),
        "ledger-damaged": (
            "Có dữ kiện trong sổ cái không đọc được: {fact}.",
            "An entry of the ledger cannot be read: {fact}.",
        ),
        "entry-altered": (
            "Dữ kiện {fact} đã được gửi lại với nội dung khác; hãy kiểm tra dịch vụ gửi.",
            "The fact {fact} was told again with other content; look at the service that sent it.",
        ),
        "ledger-alarm": (
            "Sổ cái không còn là sổ cái đã được ký xác nhận; hãy xem mục alarm của sổ cái.",
            "The ledger is no longer the one that was signed; see the alarm of the ledger.",
        ),
    }
)
