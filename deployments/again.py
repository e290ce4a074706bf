"""A run again: ``baocao retry``, on the server of this home, wherever it is typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from baocao.system.errors import NotDueError, OutsideServiceError, UsageError
from baocao.system.proxies import proxy_hint
from baocao.workspace.workspace import Workspace
from deployments.environment import find_server, prepare_prefect

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun

_CATCH_UP = "baocao catch-up"


def retry(workspace: Workspace, run: str) -> None:
    """Let a run that has ended be done again, with the same parameters, by the runner of its deployment.

    Raises:
        UsageError: there is no such run, or nobody can run it again; the sentence says what to do instead.
        NotDueError: it has not ended yet.
        OutsideServiceError: no server is alive, or it does not answer.
    """
    identifier = _identifier(run)
    address = find_server(workspace.home)
    if not address:
        raise OutsideServiceError(
            f"Không có baocao serve nào đang chạy cho thư mục {workspace.home}. "
            f"Hãy khởi động baocao serve (sẽ tự làm bù), hoặc chạy {_CATCH_UP}."
        )
    prepare_prefect(workspace.settings)
    with _reached(address) as client:
        _schedule(client, _found(client, identifier))
    print(f"Đã xếp chạy lại; theo dõi ở {address.removesuffix('/api')}/runs/flow-run/{identifier}")


def _identifier(run: str) -> UUID:
    try:
        return UUID(run)
    except ValueError:
        raise UsageError(f"“{run}” không phải mã lần chạy; hãy chép mã nêu trong thư cảnh báo.") from None


@contextmanager
def _reached(address: str) -> "Iterator[SyncPrefectClient]":
    from httpx import HTTPError
    from prefect.client.orchestration import get_client

    try:
        with get_client(sync_client=True) as client:
            yield client
    except HTTPError as error:
        raise OutsideServiceError(
            f"Máy chủ Prefect {address} không trả lời: {error}.{proxy_hint(address)} Hãy kiểm tra rồi chạy lại."
        ) from error


def _found(client: "SyncPrefectClient", identifier: UUID) -> "FlowRun":
    from prefect.exceptions import ObjectNotFound

    try:
        return client.read_flow_run(identifier)
    except ObjectNotFound:
        raise UsageError(f"Máy chủ không có lần chạy {identifier}. Hãy kiểm tra mã, hoặc chạy {_CATCH_UP}.") from None


def _schedule(client: "SyncPrefectClient", run: "FlowRun") -> None:
    from prefect.states import AwaitingRetry

    if run.deployment_id is None:
        raise UsageError(
            f"“{run.name}” được chạy bằng lệnh tay nên máy chủ không tự chạy lại được. "
            f"Hãy gõ lại lệnh đó, hoặc {_CATCH_UP}."
        )
    if run.state is None or not run.state.is_final():
        raise NotDueError(f"“{run.name}” chưa kết thúc, không cần chạy lại. Hãy xem trang theo dõi.")
    client.set_flow_run_state(run.id, AwaitingRetry(message="Chạy lại theo lệnh baocao retry."), force=True)
