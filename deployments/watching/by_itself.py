"""``baocao watch``: the watch as a service of its own, beside a server and workers."""

from threading import Event

from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.workspace import open_workspace
from deployments.environment import find_server, prepare_prefect
from deployments.watching.alone import alone


def watch_by_itself() -> None:
    """Watch until asked to end.

    Raises:
        UsageError: watching is switched off, or another process watches this home.
        OutsideServiceError: no server is named or found; a service is started again until there is one.
    """
    workspace = open_workspace()
    if workspace.settings.watch == "off":
        raise UsageError("BAOCAO_WATCH=off: không canh. Hãy đặt auto hoặc poll rồi chạy lại.")
    if not find_server(workspace.home):
        raise OutsideServiceError(
            "Không có máy chủ Prefect nào để báo: hãy khởi động baocao serve, hoặc đặt PREFECT_API_URL, rồi chạy lại."
        )
    prepare_prefect(workspace.settings)
    _ = workspace.engine  # migrated, and of this plan
    from deployments.watching.watching import leave_when_told, watch_all  # noqa: PLC0415 - Prefect reads its settings when it is imported

    with alone(workspace.home) as is_alone:
        if not is_alone:
            raise UsageError(
                f"Thư mục {workspace.home} đang được canh (baocao serve hoặc baocao watch khác); không cần chạy thêm."
            )
        leaving = Event()
        leave_when_told(leaving)
        print("Đang canh nơi nhận; có báo cáo đến là thu ngay.", flush=True)
        watch_all(workspace, leaving)
