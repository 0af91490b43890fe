"""What the council's service says when it says no: (tiếng Việt, English) by code."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # --- Assignments
        "criterion-unknown": (
            "Bộ tiêu chí của cấp {tier} không có tiêu chí {criterion}; hãy xem lại mã tiêu chí.",
            "The scheme of tier {tier} has no criterion {criterion}; check its code.",
        ),
        "criterion-is-surveyed": (
            "Tiêu chí {criterion} chỉ chấm qua điều tra xã hội học nên không phân công thẩm định.",
            "Criterion {criterion} is scored by surveys alone and needs no members.",
        ),
        "members-out-of-range": (
            "Mỗi tiêu chí cần từ 1 đến {maximum} thành viên; danh sách gửi lên có {count}.",
            "A criterion takes 1 to {maximum} members; {count} were named.",
        ),
        "member-twice": (
            "Thành viên {member} có hai lần trong danh sách; hãy giữ lại một.",
            "Member {member} is named twice; keep one of them.",
        ),
        # --- The sheet and the calendar
        "appraisal-unknown": (
            "Hội đồng chưa nhận phiếu tự đánh giá của {agency}; hãy đợi cơ quan chốt điểm.",
            "The council has no sheet of {agency} yet; wait until the agency locks it.",
        ),
        "appraisal-not-opened": (
            "Hội đồng chưa nhận phiếu tự đánh giá của {agency}; hãy đợi cơ quan chốt điểm.",
            "The council has no sheet of {agency} yet; wait until the agency locks it.",
        ),
        "appraisal-approved": (
            "Kết quả thẩm định {agency} đã phê duyệt; muốn sửa phải mở lại phiếu.",
            "The appraisal of {agency} is approved; to change it, two members reopen the sheet.",
        ),
        "appraisal-round-closed": (
            "Hiện không trong vòng thẩm định nào đối với {agency}; hãy xem lịch của đợt đánh giá.",
            "No round of appraisal runs for {agency} now; see the calendar of the cycle.",
        ),
        # --- Decisions
        "declaration-changed": (
            "Cơ quan đã khai lại mục {item}; hãy tải lại phiếu.",
            "The agency declared item {item} anew; read the sheet again, then decide.",
        ),
        "evidence-quarantined": (
            "Tài liệu kiểm chứng của mục {item} còn chờ quét mã độc; hãy quyết định sau ít phút.",
            "Evidence of item {item} still waits to be scanned; decide in a few minutes.",
        ),
        "evidence-condemned": (
            "Tài liệu của mục {item} có mã độc; hãy quyết định khi nó bị rút, trong vòng một ngày.",
            "Evidence of item {item} has malware in it; decide once it is withdrawn, within a day.",
        ),
        "evidence-changed": (
            "Tài liệu kiểm chứng của mục {item} đã thay đổi; hãy xem lại tài liệu rồi quyết định.",
            "The evidence for item {item} changed; look at it again, and decide then.",
        ),
        "recognise-awards-the-self-score": (
            "Công nhận mục {item} là cho {points} điểm, không phải {awarded}; hãy sửa lại.",
            "To recognise item {item} awards {points}, not {awarded}; or reject it.",
        ),
        "recognise-takes-no-reason": (
            "Công nhận mục {item} không kèm lý do hay căn cứ pháp lý; hãy bỏ các trường đó.",
            "Recognising item {item} takes no reason and no legal basis; leave them out.",
        ),
        "reject-needs-points": (
            "Không công nhận mục {item} thì phải ghi điểm thẩm định (awarded).",
            "To reject item {item}, say how many points are awarded.",
        ),
        "reject-needs-reason": (
            "Không công nhận mục {item} thì phải ghi lý do (reason).",
            "To reject item {item}, give the reason.",
        ),
        "reject-needs-legal-basis": (
            "Không công nhận mục {item} thì phải ghi căn cứ pháp lý (legal_basis).",
            "To reject item {item}, name the legal basis.",
        ),
        "reject-needs-other-points": (
            "Điểm thẩm định mục {item} đúng bằng điểm tự đánh giá ({points}); hãy chọn công nhận.",
            "The points awarded for item {item} are its self-score ({points}); recognise it.",
        ),
        "nothing-to-reject": (
            "Cơ quan không tự đánh giá mục {item}; hãy công nhận 0 điểm.",
            "The agency declared nothing for item {item}; recognise it with 0 points.",
        ),
        "awarded-out-of-range": (
            "Điểm thẩm định {awarded} của mục {item} phải từ 0 đến {maximum}.",
            "The {awarded} points awarded for item {item} have to lie between 0 and {maximum}.",
        ),
        "item-twice": (
            "Mục {item} có hai lần trong cùng một lần gửi; hãy giữ lại một.",
            "Item {item} is decided twice in one request; keep one of them.",
        ),
        "decisions-refused": (
            "{count} quyết định bị từ chối nên chưa ghi gì; hãy sửa từng mục rồi gửi lại.",
            "{count:decision is|decisions are} refused, and none recorded; mend, and send again.",
        ),
        # --- Explanations
        "explanation-closed": (
            "Hiện không thể yêu cầu {agency} giải trình; hãy xem lịch của đợt đánh giá.",
            "{agency} cannot be asked to explain now; see the calendar of the cycle.",
        ),
        "explanation-out-of-time": (
            "Hạn giải trình phải sau thời điểm hiện tại và không muộn hơn {latest}.",
            "The time to explain ends after now, and at {latest} at the latest.",
        ),
        # --- What takes two people
        "action-unknown": (
            "Không có đề nghị {action} đối với cơ quan này; hãy xem danh sách đề nghị.",
            "There is no proposal {action} about this agency; see the list of proposals.",
        ),
        "action-closed": (
            "Đề nghị {action} đã được xử lý hoặc thay thế; hãy tải lại phiếu thẩm định.",
            "Proposal {action} was settled or replaced; read the sheet again.",
        ),
        "action-void": (
            "Mục {item} đã thay đổi nên đề nghị {action} hết hiệu lực; hãy quyết định lại.",
            "Item {item} changed after proposal {action}, which is void; decide on it again.",
        ),
        "action-orphaned": (
            "Người đưa ra đề nghị {action} nay không được thẩm định nữa; hãy đề nghị lại.",
            "Whoever made proposal {action} does not appraise this any more; propose it anew.",
        ),
        "action-overtaken": (
            "Thời hạn nêu trong đề nghị {action} đã qua; hãy đề nghị lại với thời hạn mới.",
            "The time that proposal {action} names has passed; propose it again with another.",
        ),
        "reopening-out-of-time": (
            "Hạn mở lại phiếu phải sau thời điểm hiện tại và trước khi vòng 2 kết thúc ({latest}).",
            "The sheet is given back until after now, and before round 2 ends ({latest}).",
        ),
        # --- Approval
        "items-pending": (
            "Còn {count} mục chưa được thẩm định ({items}); hãy quyết định hết rồi phê duyệt.",
            "{count:item is|items are} not decided yet ({items}); decide on all, then approve.",
        ),
        "actions-open": (
            "Còn đề nghị chờ người thứ hai đồng ý ({actions}); hãy xử lý xong rồi phê duyệt.",
            "Proposals wait for a second member ({actions}); settle them, then approve.",
        ),
    }
)
