"""What a backup holds, and how it is laid out: ``home/…``, ``plan/…``, ``database/…`` and ``manifest.json`` at the end.

Prefect's own history, the inbox (files not yet taken in) and drafts in the making are not part of it.
"""

from datetime import datetime
from pathlib import PurePosixPath

from pydantic import ValidationError

from baocao.domain.model import Frozen
from baocao.system.errors import UsageError

FORMAT = 1
NAME = "manifest.json"
HOME, PLAN, DATABASE = "home", "plan", "database"
FOLDERS = ("archive", "reports", "returned", "outbox", "quarantine", "secrets")
SECRET = "secrets"  # noqa: S105 - a folder's name


class Entry(Frozen):
    """One file of the backup."""

    sha256: str
    size: int


class Manifest(Frozen):
    """The backup's own description. ``database`` is the entry's name; ``revision`` the migration that it is at."""

    format: int
    program: str
    plan: str
    made_at: datetime
    kind: str
    database: str
    revision: str
    files: dict[str, Entry]


def parse_manifest(text: bytes) -> Manifest:
    """Read a manifest.

    Raises:
        UsageError: it is none, or of a newer program.
    """
    try:
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise UsageError("Tệp này không phải bản sao lưu của baocao, hoặc đã bị hỏng.") from error
    if manifest.format != FORMAT:
        raise UsageError("Bản sao lưu này do phiên bản mới hơn của chương trình tạo; hãy nâng cấp rồi khôi phục.")
    return manifest


def checked_name(name: str) -> str:
    """An entry's name that can only lie where a backup's files lie.

    Raises:
        UsageError: it leads elsewhere.
    """
    parts = PurePosixPath(name).parts
    is_plain = name == "/".join(parts) and ".." not in parts and "\\" not in name and "\0" not in name
    if name == NAME or (is_plain and len(parts) > 1 and _is_ours(parts)):
        return name
    raise UsageError(f"Bản sao lưu có mục lạ “{name[:80]}”; không khôi phục từ tệp này.")


def _is_ours(parts: tuple[str, ...]) -> bool:
    return parts[0] in (PLAN, DATABASE) or (parts[0] == HOME and len(parts) > 2 and parts[1] in FOLDERS)
