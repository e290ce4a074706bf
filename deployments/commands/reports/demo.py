"""``baocao demo``: the whole plan lived by a simulated clock."""

from pathlib import Path
from typing import Annotated

import typer

from deployments.replay import replay


def demo(
    out: Annotated[Path | None, typer.Option("--out", help="Thư mục dữ liệu; mặc định là BAOCAO_HOME/demo.")] = None,
) -> None:
    """Chạy thử trọn kế hoạch trên số liệu mô phỏng, theo đồng hồ giả lập, với máy chủ thư thật trên máy này."""
    replay(out)
