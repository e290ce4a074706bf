"""How to send what cannot be opened: Vietnamese sentences by what it is."""

from pathlib import PurePosixPath

_PLAIN = "xin đính kèm thẳng tệp .xlsx vào một thư mới"
_BY_TYPE = {
    "application/pgp-encrypted": f"Thư được mã hóa (PGP) nên không mở được; {_PLAIN}, không mã hóa.",
    "message/partial": f"Thư bị chia thành nhiều phần khi gửi nên không ghép được; {_PLAIN}, không chia nhỏ.",
    "message/external-body": f"Thư chỉ chứa đường dẫn tới tệp, không có tệp; {_PLAIN}.",
    "application/mac-binhex40": f"Tệp gói theo kiểu BinHex của máy Mac nên không mở được; {_PLAIN}.",
}
_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".xz", ".cab", ".arj", ".iso"})
_BY_SUFFIX = {
    ".p7m": f"Thư được mã hóa hoặc ký số (S/MIME) mà không mở được; {_PLAIN}, không mã hóa.",
    ".msg": f"Thư của Outlook lưu thành tệp .msg không mở được; {_PLAIN}, hoặc dùng lệnh chuyển tiếp thư.",
    ".hqx": _BY_TYPE["application/mac-binhex40"],
    **dict.fromkeys(_ARCHIVES, f"Tệp nén kiểu này không mở được; {_PLAIN}, hoặc nén kiểu .zip không mật khẩu."),
}


def remedy_of(kind: str, name: str) -> str:
    """What to say about a part of this content type, or a file of this name; empty where there is nothing to say."""
    return _BY_TYPE.get(kind) or _BY_SUFFIX.get(PurePosixPath(name.lower()).suffix, "")
