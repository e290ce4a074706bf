"""What a home that has lived must still hold, and whom the house can tell: key, archive, people, Dask."""

import socket
import stat
from urllib.parse import urlsplit

from baocao.domain.planned.plan import Plan, RecipientRole
from baocao.operations.doctor.check import Diagnosis, Subject
from baocao.store.archive import archive_path
from baocao.store.engine.address import may_exist
from baocao.store.engine.database import reading
from baocao.store.engine.examining import UnsoundError, examined
from baocao.store.receipts import files
from baocao.system.errors import BaocaoError, reason_of
from baocao.workspace.settings import Settings
from baocao.workspace.submission_code import KEY_FILE

TIMEOUT_SECONDS = 10.0
_SHOWN = 3
_SECRETS = Subject("secrets", "Khóa của Mã nộp")
_ARCHIVE = Subject("archive", "Kho lưu tệp gốc")
_PEOPLE = Subject("people", "Người vận hành, người duyệt")
_DASK = Subject("dask", "Dask")
_RESTORE = "Khôi phục từ bản sao lưu gần nhất: baocao restore TỆP --home THƯ-MỤC-MỚI"
Kept = tuple[str, str]
"""The digest and the name of a received file."""


def check_secrets(settings: Settings) -> Diagnosis:
    """Whether the key is there by which the codes of forms that were handed out are known again."""
    path = settings.home / KEY_FILE
    if not path.exists():
        if not _received(settings):
            return _SECRETS.ok("chưa có, sẽ được tạo khi lập biểu mẫu đầu tiên")
        detail = f"mất {path}: Mã nộp trên các biểu mẫu đã gửi không còn giá trị"
        return _SECRETS.failing(detail, f"{_RESTORE}; nếu không có bản sao lưu, gửi lại biểu mẫu cho các đơn vị")
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        return _SECRETS.misconfigured(f"người khác đọc được {path} (quyền {mode:o})", f"Chạy: chmod 600 {path}")
    return _SECRETS.ok(str(path))


def check_archive(settings: Settings) -> Diagnosis:
    """Whether every file that was received still lies in the archive."""
    kept = _received(settings)
    lost = [name for sha256, name in kept if not archive_path(settings.home, sha256, name).is_file()]
    if lost:
        shown = ", ".join(f"“{name}”" for name in lost[:_SHOWN]) + ("…" if len(lost) > _SHOWN else "")
        return _ARCHIVE.failing(f"thiếu {len(lost)}/{len(kept)} tệp đã nhận: {shown}", _RESTORE)
    return _ARCHIVE.ok(f"đủ {len(kept)} tệp" if kept else "chưa nhận tệp nào")


def check_people(settings: Settings, plan: Plan) -> Diagnosis:
    """Whether somebody is told of failures, and somebody can approve where that is required."""
    if settings.approval == "required" and not plan.recipients_of(RecipientRole.APPROVER):
        detail = "BAOCAO_APPROVAL=required mà kế hoạch không có người duyệt: báo cáo sẽ không bao giờ được gửi"
        return _PEOPLE.misconfigured(detail, "Thêm người có vai trò approver vào recipients.yaml, hoặc bỏ duyệt")
    if not plan.recipients_of(RecipientRole.OPERATOR):
        detail = "kế hoạch không có địa chỉ người vận hành: lỗi của luồng không báo được cho ai"
        return _PEOPLE.warning(detail, "Thêm người có vai trò operator vào recipients.yaml")
    return _PEOPLE.ok(", ".join(one.email for one in plan.recipients_of(RecipientRole.OPERATOR)))


def check_dask(settings: Settings) -> Diagnosis:
    """Whether the scheduler of ``BAOCAO_DASK_ADDRESS`` takes connections, where runs are spread by Dask."""
    if settings.task_runner != "dask" or not settings.dask_address:
        return _DASK.ok("không dùng máy chủ Dask")
    address = urlsplit(settings.dask_address)
    remedy = "Khởi động Dask (dask scheduler), kiểm tra BAOCAO_DASK_ADDRESS, hoặc đặt BAOCAO_TASK_RUNNER=threads"
    try:
        host, port = address.hostname, address.port
    except ValueError:
        host = port = None
    if not host or not port:
        return _DASK.misconfigured(f"địa chỉ “{settings.dask_address}” không đúng dạng tcp://MÁY:CỔNG", remedy)
    try:
        socket.create_connection((host, port), TIMEOUT_SECONDS).close()
    except OSError as error:
        return _DASK.failing(f"không tới được {settings.dask_address}: {reason_of(error)}", remedy)
    return _DASK.ok(settings.dask_address)


def _received(settings: Settings) -> list[Kept]:
    """Every file that the database says was received; none where it cannot say, which its own check tells."""
    try:
        if not may_exist(settings.database):
            return []
        with examined(settings.database) as engine, reading(engine) as connection:
            return files(connection)
    except (BaocaoError, UnsoundError):
        return []
