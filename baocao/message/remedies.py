"""How to send what cannot be opened: Vietnamese sentences by what it is."""

import re
from pathlib import PurePosixPath

_PLAIN = "xin đính kèm thẳng tệp .xlsx vào một thư mới"
_BY_TYPE = {
    "application/pgp-encrypted": f"Thư được mã hóa (PGP) nên không mở được; {_PLAIN}, không mã hóa.",
    "message/partial": f"Thư bị chia thành nhiều phần khi gửi nên không ghép được; {_PLAIN}, không chia nhỏ.",
    "message/external-body": f"Thư chỉ chứa đường dẫn tới tệp, không có tệp; {_PLAIN}.",
    "application/mac-binhex40": f"Tệp gói theo kiểu BinHex của máy Mac nên không mở được; {_PLAIN}.",
}
_ARCHIVES = frozenset({".rar", ".7z", ".gz", ".tgz", ".tar", ".bz2", ".tbz", ".xz", ".zst", ".cab", ".arj", ".iso"})
_PARTS = frozenset({".001", ".002", ".z01", ".z02", ".r00", ".r01"})
_ARCHIVE = f"Tệp nén kiểu này không mở được; {_PLAIN}, hoặc nén kiểu .zip không mật khẩu."
_SAVED_PAGE = (
    f"Trang web lưu từ Excel (.mht) không phải là biểu mẫu; xin mở bằng Excel, lưu lại thành .xlsx, rồi {_PLAIN[4:]}."
)
_SAVED_MAIL = f"Thư lưu thành tệp kiểu này không mở được; {_PLAIN}, hoặc dùng lệnh chuyển tiếp thư."
_BY_SUFFIX = {
    ".p7m": f"Thư được mã hóa hoặc ký số (S/MIME) mà không mở được; {_PLAIN}, không mã hóa.",
    ".msg": f"Thư của Outlook lưu thành tệp .msg không mở được; {_PLAIN}, hoặc dùng lệnh chuyển tiếp thư.",
    ".hqx": _BY_TYPE["application/mac-binhex40"],
    **dict.fromkeys((".mht", ".mhtml"), _SAVED_PAGE),
    **dict.fromkeys((".emlx", ".mbox", ".oft", ".pst"), _SAVED_MAIL),
    **dict.fromkeys(_ARCHIVES, _ARCHIVE),
    **dict.fromkeys(_PARTS, f"Tệp nén bị chia thành nhiều phần nên không mở được; {_PLAIN}, không chia nhỏ."),
}
_BY_START = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\0", b"MSCF")
_WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_EMPTY = f"Tệp trong thư không có nội dung đọc được; {_PLAIN}."
_IN_TEXT = (
    (re.compile(rb"^[> \t]{0,40}-----BEGIN PGP MESSAGE-----", re.MULTILINE), _BY_TYPE["application/pgp-encrypted"]),
    (re.compile(rb"^[> \t]{0,40}-----BEGIN PKCS7-----", re.MULTILINE), _BY_SUFFIX[".p7m"]),
    (re.compile(rb"\(This file must be converted with BinHex"), _BY_SUFFIX[".hqx"]),
    (re.compile(rb"^=ybegin ", re.MULTILINE), f"Tệp nằm lẫn trong nội dung thư (yEnc) nên không mở được; {_PLAIN}."),
)


def remedy_of(kind: str, name: str, data: bytes | None = None) -> str:
    """What to say about a part of this content type, or a file of this name that begins like this.

    Empty where there is nothing to say.
    """
    suffix = PurePosixPath(name.strip().lower()).suffix
    if data == b"" and suffix in _WORKBOOKS:
        return _EMPTY
    by_start = _ARCHIVE if data and data.startswith(_BY_START) else ""
    return _BY_TYPE.get(kind) or _BY_SUFFIX.get(suffix) or by_start


def remedy_in_text(text: bytes) -> str:
    """What to say about a file that stands in a text in a way that nobody takes apart; empty where there is none."""
    return next((remedy for sign, remedy in _IN_TEXT if sign.search(text)), "")
