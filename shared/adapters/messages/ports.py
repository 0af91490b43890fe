"""What the ports refuse, in words."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "version-taken": (
            "Dữ liệu vừa được người khác thay đổi. Hãy tải lại rồi làm lại.",
            "Somebody else has just changed this. Load it again, then try again.",
        ),
        "version-missing": (
            "Cơ sở dữ liệu vừa mất một phần những gì đã ghi. Hãy tải lại rồi làm lại.",
            "The database has lost some of what it had kept. Load it again, then try again.",
        ),
        "already-tracked": (
            "Việc này đã được xử lý trước đó.",
            "This was dealt with before.",
        ),
        "tracked-no-more": (
            "Cơ sở dữ liệu vừa mất một phần những gì đã ghi; hệ thống sẽ đọc lại và làm lại.",
            "The database has lost some of what it had kept; it is read anew and done again.",
        ),
        "database-unavailable": (
            "Cơ sở dữ liệu đang tạm ngừng. Hãy thử lại sau.",
            "The database cannot be reached now. Try again later.",
        ),
        "rows-held": (
            (
                "Một giao dịch khác (báo cáo, bản sao lưu, bản sao) còn thấy những gì phải xáo "
                "trộn hoặc xóa; việc đếm phiếu hoặc xóa chờ đến khi giao dịch đó kết thúc."
            ),
            (
                "Another transaction (a report, a dump, a replica) still sees what is to be "
                "stirred or forgotten; counting, or forgetting, waits until it has ended."
            ),
        ),
        "database-not-durable": (
            "Tệp {file} có thể mất dữ liệu khi mất điện; hãy đặt thư mục dữ liệu trên ổ đĩa trong.",
            "The file {file} could lose what is written; put the data directory on a local disk.",
        ),
        "topic-unavailable": (
            "Kênh trao đổi giữa các dịch vụ đang tạm ngừng. Hãy thử lại sau.",
            "The topic on which the services speak cannot be reached now. Try again later.",
        ),
        "uploads-too-many": (
            "Còn {count} tệp đã gửi mà chưa dùng; hãy gắn chúng vào mục, hoặc đợi đến {until}.",
            "{count} files were brought and are not used yet; attach them, or wait until {until}.",
        ),
        "file-spoilt": (
            "Tệp lưu trữ đã hỏng hoặc không đọc được; hãy báo người quản trị hệ thống.",
            "The stored file is damaged or cannot be read; tell whoever runs the system.",
        ),
        "topic-not-migrated": (
            "Chưa có chủ đề {topic} trên Kafka. Hãy chạy lệnh migrate của một dịch vụ.",
            "There is no topic {topic} on Kafka yet. Run the command migrate of a service.",
        ),
        "topic-truncated": (
            "Chủ đề {topic} mất dữ liệu sau vị trí {position} của phân vùng {partition}.",
            "The topic {topic} lost what is behind position {position} of partition {partition}.",
        ),
        "topic-settings-differ": (
            "Hãy sửa thiết lập của chủ đề {topic} trên Kafka (hiện có ≠ phải có): {differences}.",
            "Change the settings of the topic {topic} (as it is ≠ as it has to be): {differences}.",
        ),
        "topic-refused": (
            "Kafka không nhận tạo chủ đề {topic}: {because}",
            "Kafka refused to create the topic {topic}: {because}",
        ),
        "kafka-client-incomplete": (
            "Thư viện Kafka thiếu {missing}. Hãy cài lại các thư viện bằng requirements.lock.",
            "The Kafka client lacks {missing}. Install the libraries of requirements.lock again.",
        ),
        "kafka-tls-unusable": (
            "Không dùng được các tệp TLS cho Kafka: {files} ({reason}).",
            "The files for TLS to Kafka cannot be used: {files} ({reason}).",
        ),
        "documents-unavailable": (
            "Kho dữ liệu hiển thị đang tạm ngừng. Hãy thử lại sau.",
            "What is shown here cannot be reached now. Try again later.",
        ),
        "files-unavailable": (
            "Kho tệp minh chứng đang tạm ngừng. Hãy thử lại sau.",
            "The evidence files cannot be reached now. Try again later.",
        ),
        "scanner-unavailable": (
            "Chương trình quét mã độc đang tạm ngừng; các tệp chờ đến khi nó hoạt động lại.",
            "The malware scanner cannot be reached now; files wait until it can.",
        ),
        "scanner-refused": (
            "Chương trình quét mã độc không kết luận được về tệp này: {reason}",
            "The malware scanner does not say whether this file is clean: {reason}",
        ),
        # --- What is found in a file
        "file-damaged": (
            "Tệp {type} bị hỏng hoặc không đầy đủ; hãy mở, lưu lại rồi tải lên.",
            "The file ({type}) is damaged or cut off; open it, save it again, and upload that.",
        ),
        "file-mixed": (
            "Tệp {type} chứa cả một tệp {other}; hãy lưu lại thành một tệp thường.",
            "The file ({type}) is a file of another kind ({other}) as well; save it as one thing.",
        ),
        "file-encrypted": (
            "Tệp có mật khẩu hoặc bị khóa (in, sao chép); hãy bỏ khóa rồi tải lên lại.",
            "The file has a password, or is locked against copying; unlock it, and upload that.",
        ),
        "file-has-macros": (
            "Tệp chứa macro; hãy lưu lại dạng không có macro, hoặc PDF.",
            "The file has macros in it; save it without them, or as a PDF.",
        ),
        "file-has-objects": (
            "Tệp chứa đối tượng nhúng ({part}); hãy bỏ đối tượng đó, hoặc lưu thành PDF.",
            "The file has an object in it ({part}); remove that, or save the file as a PDF.",
        ),
        "file-fetches": (
            (
                "Tệp lấy nội dung từ nơi khác khi mở ({part}); hãy ngắt liên kết (mẫu, ảnh, bảng "
                "tính), hoặc lưu thành PDF."
            ),
            (
                "The file fetches something from elsewhere when it is opened ({part}); break the "
                "link (template, picture, workbook), or save the file as a PDF."
            ),
        ),
        "file-names-unsafe": (
            "Tệp chứa các phần có tên không an toàn; hãy mở, lưu lại rồi tải lên.",
            "Parts of the file have unsafe names; open it, save it again, and upload that.",
        ),
        "file-beyond-bytes": (
            "Tệp giải nén ra hơn {maximum} byte; hãy chia nhỏ, hoặc lưu thành PDF.",
            "The file unpacks to more than {maximum} bytes; split it, or save it as a PDF.",
        ),
        "file-beyond-elements": (
            "Tệp có hơn {maximum} phần tử XML; hãy chia nhỏ, hoặc lưu thành PDF.",
            "The file has more than {maximum} XML elements; split it, or save it as a PDF.",
        ),
        "file-beyond-list": (
            "Danh mục các thành phần của tệp lớn hơn {maximum} byte; hãy lưu thành PDF.",
            "The file's list of its parts is larger than {maximum} bytes; save it as a PDF.",
        ),
        "file-beyond-parts": (
            "Tệp gồm hơn {maximum} thành phần; hãy chia nhỏ, hoặc lưu thành PDF.",
            "The file has more than {maximum} parts; split it, or save it as a PDF.",
        ),
        "file-beyond-ratio": (
            "Có phần của tệp giải nén ra lớn hơn {maximum} lần; hãy lưu thành PDF.",
            "Part of the file unpacks to more than {maximum} times its size; save it as a PDF.",
        ),
        "file-beyond-pixels": (
            "Ảnh có hơn {maximum} điểm ảnh; hãy thu nhỏ rồi tải lên.",
            "The picture has more than {maximum} pixels; make it smaller, and upload that.",
        ),
        "documents-url-unreadable": (
            (
                "CCHC_MONGO không phải là địa chỉ MongoDB, hoặc nêu một tệp không đọc được; "
                "ký tự lạ trong mật khẩu phải viết dạng %XX."
            ),
            (
                "CCHC_MONGO is no address of MongoDB, or names a file that cannot be read; "
                "unusual letters in a password are written %XX."
            ),
        ),
        "database-url-unreadable": (
            "Địa chỉ cơ sở dữ liệu không đúng dạng postgresql://tài-khoản:mật-khẩu@máy:cổng/tên.",
            "The database's address is not of the form postgresql://user:password@host:port/name.",
        ),
        "database-not-migrated": (
            "Cơ sở dữ liệu chưa có các bảng cần thiết. Hãy chạy migrate của phiên bản này.",
            "The database lacks the tables that this needs. Run migrate of this version.",
        ),
        "urn-of-earlier-version": (
            (
                "Thùng phiếu còn {answers} phiếu mà phiên bản trước đã nhận ({questionnaires}) và "
                "phiên bản này không đếm được. Hãy chạy lại phiên bản trước, đóng các bộ câu hỏi "
                "đó để phiếu được đếm hết, rồi khởi động lại phiên bản này."
            ),
            (
                "The urn holds {answers:answer|answers} that an earlier version took "
                "({questionnaires}) and that this one cannot count. "
                "Run the earlier version again, close these "
                "questionnaires so that all is counted, then start this one again."
            ),
        ),
        "database-functions-enabled": (
            "{setting} làm mất dữ kiện khi nhiều tiến trình cùng ghi. Hãy bỏ nó rồi chạy migrate.",
            "{setting} loses facts where several processes write. Remove it, then run migrate.",
        ),
        "file-too-large": (
            "Tệp lớn hơn mức cho phép là {maximum} byte. Hãy gửi tệp nhỏ hơn.",
            "The file is larger than {maximum} bytes, the most that is taken. Send a smaller one.",
        ),
        "file-hash-differs": (
            "Nội dung nhận được không khớp mã SHA-256 đã khai ({expected}). Hãy gửi lại tệp.",
            "What arrived does not have the stated SHA-256 ({expected}). Send the file again.",
        ),
        "file-unknown": (
            "Không có tệp nào với mã SHA-256 {sha256}. Hãy tải tệp lên và đính kèm trước.",
            "There is no file with the SHA-256 {sha256}. Upload and attach it first.",
        ),
        "seal-broken": (
            "Đoạn văn bản đã niêm phong bị thay đổi nên không mở được. Hãy báo cho quản trị viên.",
            "A sealed text was altered and cannot be opened. Tell the administrator.",
        ),
        "token-unknown": (
            "Mã mời này không có. Hãy kiểm tra lại đường dẫn trong thư mời.",
            "This invitation is not known. Check the link in your letter of invitation.",
        ),
        "token-of-another-survey": (
            "Mã mời này dành cho phiếu khảo sát khác. Hãy mở phiếu ghi trong thư mời.",
            "This invitation is for another survey. Open the one that your letter names.",
        ),
        "token-spent": (
            (
                "Mã mời này đã được dùng để trả lời. Mỗi thư mời chỉ trả lời một lần. "
                "Nếu bạn đã gửi một phiếu: khi đếm xong, hãy tìm mã biên nhận của phiếu đó trong "
                "danh sách biên nhận của khảo sát. Nếu không có thì phiếu đó chưa được nhận: "
                "xin báo cho cơ quan tổ chức khảo sát. "
                "Không ai biết biên nhận nào đi với thư mời nào."
            ),
            (
                "This invitation was used already. Each one answers once. If you sent an answer: "
                "once all is counted, look for its receipt in the survey's list of receipts. "
                "If it is not there, that answer was not taken: tell the survey office. "
                "Nobody knows which receipt belongs to which invitation."
            ),
        ),
        "link-full": (
            "Đường dẫn này đã nhận đủ số phiếu. Hãy hỏi nơi gửi để có đường dẫn hoặc mã mời khác.",
            "This link has taken all its answers. Ask whoever gave it to you for another one.",
        ),
        "link-closed": (
            "Đường dẫn này đã bị đóng. Hãy hỏi nơi gửi để có đường dẫn hoặc mã mời khác.",
            "This link was closed. Ask whoever gave it to you for another one.",
        ),
        "link-full-today": (
            "Hôm nay đường dẫn này đã nhận đủ số phiếu. Hãy quay lại vào ngày mai.",
            "This link has taken all the answers that it takes in a day. Come again tomorrow.",
        ),
        "token-without-ballot": (
            "Đường dẫn chung không đổi được lấy phiếu kín. Hãy gửi phiếu trả lời trực tiếp.",
            "An open link is not exchanged for a ballot. Send the answers themselves.",
        ),
        "ballot-spent": (
            "Phiếu kín này đã được dùng. Mỗi phiếu kín chỉ gửi một lần.",
            "This ballot was cast already. Each one is cast once.",
        ),
        "receipt-taken": (
            "Mã biên nhận này đã có người dùng. Hãy gửi lại với một mã ngẫu nhiên khác.",
            "This receipt is taken already. Send the answers again with another random one.",
        ),
        "too-many-answers": (
            "Quá nhiều người cùng gửi, phiếu này chưa được nhận. Hãy gửi lại sau ít giây.",
            "Too many answers come at once, and this one was not taken. Send it again in a moment.",
        ),
        "data-directory-in-use": (
            "Tiến trình số {process} đang dùng thư mục {directory}. Hãy dừng nó hoặc đổi thư mục.",
            "Process {process} is using the directory {directory}. Stop it, or choose another one.",
        ),
        "trial-time-out-of-range": (
            "Đồng hồ thử nghiệm chỉ nhận các năm từ {first} đến {last}.",
            "The clock of a trial takes years from {first} to {last}.",
        ),
        "trial-clock-unreadable": (
            "Không đọc được tệp đồng hồ thử nghiệm {file}. Hãy xoá tệp đó rồi đặt lại giờ.",
            "The trial clock's file {file} cannot be read. Delete it, then set the clock again.",
        ),
    }
)
