"""A run again: ``baocao retry``, on the server of this home, wherever it is typed."""

from uuid import UUID

from baocao.system.errors import OutsideServiceError, UsageError
from baocao.workspace.workspace import Workspace
from deployments.environment import find_server, prepare_prefect

_CATCH_UP = "baocao catch-up"


def retry(workspace: Workspace, run: str) -> None:
    """Let a run that has ended be done again, with the same parameters, by the runner of its deployment.

    Raises:
        UsageError: there is no such run, or nobody can run it again; the sentence says what to do instead.
        NotDueError: it has not ended yet.
        OutsideServiceError: no server is alive, or it does not answer.
    """
    identifier = run_number(run)
    address = find_server(workspace.home)
    if not address:
        raise OutsideServiceError(
            f"Không có baocao serve nào đang chạy cho thư mục {workspace.home}. "
            f"Hãy khởi động baocao serve (sẽ tự làm bù), hoặc chạy {_CATCH_UP}."
        )
    prepare_prefect(workspace.settings)
    from deployments.rerun import rerun  # noqa: PLC0415 - Prefect reads its settings when it is imported

    rerun(address, identifier)
    print(f"Đã xếp chạy lại; theo dõi ở {address.removesuffix('/api')}/runs/flow-run/{identifier}")


def run_number(run: str) -> UUID:
    """The number of a run as it is typed or copied.

    Raises:
        UsageError: it is none.
    """
    try:
        return UUID(run)
    except ValueError:
        raise UsageError(f"“{run}” không phải mã lần chạy; hãy chép mã nêu trong thư cảnh báo.") from None
