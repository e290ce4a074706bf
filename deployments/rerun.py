"""What ``baocao retry`` does once Prefect may be imported."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.objects import FlowRun
from prefect.exceptions import ObjectNotFound
from prefect.states import AwaitingRetry

from baocao.system.errors import NotDueError, OutsideServiceError, UsageError
from baocao.system.proxies import proxy_hint


def rerun(address: str, identifier: UUID) -> None:
    """Let the server hand a run that has ended to the runner of its deployment again.

    Raises:
        UsageError: there is no such run, or nobody can run it again.
        NotDueError: it has not ended yet.
        OutsideServiceError: the server does not answer.
    """
    with _reached(address) as client:
        _schedule(client, _found(client, identifier))


@contextmanager
def _reached(address: str) -> Iterator[SyncPrefectClient]:
    try:
        with get_client(sync_client=True) as client:
            yield client
    except HTTPError as error:
        raise OutsideServiceError(
            f"Máy chủ Prefect {address} không trả lời: {error}.{proxy_hint(address)} Hãy kiểm tra rồi chạy lại."
        ) from error


def _found(client: SyncPrefectClient, identifier: UUID) -> FlowRun:
    try:
        return client.read_flow_run(identifier)
    except ObjectNotFound:
        raise UsageError(
            f"Máy chủ không có lần chạy {identifier}. Hãy kiểm tra mã, hoặc chạy baocao catch-up."
        ) from None


def _schedule(client: SyncPrefectClient, run: FlowRun) -> None:
    if run.deployment_id is None:
        raise UsageError(
            f"“{run.name}” được chạy bằng lệnh tay nên máy chủ không tự chạy lại được. "
            f"Hãy gõ lại lệnh đó, hoặc baocao catch-up."
        )
    if run.state is None or not run.state.is_final():
        raise NotDueError(f"“{run.name}” chưa kết thúc, không cần chạy lại. Hãy xem trang theo dõi.")
    client.set_flow_run_state(run.id, AwaitingRetry(message="Chạy lại theo lệnh baocao retry."), force=True)
