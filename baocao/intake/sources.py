"""Every way in which files come: the ones that the settings name, one after the other."""

from datetime import datetime

from baocao.domain.planned.period import Period
from baocao.intake.folder import LARGEST_BYTES, STABLE_SECONDS, Waiting, find_too_large, find_waiting
from baocao.intake.mailbox.emptying import take_in_mailbox
from baocao.intake.taking import row_of, take_in_folder
from baocao.intake.unopened import Left, is_noted, note
from baocao.intake.unpacking import take_in_packed
from baocao.system.clock import Clock, now
from baocao.workspace.workspace import Workspace


def take_in_all(workspace: Workspace, period: Period, clock: Clock) -> int:
    """Archive and record every file that waits, by ``BAOCAO_INTAKE``; returns how many were new. Idempotent."""
    ways = {"folder": _folder, "mailbox": take_in_mailbox}
    return sum(ways[name](workspace, period, clock) for name in workspace.settings.intake)


def has_waiting(workspace: Workspace) -> bool:
    """Whether files lie in the folders that can be taken in, now or in a moment; the mailbox is not asked."""
    return "folder" in workspace.settings.intake and bool(files_waiting(workspace, now(), 0.0))


def files_waiting(workspace: Workspace, at: datetime, stable_seconds: float = STABLE_SECONDS) -> list[Waiting]:
    """The files of the house's folders that are to be taken in; with the documents that are taken."""
    inbox, units = workspace.settings.inbox_folder, workspace.plan.unit_by_code
    return find_waiting(inbox, units, at, stable_seconds, documents=workspace.documents_taken)


def _folder(workspace: Workspace, period: Period, clock: Clock) -> int:
    stable = 0.0 if clock.is_simulated else STABLE_SECONDS
    found = files_waiting(workspace, clock.now, stable)
    plain, packed = [one for one in found if not one.is_packed], [one for one in found if one.is_packed]
    taken = take_in_folder(workspace.engine, workspace.home, plain, period, clock.now, is_simulated=clock.is_simulated)
    _tell_too_large(workspace, period, clock, stable)
    return taken + take_in_packed(workspace, packed, period, clock.now, is_simulated=clock.is_simulated)


_SMALLER = (
    f"Tệp lớn hơn {LARGEST_BYTES >> 20} MB nên không nhận được; báo cáo chỉ vài trăm KB. Thường do ảnh dán trong tệp "
    "hoặc định dạng kéo dài hết trang. Hãy chép số liệu sang biểu mẫu mới rồi nộp lại; minh chứng thì chỉ ghi số, ngày "
    "văn bản."
)


def _tell_too_large(workspace: Workspace, period: Period, clock: Clock, stable: float) -> None:
    """Tell whoever laid a file that is too large, once; it stays where it lies."""
    found = find_too_large(workspace.settings.inbox_folder, workspace.plan.unit_by_code, clock.now, stable)
    rows = [(one, row_of(one, period, clock.now, is_simulated=clock.is_simulated)) for one in found]
    left = [Left(one, row["received_at"], (_SMALLER,)) for one, row in rows if not is_noted(workspace, one)]
    if left:
        note(workspace, left, period, clock.now)
