"""``baocao serve``, ``watch``, ``portal`` and ``deploy``: what runs by itself."""

from typing import Annotated

import typer

from baocao.workspace.workspace import open_workspace
from deployments.again import retry as retry_run
from deployments.serving.serve import serve as serve_all
from deployments.serving.workers import deploy_to
from deployments.watching.by_itself import watch_by_itself
from deployments.window.by_itself import open_window


def serve() -> None:
    """Chạy tự động trên một máy: máy chủ Prefect, mọi luồng theo lịch của kế hoạch."""
    serve_all()


def watch() -> None:
    """Canh thư mục và hộp thư: có báo cáo đến là thu ngay. baocao serve tự làm việc này."""
    watch_by_itself()


def portal() -> None:
    """Mở cửa sổ web cho đơn vị và cán bộ tổng hợp. baocao serve tự làm việc này."""
    open_window()


def retry(run: Annotated[str, typer.Argument(metavar="MÃ", help="Mã lần chạy, như trong thư cảnh báo.")]) -> None:
    """Chạy lại một lần chạy đã lỗi, trên máy chủ của baocao serve đang chạy."""
    retry_run(open_workspace(), run)


def deploy(pool: Annotated[str, typer.Option("--pool", help="Tên nhóm máy chạy (work pool) của Prefect.")]) -> None:
    """Đăng ký mọi luồng với máy chủ Prefect (PREFECT_API_URL) cho các máy chạy."""
    names = deploy_to(pool)
    print(f"Đã đăng ký {len(names)} luồng vào nhóm “{pool}”:")
    for name in names:
        print(f"  {name}")
    print(f"Khởi động máy chạy: prefect worker start --pool {pool} --type process")
