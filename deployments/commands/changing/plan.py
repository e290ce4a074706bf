"""``baocao plan apply``: a changed plan brought into a home with history."""

from pathlib import Path
from typing import Annotated

import typer

from baocao.decisions.plan_change import Considered, apply_plan, consider
from baocao.decisions.signing import sign
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption

REFUSED_CODE = 2


def apply(
    folder: Annotated[Path, typer.Argument(metavar="NEW", help="Thư mục kế hoạch đã sửa (một bản sao).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Chỉ xem thay đổi, không làm gì.")] = False,
    name: Annotated[str, typer.Option("--name", help="Họ tên người quyết định.")] = "",
    reason: Annotated[str, typer.Option("--reason", help="Lý do, ví dụ số văn bản; được lưu vào nhật ký.")] = "",
    as_of: AsOfOption = None,
) -> int:
    """Đưa kế hoạch đã sửa vào dùng; các kỳ đã báo cáo giữ nguyên. Xem trước bằng --dry-run."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    considered = consider(workspace, folder, clock)
    _print(considered)
    if dry_run:
        return REFUSED_CODE if considered.refusals else 0
    if not considered.changes:
        return 0
    kept = apply_plan(workspace, considered, sign(name, reason, clock))
    print(f"Kế hoạch mới đã có hiệu lực; kế hoạch trước ở {kept}.")
    return 0


def _print(considered: Considered) -> None:
    if not considered.changes:
        print("Không có thay đổi nào về đơn vị, chỉ tiêu, nhiệm vụ, thời hạn, biểu mẫu, nơi nhận.")
        return
    print(f"{len(considered.changes)} thay đổi:")
    for one in considered.changes:
        print(f"  - {one.text}")
    for text in considered.effects:
        print(f"  {text}")
    for text in considered.refusals:
        print(f"  KHÔNG ĐƯỢC: {text}")
