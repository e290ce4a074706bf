"""What the home's key makes of codes: what is stored instead of them, and what forms carry against forgery."""

import hashlib
import hmac
import secrets
from pathlib import Path

from baocao.system.keys import kept_key

KEY_FILE = Path("secrets") / "cua-so.key"
"""Within the home; deleted, it ends every session and every link."""


class Seal:
    """Keyed digests; who reads the database or a backup of it cannot make a session or a link of them."""

    def __init__(self, home: Path) -> None:
        """Make or read the key; see :func:`baocao.system.keys.kept_key` for errors."""
        self._key = kept_key(home / KEY_FILE, "hãy xóa tệp đó rồi khởi động lại; mọi người đăng nhập lại.")

    def hashed(self, code: str) -> str:
        """What is stored for a link's code or a session's token: 64 hexadecimal digits."""
        return self._digest("stored", code)

    def csrf(self, token: str) -> str:
        """What the forms of a session, or of a visitor before it, carry."""
        return self._digest("csrf", token)

    def is_csrf(self, given: str, token: str) -> bool:
        """Whether a form is of this session."""
        return hmac.compare_digest(given.encode(), self.csrf(token).encode())

    def _digest(self, what: str, code: str) -> str:
        return hmac.digest(self._key, f"{what}\n{code}".encode(), hashlib.sha256).hex()


def new_code() -> str:
    """Something that nobody guesses: 256 random bits as 43 letters, digits, ``-`` and ``_``."""
    return secrets.token_urlsafe(32)
