"""A changed plan brought into a home with history: what it changes, whether it may, and the change itself, signed."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from baocao.domain.planned.plan import Plan
from baocao.domain.reported.frozen import shape_of
from baocao.domain.signature import Signature
from baocao.domain.wording import moment_text
from baocao.plan.changes import Change, changes_between
from baocao.plan.loading import load_plan
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.frozen import APPLIED, shapes
from baocao.store.submissions import last_periods
from baocao.system.clock import Clock
from baocao.system.errors import OutsideServiceError, UsageError, reason_of
from baocao.system.exchange import exchange
from baocao.workspace.workspace import Workspace

_BEFORE = "plans-before"


@dataclass(frozen=True, slots=True)
class Considered:
    """A changed plan as the home sees it. ``effects``: what it means for periods. ``refusals``: why it cannot be."""

    plan: Plan
    folder: Path
    changes: tuple[Change, ...]
    effects: tuple[str, ...]
    refusals: tuple[str, ...]


def consider(workspace: Workspace, folder: Path, clock: Clock) -> Considered:
    """Look at a changed plan; nothing is changed by it.

    Raises:
        PlanError: the plan does not hold together. UsageError: it is another plan, or the home's own folder.
    """
    if folder.resolve() == workspace.settings.plan_folder.resolve():
        raise UsageError("Hãy sửa một bản sao của thư mục kế hoạch rồi nêu bản sao đó; kế hoạch đang dùng giữ nguyên.")
    plan = load_plan(folder)
    if plan.code != workspace.plan.code:
        raise UsageError(f"{folder} là kế hoạch “{plan.code}”, không phải “{workspace.plan.code}” của BAOCAO_HOME này.")
    with reading(workspace.engine) as connection:
        reported = frozenset(shapes(connection))
        busy = last_periods(connection)
    changes = changes_between(workspace.plan, plan, reported)
    if not changes and _files(folder) != _files(workspace.settings.plan_folder):
        changes = [Change("Sửa lời văn hoặc quy định khác; đơn vị, chỉ tiêu, thời hạn giữ nguyên.")]
    refusals = [f"{one.text} Không được: {one.falsifies}." for one in changes if one.falsifies]
    refusals += [
        f"{one.text} Không được: đơn vị đã có báo cáo; hãy giữ đơn vị trong kế hoạch."
        for one in changes
        if one.unit in busy
    ]
    refusals += [
        f"{one.text} Không được: đơn vị đã gửi báo cáo kỳ {busy[one.last.code].short}."
        for one in changes
        if one.last and one.last.code in busy and one.last.is_gone_by(busy[one.last.code])
    ]
    return Considered(plan, folder, tuple(changes), tuple(_effects(workspace, clock, reported)), tuple(refusals))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _effects(workspace: Workspace, clock: Clock, reported: frozenset[object]) -> Sequence[str]:
    """How each period that has begun stands to the change."""
    told = []
    for period, schedule in workspace.calendar.items():
        if period in reported:
            told.append(f"Kỳ {period.short}: đã báo cáo, giữ nguyên tên, mục tiêu, đơn vị khi đó.")
        elif schedule.open_at <= clock.now:
            told.append(
                f"Kỳ {period.short}: đang mở (hạn {moment_text(schedule.submit_before)}), theo kế hoạch mới; "
                "tệp đã chấp nhận vẫn tính, chỉ tiêu mới thì chưa có số."
            )
    return told


def apply_plan(workspace: Workspace, considered: Considered, signed: Signature) -> Path | None:
    """Put the changed plan in force, signed in the audit book; gives where the plan before lies now.

    The book is written first: from then on the home takes either plan, so that a kill between leaves nothing broken,
    and the command can be run again. Nothing is done where nothing changes.

    Raises:
        UsageError: it would falsify what was reported. OutsideServiceError: the plan's folder cannot be written.
    """
    if considered.refusals:
        raise UsageError("Chưa thay đổi gì. " + " ".join(considered.refusals))
    with writing(workspace.engine) as connection:
        details = {
            "changes": [one.text for one in considered.changes],
            "shape": shape_of(considered.plan).model_dump(mode="json"),
        }
        number = audit.record(connection, signed, APPLIED, considered.plan.code, details)
    return _exchange(considered.folder, workspace.settings.plan_folder, workspace.home / _BEFORE / f"{number}")


def _exchange(new: Path, current: Path, kept: Path) -> Path:
    """Put a copy of the new folder in the place of the current one, which is kept."""
    draft = current.with_name(f".{current.name}.moi")
    try:
        shutil.rmtree(draft, ignore_errors=True)
        shutil.copytree(new, draft)
        kept.parent.mkdir(parents=True, exist_ok=True)
        if not exchange(draft, current):
            spare = current.with_name(f".{current.name}.cu")
            current.rename(spare)
            draft.rename(current)
            draft = spare
        shutil.copytree(draft, kept)
        shutil.rmtree(draft)
    except OSError as error:
        raise OutsideServiceError(
            f"Đã ghi nhật ký nhưng chưa thay được {current}: {reason_of(error)}. "
            "Hãy mở quyền ghi rồi chạy lại lệnh này."
        ) from error
    return kept
