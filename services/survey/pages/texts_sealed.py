"""What the pages say of sending sealed, and of receipts, in Vietnamese and in English."""

from collections.abc import Mapping
from types import MappingProxyType

RECEIPTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "look-up-link": ("Danh sách mã biên nhận đã kiểm đếm", "The receipts that were counted"),
        "receipts-title": ("Mã biên nhận của các phiếu đã kiểm đếm", "Receipts of counted answers"),
        "receipts-count": (
            "Đến nay đã kiểm đếm {count} phiếu. Mỗi phiếu có một mã trong danh sách này.",
            "{count} answers were counted so far. Each has one receipt in this list.",
        ),
        "receipts-search": (
            (
                "Hãy tìm mã của Ông/Bà bằng chức năng “Tìm trong trang” của trình duyệt "
                "(Ctrl+F). Trang "
                "này luôn có đủ mọi mã, nên không ai biết mã nào là của Ông/Bà."
            ),
            (
                "Look for yours with “find in page” of your browser (Ctrl+F). This page always "
                "has all receipts, so that nobody learns which one is yours."
            ),
        ),
        "receipts-later": (
            (
                "Mã chưa có? Phiếu được kiểm đếm từng nhóm ít nhất {least} phiếu; phiếu còn lại "
                "được kiểm đếm khi kết thúc khảo sát."
            ),
            (
                "Not there yet? Answers are counted at least {least} at a time, and the rest "
                "when the survey ends."
            ),
        ),
        "receipts-first": ("Chữ đầu của mã", "First character of the receipt"),
    }
)

SEALED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sealed-form": (
            (
                "Trình duyệt này gửi kín: câu trả lời không đi cùng mã trên phiếu mời, trừ khi "
                "Ông/Bà lưu bản nháp."
            ),
            (
                "This browser sends sealed: your answers do not travel with the code of your "
                "invitation, unless you save a draft."
            ),
        ),
        "sealed-until": (
            "Gửi kín được đến {sealed}; sau đó gửi theo cách thường được đến {closes}.",
            "You can send sealed until {sealed}, and after that in the plain way until {closes}.",
        ),
        "sealed-save": (
            "Khi lưu, trình duyệt gửi phần đã điền kèm mã đến máy chủ một lần để tạo bản nháp.",
            (
                "To save it, the browser once hands what is filled in to the server "
                "together with your code."
            ),
        ),
        "sealed-title": ("Gửi kín", "Sent sealed"),
        "sealed-lead": (
            (
                "Trình duyệt đổi mã trên phiếu mời lấy một lá phiếu kín, đợi từ {shortest} đến "
                "{longest} giây, rồi gửi câu trả lời cùng lá phiếu ấy, không kèm mã. Xin giữ trang "
                "này mở cho đến khi hiện mã biên nhận."
            ),
            (
                "Your browser gives the code for a sealed ballot, waits {shortest} to {longest} "
                "seconds, and sends your answers with that ballot, without the code. Please keep "
                "this page open until it shows your receipt."
            ),
        ),
        "sealed-more": ("Gửi kín bảo vệ điều gì?", "What does this protect?"),
        "sealed-hides": (
            (
                "Máy chủ ký lá phiếu mà không nhìn thấy nó, nên về sau không thể biết lá phiếu "
                "nào đã được "
                "đổi bằng phiếu mời nào: không phải vì chúng tôi hứa, mà vì phép toán không "
                "cho phép (RFC 9474)."
            ),
            (
                "The server signs the ballot without seeing it, and so cannot tell later for which "
                "invitation it was given: not because we promise, but because the "
                "arithmetic leaves no way (RFC 9474)."
            ),
        ),
        "sealed-shows": (
            (
                "Nó không giấu địa chỉ mạng, cùng một kết nối, và giờ gửi. Khi ít người trả "
                "lời, những điều ấy có thể đủ để đoán. Bản nháp đã lưu từng được gửi kèm mã. Nó "
                "cũng không bảo vệ khỏi người dùng chung máy hoặc trang web bị sửa."
            ),
            (
                "It does not hide your network address, that both come over one connection, or "
                "when; where few people answer, that may be enough to guess. A draft that you "
                "saved was sent with the code. Nor does it protect from who uses the same device, "
                "or from a page that was tampered with."
            ),
        ),
        "sealed-key": (
            (
                "Mọi người trả lời về cơ quan này đều dùng chung một khóa công khai. SHA-256 của "
                "khóa trong trang này phải giống với khóa trong nhật ký công khai:"
            ),
            (
                "Everybody who answers about this agency has the same public key. The SHA-256 of "
                "the one in this page has to be that of the key in the public log:"
            ),
        ),
        "sealed-keys": (
            "Các khóa đã công bố (mở thẻ mới)",
            "The keys that were published (opens a new tab)",
        ),
        "sealed-needs": (
            (
                "Để gửi, trang này cần mã trên phiếu mời mà thẻ trình duyệt này không giữ (hoặc "
                "không chạy được JavaScript). Xin mở lại địa chỉ trên phiếu mời."
            ),
            (
                "To send, this page needs the code of your invitation, which this tab of your "
                "browser does not have (or it runs no JavaScript). Please open the address on your "
                "invitation again."
            ),
        ),
        "sealed-preparing": (
            "Đang đổi mã lấy lá phiếu kín…",
            "Your code is being given for a sealed ballot…",
        ),
        "sealed-waiting": (
            (
                "Lá phiếu kín đã sẵn sàng. Trang đợi một lúc, lâu mau tùy ngẫu nhiên, để giờ gửi "
                "không cho biết lá phiếu là của ai. Xin đừng đóng trang."
            ),
            (
                "Your ballot is ready. The page waits for a random while, so that the time tells "
                "nobody whose it is. Please do not close it."
            ),
        ),
        "sealed-sending": ("Đang gửi câu trả lời…", "Your answers are being sent…"),
        "sealed-resumed": (
            (
                "Câu trả lời chưa gửi xong. Mã đã được đổi hoặc đang được đổi lấy lá phiếu kín, và "
                "chỉ trang này gửi tiếp được: xin bấm gửi và đừng đóng trang."
            ),
            (
                "Your answers are not sent to the end yet. The code is given for a ballot, or may "
                "be, and only this page can go on: press send, and do not close it."
            ),
        ),
        "sealed-plain": (
            "Không gửi kín được. Mã của Ông/Bà chưa được dùng; xin gửi theo cách thường.",
            "It cannot be sent sealed. Your code is not used; please send it in the plain way.",
        ),
        "sealed-over": (
            (
                "Đã hết giờ gửi kín. Mã của Ông/Bà chưa được dùng: xin gửi theo cách thường, hạn "
                "chót: {closes}."
            ),
            (
                "It is too late to send sealed. Your code is not used: please send in the plain "
                "way, until {closes}."
            ),
        ),
        "sealed-ended": (
            (
                "Cuộc khảo sát sắp đóng nên không gửi kín được nữa. Mã của Ông/Bà chưa được dùng: "
                "xin gửi ngay theo cách thường."
            ),
            (
                "The survey is about to close, and nothing is sent sealed any more. Your code is "
                "not used: please send in the plain way now."
            ),
        ),
        "sealed-plainly": ("Gửi theo cách thường", "Send in the plain way"),
        "sealed-spent": (
            (
                "Mã trên phiếu mời này đã được dùng trước đó. Nếu Ông/Bà đã gửi thì không cần làm "
                "gì thêm."
            ),
            (
                "The code of this invitation was used before. If you sent your answers, there is "
                "nothing left to do."
            ),
        ),
        "sealed-lost": (
            (
                "Máy chủ không trả lời. Không có gì bị mất: xin đợi một lúc rồi bấm gửi lần nữa, "
                "và đừng đóng trang."
            ),
            (
                "There is no reply. Nothing is lost: wait a little, press send again, and do not "
                "close this page."
            ),
        ),
        "sealed-held": (
            (
                "Chưa rõ câu trả lời đã đến nơi chưa. Mã đã được đổi lấy lá phiếu kín, nên chỉ "
                "trang này gửi lại được; gửi lại không bị tính hai lần. Xin bấm gửi lần nữa."
            ),
            (
                "It is not known whether your answers arrived. The code was given for the ballot, "
                "so that only this page can send them again; they never count twice. Press "
                "send again."
            ),
        ),
        "sealed-lying": (
            (
                "Máy chủ trả lời bằng khóa hoặc chữ ký khác với khóa đã công bố. Câu trả lời chưa "
                "gửi đi. Xin báo cho cơ quan tổ chức khảo sát."
            ),
            (
                "The server answered with another key or signature than the published one. Your "
                "answers were not sent. Please tell whoever runs the survey."
            ),
        ),
        "sealed-refused": (
            "Lá phiếu kín bị từ chối, câu trả lời chưa được nhận. Lý do:",
            "The ballot was refused, and your answers were not taken. The reason:",
        ),
        "sealed-again": (
            "Câu trả lời đã đến nơi từ lần gửi trước, và chỉ tính một lần.",
            "Your answers had arrived before already, and count once.",
        ),
        "sealed-receipt": (
            (
                "Xin ghi lại mã này. Mã do trình duyệt của Ông/Bà tự chọn; nó không cho ai biết "
                "Ông/Bà đã trả lời gì."
            ),
            ("Note it down. Your own browser made it, and it tells nobody what you answered."),
        ),
    }
)
