"""What the patterns of the API come to in words, in Vietnamese and in English.

`tests/golden/test_openapi.py` finds one without words.
"""

from collections.abc import Mapping
from types import MappingProxyType

_LETTERS = "chữ cái không dấu", "letters without accents"
_CODE = (
    (
        "một mã dài tối đa 64 ký tự gồm chữ thường không dấu, chữ số, dấu “.” và “-”, "
        "bắt đầu và kết thúc bằng chữ hoặc số"
    ),
    (
        "a code of at most 64 lower-case letters without accents, digits, “.” and “-”, "
        "with a letter or digit at both ends"
    ),
)
_CODE_PATTERN = "[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?"

PATTERNS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        rf"^{_CODE_PATTERN}$": _CODE,
        rf"^({_CODE_PATTERN}(/{_CODE_PATTERN})?)?$": (
            "mã cơ quan, hoặc mã cơ quan và mã dịch vụ cách nhau bằng “/”",
            "the code of an agency, or of an agency and a service with “/” between them",
        ),
        r"^[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*$": (
            f"một mã gồm {_LETTERS[0]} và chữ số, giữa chúng có thể có một dấu “.”, “_” hoặc “-”",
            f"a code of {_LETTERS[1]} and digits, with a single “.”, “_” or “-” between them",
        ),
        r"^[A-Za-z0-9][A-Za-z0-9.-]{0,31}$": (
            (
                f"một mã dài tối đa 32 ký tự gồm {_LETTERS[0]}, chữ số, dấu “.” và “-”, "
                "bắt đầu bằng chữ hoặc số"
            ),
            f"a code of at most 32 {_LETTERS[1]}, digits, “.” and “-”, letter or digit first",
        ),
        r"^[A-Za-z0-9:.-]{1,64}$": (
            f"tên một cột dài tối đa 64 ký tự gồm {_LETTERS[0]}, chữ số, dấu “:”, “.” và “-”",
            f"the name of a column, of at most 64 {_LETTERS[1]}, digits, “:”, “.” and “-”",
        ),
        r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$": (
            "mã một ngôn ngữ, như “en” hoặc “en-GB”",
            "the code of a language, such as “en” or “en-GB”",
        ),
        r"^0\.[0-9]{1,6}$": (
            "một số từ 0 đến dưới 1, viết với dấu chấm và 1 đến 6 chữ số thập phân, như 0.05",
            "a number from 0 to below 1, written with a point and 1 to 6 decimals, such as 0.05",
        ),
        r"^-?[0-9]{1,12}(\.[0-9]{1,12})?$": (
            "một số viết bằng chữ số và dấu chấm thập phân, mỗi bên tối đa 12 chữ số, như 3.5",
            (
                "a number in digits with a decimal point, of at most 12 digits on either side, "
                "such as 3.5"
            ),
        ),
        r"^[A-Za-z0-9_-]{16,128}$": (
            f"mã trên phiếu mời hoặc liên kết: 16 đến 128 {_LETTERS[0]}, chữ số, dấu “_” và “-”",
            f"the code of an invitation or link: 16 to 128 {_LETTERS[1]}, digits, “_” and “-”",
        ),
        r"^[A-Za-z0-9_-]{16,64}$": (
            f"tên một ý kiến như danh sách nêu: 16 đến 64 {_LETTERS[0]}, chữ số, dấu “_” và “-”",
            f"the name of a comment as the list tells it: 16 to 64 {_LETTERS[1]}, digits, “_”, “-”",
        ),
        r"^[A-Za-z0-9_-]{22,64}$": (
            f"mã biên nhận gồm 22 đến 64 {_LETTERS[0]}, chữ số, dấu “_” và “-”",
            f"a receipt of 22 to 64 {_LETTERS[1]}, digits, “_” and “-”",
        ),
        r"^[A-Za-z0-9_-]+$": (
            "dữ liệu viết bằng Base64 dùng trong địa chỉ, không có dấu “=”",
            "bytes in Base64 for addresses, without “=”",
        ),
        r"^[0-9a-f]{64}$": (
            "một mã SHA-256: 64 chữ số từ 0 đến 9 và chữ từ a đến f",
            "a SHA-256: 64 digits from 0 to 9 and letters from a to f",
        ),
        r"^[0-9a-f]{32}$": (
            "mã gồm 32 chữ số từ 0 đến 9 và chữ từ a đến f, như lệnh dựng lại đã trả về",
            "32 digits from 0 to 9 and letters from a to f, as the order of the rebuild named it",
        ),
        r"^[\x21-\x7e]+$": (
            "mã hoặc tên đăng nhập không có dấu và khoảng trắng",
            "an id or a name to sign in by, without accents and blanks",
        ),
        r"^[\x21-\x7e]{1,255}$": (
            "mã hoặc tên đăng nhập dài tối đa 255 ký tự, không có dấu và khoảng trắng",
            "an id or a name to sign in by of at most 255 characters, without accents and blanks",
        ),
        r"^[a-z]+/[A-Za-z0-9./-]{1,180}@[1-9][0-9]{0,9}$": (
            "mã của một dữ kiện, như submission/2021/so-y-te@57",
            "the id of a fact, such as submission/2021/so-y-te@57",
        ),
        r"^shredding-[0-9]+$": (
            "tên một đề nghị hủy nội dung, như shredding-1",
            "the name of a proposal to shred texts, such as shredding-1",
        ),
        r"^action-[1-9][0-9]{0,9}$": (
            "tên một đề nghị của Hội đồng, như action-1",
            "the name of a proposal of the council, such as action-1",
        ),
    }
)
