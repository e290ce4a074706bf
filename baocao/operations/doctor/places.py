"""Folders and disk: can we write, is there room, does the file system's clock agree, who can read the secrets."""

import os
import shutil
import stat
import tempfile
import time
from pathlib import Path

from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.system.errors import reason_of
from baocao.workspace.settings import Settings

LEAST_BYTES, FEW_BYTES = 200 << 20, 2 << 30
LARGEST_SKEW_SECONDS = 60
_PROBE_BYTES = 256 << 10
_HOME = Subject("home", "Thư mục dữ liệu")
_DISK = Subject("disk", "Dung lượng đĩa")
_INBOX = Subject("inbox", "Hộp nhận")
_ENV = Subject("env_file", "Tệp .env")


def check_home(settings: Settings) -> Diagnosis:
    """Whether the data folder, or where it will be made, takes files; and whether its clock is ours.

    A file in the inbox was received when its file system says so; a share whose clock is wrong judges units wrongly.
    """
    place = _existing(settings.home)
    try:
        with tempfile.NamedTemporaryFile(dir=place, prefix=".kham-") as probe:
            probe.write(bytes(_PROBE_BYTES))
            probe.flush()
            os.fsync(probe.fileno())
            skew = abs(os.fstat(probe.fileno()).st_ctime - time.time())
    except OSError as error:
        remedy = "Kiểm tra dung lượng và quyền ghi của đĩa, hoặc đặt BAOCAO_HOME tới thư mục khác"
        return _HOME.failing(f"không ghi được vào {place}: {reason_of(error)}", remedy)
    if skew > LARGEST_SKEW_SECONDS:
        detail = f"đồng hồ của hệ tệp ở {place} lệch {skew:.0f} giây"
        return _HOME.warning(detail, "Đồng bộ đồng hồ máy này và máy chủ tệp (NTP), vì giờ nhận tệp lấy từ đó")
    return _HOME.ok(f"ghi được vào {settings.home}" if place == settings.home else f"sẽ được tạo: {settings.home}")


def check_disk(settings: Settings) -> Diagnosis:
    """How much room is left."""
    place = _existing(settings.home)
    try:
        total, _, free = shutil.disk_usage(place)
    except OSError as error:
        return _DISK.failing(f"không xem được {place}: {reason_of(error)}", "Kiểm tra ổ đĩa")
    shown, remedy = f"còn {free / 1e9:.1f} GB".replace(".", ","), "Dọn đĩa, hoặc chuyển BAOCAO_HOME sang đĩa lớn hơn"
    if not total:
        return _DISK.ok("hệ tệp không cho biết")
    if free < LEAST_BYTES:
        return _DISK.failing(shown, remedy)
    return _DISK.warning(shown, remedy) if free < FEW_BYTES else _DISK.ok(shown)


def check_inbox(settings: Settings) -> Diagnosis:
    """Whether files can be taken out of the inbox folder, where folder intake is on."""
    folder = settings.inbox_folder
    if "folder" not in settings.intake:
        return _INBOX.ok("không dùng thư mục nhận")
    if not folder.exists():
        return _INBOX.ok(f"sẽ được tạo: {folder}")
    if not folder.is_dir() or not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return _INBOX.misconfigured(
            f"{folder} không phải thư mục đọc, ghi được", "Sửa quyền, hoặc đặt lại BAOCAO_INBOX"
        )
    return _INBOX.ok(str(folder))


def check_env_file(path: Path = Path(".env")) -> Diagnosis:
    """Whether others on this machine could read the passwords in ``.env``."""
    try:
        mode, text = stat.S_IMODE(path.stat().st_mode), path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return _ENV.ok("không có; cấu hình lấy từ biến môi trường")
    if mode & 0o077 and "PASSWORD" in text:
        return _ENV.warning(f"có mật khẩu mà quyền là {mode:o}", f"Chạy: chmod 600 {path}")
    return _ENV.ok(f"quyền {mode:o}")


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return folder if folder.exists() else place
