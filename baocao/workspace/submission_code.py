"""Mã nộp: proves that a filled form was made from the one that we gave to this unit for this period (faults.md, 25)."""

import base64
import hashlib
import hmac
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.system.keys import kept_key

KEY_FILE = Path("secrets") / "ma-nop.key"
"""Within the home."""
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
    """The key of ``{HOME}/secrets/ma-nop.key``; see :func:`baocao.system.keys.kept_key` for errors."""
    return kept_key(home / KEY_FILE, "hãy lấy lại từ bản sao lưu, hoặc xóa đi và gửi lại biểu mẫu.")
