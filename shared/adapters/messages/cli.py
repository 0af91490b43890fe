"""What the command line says when it cannot do what it is asked."""

MESSAGES = {
    "address-in-use": (
        "Không dùng được địa chỉ {host}:{port} ({reason}); hãy chọn cổng khác (--port, CCHC_PORT).",
        "The address {host}:{port} cannot be used ({reason}); choose another (--port, CCHC_PORT).",
    ),
    "agency-needed": (
        "Vai trò {role} phải thuộc một cơ quan; hãy thêm, ví dụ, --agency so-y-te.",
        "The role {role} belongs to an agency; add it, such as --agency so-y-te.",
    ),
    "agency-not-expected": (
        "Vai trò {role} không thuộc cơ quan nào; hãy bỏ agency.",
        "The role {role} belongs to no agency; leave the agency away.",
    ),
    "answer-not-understood": (
        "Máy chủ trả lời {status} mà không nêu lý do; hãy kiểm tra địa chỉ đã gọi.",
        "The server answered {status} without a reason; check the address that was called.",
    ),
    "calendar-zone-other": (
        "Không dùng được múi giờ “{zone}”: lịch luôn theo {known}; hãy ghi đúng như vậy.",
        "The zone “{zone}” cannot be used: a calendar is by {known}; write that.",
    ),
    "files-reason-required": (
        "Tải tài liệu kiểm chứng cần lý do, được ghi vào nhật ký; hãy thêm --reason.",
        "Reading files of evidence takes a reason, which the log keeps; add --reason.",
    ),
    "cycle-code-malformed": (
        (
            "“{value}” không phải là mã; dùng chữ thường không dấu, số, dấu gạch nối hoặc dấu chấm,"
            " tối đa {maximum} ký tự, ví dụ so-y-te."
        ),
        (
            "“{value}” is no code; use small letters without accents, digits, hyphens or points,"
            " at most {maximum} characters, such as so-y-te."
        ),
    ),
    "cycle-tier-twice": (
        "Cấp {tier} đã có bộ tiêu chí trong {first}; mỗi cấp chỉ có một.",
        "The tier {tier} has its scheme in {first} already; a tier has one.",
    ),
    "data-directory-missing": (
        (
            "{directory} không phải là thư mục dữ liệu của hệ thống; hãy kiểm tra --data, hoặc "
            "khởi động hệ thống trên đó trước: python -m services up --data {directory}"
        ),
        (
            "{directory} is no data directory of the system; check --data, or start the system on "
            "it first: python -m services up --data {directory}"
        ),
    ),
    "data-directory-of-another-mode": (
        "Thư mục {directory} thuộc chế độ {stamped}; hãy dùng --mode {stamped} hoặc thư mục khác.",
        "The directory {directory} is of mode {stamped}; use --mode {stamped}, or another one.",
    ),
    "data-directory-served": (
        (
            "Tiến trình số {process} đang dùng thư mục {directory}; hãy hỏi hệ thống đang chạy: "
            "--url và --token."
        ),
        (
            "Process {process} is using the directory {directory}; ask the system that is running "
            "there: --url and --token."
        ),
    ),
    "data-directory-without-ledger": (
        "Thư mục {directory} chưa có sổ cái nào; hãy kiểm tra --data, hoặc dùng --url.",
        "The directory {directory} holds no ledger; check --data, or use --url.",
    ),
    "day-malformed": (
        "“{value}” không phải là ngày có thật; viết ngày như 2021-12-10 (năm-tháng-ngày).",
        "“{value}” is no day; write a day like 2021-12-10 (year-month-day).",
    ),
    "file-unreadable": (
        "Không đọc được {file}: {reason}.",
        "{file} cannot be read: {reason}.",
    ),
    "files-flawed": (
        "Số chỗ sai trong các tệp, đã nêu ở trên: {count}. Hãy sửa rồi chạy lại lệnh.",
        "Flaws in the files, listed above: {count}. Correct them, then run the command again.",
    ),
    "loopback-only": (
        "Chức năng thử nghiệm này chỉ dùng được từ chính máy chủ.",
        "This part of a trial is for callers on the same machine only.",
    ),
    "production-issues-no-tokens": (
        "Chế độ production không tự cấp mã truy cập; hãy lấy từ hệ thống đăng nhập của tỉnh.",
        "In production tokens come from the sign-on of the province; only a trial issues its own.",
    ),
    "production-needs-scanner": (
        "Chế độ production cần --scanner: địa chỉ ClamAV, hoặc none nếu không quét tệp.",
        "Production needs --scanner: the address of ClamAV, or none if files are not scanned.",
    ),
    "production-needs-issuer": (
        "Chế độ production cần nơi cấp mã truy cập; hãy đặt --issuer hoặc CCHC_ISSUER.",
        "Production needs to know whose tokens it takes; set --issuer, or CCHC_ISSUER.",
    ),
    "production-needs-service-claim": (
        "Chế độ production cần cách nhận ra tài khoản dịch vụ; hãy đặt --service-claim, hoặc none.",
        "Production needs to tell programs from people; set --service-claim, if only to none.",
    ),
    "problem-unknown": (
        "Không có mã lỗi {problem}.",
        "No problem has the code {problem}.",
    ),
    "role-without-token": (
        "Vai trò {role} không dùng mã truy cập.",
        "The role {role} has no tokens.",
    ),
    "server-unreachable": (
        "Không kết nối được với máy chủ ({reason}); hãy kiểm tra địa chỉ rồi thử lại.",
        "The server cannot be reached ({reason}); check its address, then try again.",
    ),
    "subject-malformed": (
        "Mã người dùng gồm 1 đến 255 ký tự ASCII nhìn thấy được, không có dấu cách.",
        "The id of a person has 1 to 255 visible ASCII characters without spaces.",
    ),
    "trial-folder-missing": (
        (
            "Thư mục {folder} chưa có khóa của hệ thống chạy thử nào; hãy kiểm tra --data hoặc "
            "CCHC_TRIAL_DIR. Khóa được tạo khi khởi động lần đầu: python -m services up --data, "
            "hoặc migrate trên máy chủ."
        ),
        (
            "The folder {folder} holds the key of no trial; check --data, or CCHC_TRIAL_DIR. The "
            "key is made by whoever begins: python -m services up --data, or migrate on servers."
        ),
    ),
    "tier-without-agency": (
        "Không có cơ quan nào thuộc cấp {tier}; hãy bỏ bộ tiêu chí này hoặc thêm cơ quan.",
        "No agency is of the tier {tier}; leave this scheme away, or add its agencies.",
    ),
}
