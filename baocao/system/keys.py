"""Secret keys of a home: 32 random bytes in a file that its owner alone reads, made when first asked for."""

import os
import secrets
import stat
from pathlib import Path

from baocao.system.errors import OutsideServiceError, UsageError, reason_of

_KEY_BYTES = 32


def kept_key(path: Path, remedy: str) -> bytes:
    """The key in a file; made by whichever process comes first. ``remedy`` says what to do where it is spoilt.

    Raises:
        UsageError: others can read the file, or it holds no key.
        OutsideServiceError: the disk refuses.
    """
    try:
        if not path.exists():
            _make_key(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        key = path.read_bytes()
    except OSError as error:
        raise OutsideServiceError(
            f"Không đọc hoặc không tạo được khóa {path}: {reason_of(error)}. Hãy kiểm tra quyền và dung lượng đĩa."
        ) from error
    if mode & 0o077:
        raise UsageError(f"Khóa {path} đang để người khác đọc được; hãy chạy: chmod 600 {path}")
    if len(key) != _KEY_BYTES:
        raise UsageError(f"Khóa {path} bị hỏng; {remedy}")
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
