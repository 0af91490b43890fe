"""What is said where the provider of tokens, or what it was told by, cannot be used."""

from collections.abc import Mapping
from types import MappingProxyType

MESSAGES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "certificates-unreadable": (
            "Không dùng được tệp chứng thư {file}: {reason}. Hãy sửa CCHC_ISSUER_CA.",
            "The certificates in {file} cannot be used: {reason}. Change CCHC_ISSUER_CA.",
        ),
        "identity-provider-away": (
            (
                "Chưa kiểm tra được mã truy cập vì chưa hỏi được khóa của hệ thống đăng nhập "
                "{issuer}; hãy gửi lại sau ít giây."
            ),
            (
                "The access token cannot be checked for now: the keys of {issuer} could not be "
                "asked for. Send this again in a few seconds."
            ),
        ),
        "identity-provider-unusable": (
            "Không dùng được hệ thống đăng nhập {issuer}: {reason}.",
            "The identity provider {issuer} cannot be used: {reason}.",
        ),
        "sign-in-needs-issuer": (
            "Cần biết nơi đăng nhập và tên chương trình ở đó; hãy đặt --issuer và --client.",
            "It has to be known where to sign in, and as which program; set --issuer and --client.",
        ),
        "sign-in-refused": (
            "Hệ thống đăng nhập {issuer} từ chối: {reason}.",
            "The identity provider {issuer} refused: {reason}.",
        ),
        "sign-in-waited-for": (
            "Không thấy ai đăng nhập trong {seconds} giây; hãy chạy lại lệnh.",
            "Nobody signed in within {seconds} seconds; run the command again.",
        ),
        "sign-in-without-pkce": (
            "Hệ thống đăng nhập {issuer} không hỗ trợ PKCE (S256), nên không đăng nhập ở đó.",
            "The identity provider {issuer} takes no PKCE (S256), so nobody signs in there.",
        ),
        "token-key-unknown": (
            "Mã truy cập được ký bằng khóa mà hệ thống đăng nhập không có; hãy đăng nhập lại.",
            "The access token is signed by a key that its issuer does not have; sign in again.",
        ),
        "key-set-unreadable": (
            "Không đọc được tệp khóa {file}: {reason}.",
            "The key set {file} cannot be read: {reason}.",
        ),
    }
)
