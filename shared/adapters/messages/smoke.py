"""What the smoke test of a deployment says."""

MESSAGES = {
    "smoke-address-missing": (
        "Chưa biết địa chỉ của {services}; hãy thêm --url, hoặc --at DỊCH-VỤ=URL cho từng dịch vụ.",
        "The address of {services} is not known; add --url, or --at SERVICE=URL for each.",
    ),
    "smoke-answer-odd": (
        "Câu trả lời không như phải có: {reason}",
        "The answer is not as it has to be: {reason}",
    ),
    "smoke-cycle-of-others": (
        "{cycle} không phải là đợt thử ({prefix}...); lệnh này không hủy đợt nào khác.",
        "{cycle} is no scratch cycle ({prefix}...); this withdraws no other.",
    ),
    "smoke-differs": (
        "{what}: phải là {expected}, nhưng là {found}.",
        "{what}: it has to be {expected}, and is {found}.",
    ),
    "smoke-interrupted": (
        "Được yêu cầu dừng giữa chừng.",
        "It was asked to end in the middle.",
    ),
    "smoke-people-malformed": (
        "Không dùng được {file} ({what}); hãy xem python -m services smoke --help.",
        "{file} cannot be used ({what}); see python -m services smoke --help.",
    ),
    "smoke-people-missing": (
        (
            "Chưa có ai để chơi: đây không phải là hệ thống chạy thử trên máy này; hãy thêm "
            "--trial, --people hoặc --without-people."
        ),
        (
            "Nobody is there to play: this is no trial on this machine; add --trial, --people or "
            "--without-people."
        ),
    ),
    "smoke-phase-short": (
        (
            "Giai đoạn {phase} dài {given} giây là quá ngắn: đã qua {took} giây mà chưa làm xong "
            "({because}); hãy tăng --phase."
        ),
        (
            "The phase {phase} of {given} s was too short: {took} s went by before all was done in "
            "it ({because}); give more by --phase."
        ),
    ),
    "smoke-program-is-person": (
        (
            "Chương trình mở được đợt {cycle}: hệ thống coi tài khoản chương trình là người; hãy "
            "sửa CCHC_SERVICE_CLAIM hoặc mã do nhà cung cấp cấp."
        ),
        (
            "A program could open the cycle {cycle}: its account is taken for a person; correct "
            "CCHC_SERVICE_CLAIM, or the tokens of the provider."
        ),
    ),
    "smoke-program-missing": (
        "--without-people cần --issuer, --client và CCHC_SMOKE_SECRET.",
        "--without-people needs --issuer, --client and CCHC_SMOKE_SECRET.",
    ),
    "smoke-waited": (
        "Chờ quá {seconds} giây: {what}.",
        "It was waited for, for more than {seconds} s: {what}.",
    ),
    "smoke-year-in-use": (
        "Năm {year} đang được dùng cho đợt {cycle}; hãy chọn --year khác, hoặc hủy đợt thử đó.",
        "The year {year} is in use by the cycle {cycle}; choose another --year, or withdraw that.",
    ),
}
