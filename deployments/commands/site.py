"""``baocao site``: the static site, built now."""

import webbrowser
from typing import Annotated

import typer

from baocao.site import build_site
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption


def site(
    as_of: AsOfOption = None,
    unit: Annotated[
        list[str] | None, typer.Option("--unit", help="Mã đơn vị phải có trang riêng (khi có rất nhiều đơn vị).")
    ] = None,
    is_opened: Annotated[bool, typer.Option("--open", help="Mở trang bằng trình duyệt của máy.")] = False,
) -> None:
    """Dựng trang tin: ai đã nộp gì, chỉ tiêu, từng đơn vị, báo cáo, lịch."""
    workspace = open_workspace()
    path = build_site(workspace, workspace.clock(as_of), unit or ()).resolve()
    print(f"Đã dựng trang tin: {path}")
    if is_opened and not webbrowser.open(path.as_uri()):
        raise OutsideServiceError(f"Máy này không có trình duyệt; hãy tự mở tệp {path}.")
