"""Mã nộp: proves that a filled form was made from the one that we gave to this unit for this period (faults.md, 25)."""

import base64
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.system.errors import OutsideServiceError, UsageError

KEY_FILE = Path("secrets") / "ma-nop.key"
"""Within the home."""
_KEY_BYTES = 32
_CODE_BYTES = 10
_GROUP = 4


def submission_token(home: Path, plan: str, unit: str, period: Period, form: str, renewals: int = 0) -> str:
    """The token for a unit, period and form key: HMAC-SHA256 cut to 80 bits, as ``ABCD-EFGH-IJKL-MNOP``.

    ``renewals``: how often it was given anew (:mod:`baocao.store.codes`); each time it is another. The same arguments
    give the same token as long as the key in ``home`` stays; see :func:`signing_key` for errors.
    """
    said = "\n".join((plan, unit, str(period), form, *([str(renewals)] if renewals else []))).encode()
    code = base64.b32encode(hmac.digest(signing_key(home), said, hashlib.sha256)[:_CODE_BYTES]).decode()
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def is_token(text: str, expected: str) -> bool:
    """Whether a person's copy of a token is right; blanks, dashes and the case of letters do not matter."""
    return hmac.compare_digest(_bare(text), _bare(expected))


def _bare(text: str) -> bytes:
    return "".join(text.split()).replace("-", "").upper().encode()


def signing_key(home: Path) -> bytes:
    """The key of ``{HOME}/secrets/ma-nop.key``; made when first asked for, by whichever process comes first.

    Raises:
        UsageError: others can read the file, or it holds no key.
        OutsideServiceError: the disk refuses.
    """
    path = home / KEY_FILE
    try:
        if not path.exists():
            _make_key(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except OSError as error:
        raise OutsideServiceError(
            f"Không đọc hoặc không tạo được khóa {path}: {error.strerror}. Hãy kiểm tra quyền và dung lượng đĩa."
        ) from error
    if mode & 0o077:
        raise UsageError(f"Khóa {path} đang để người khác đọc được; hãy chạy: chmod 600 {path}")
    if len(key) != _KEY_BYTES:
        raise UsageError(f"Khóa {path} bị hỏng; hãy lấy lại từ bản sao lưu, hoặc xóa đi và gửi lại biểu mẫu.")
    return key


def _make_key(path: Path) -> None:
    """Written whole under another name first, then linked: of several processes, one wins, and all read its key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{secrets.token_hex(8)}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink(missing_ok=True)
