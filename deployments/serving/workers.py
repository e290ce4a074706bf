"""The same deployments for a process work pool and as many workers as there are."""

import os

from baocao.system.clock import now
from baocao.system.errors import OutsideServiceError, UsageError
from baocao.system.proxies import proxy_hint
from baocao.workspace.last_plan import remember_plan
from baocao.workspace.workspace import open_workspace
from deployments.environment import prepare_prefect
from deployments.serving.serve import fix_places

SHARED = ("BAOCAO_HOME", "BAOCAO_PLAN", "BAOCAO_INBOX")


def deploy_to(pool: str) -> list[str]:
    """Register every flow for a work pool, which is made where it is missing. Idempotent. Returns the full names.

    The folders go with the deployments; secrets and the database's address come from each worker's own environment.

    Raises:
        UsageError: PREFECT_API_URL is not set.
        OutsideServiceError: the server does not answer.
    """
    if not os.environ.get("PREFECT_API_URL"):
        raise UsageError("Chưa đặt PREFECT_API_URL: hãy đặt địa chỉ máy chủ Prefect, ví dụ http://127.0.0.1:4200/api.")
    workspace = open_workspace()
    fix_places(workspace)
    prepare_prefect(workspace.settings)
    remember_plan(workspace)
    import httpx

    from deployments.serving.registry import deployments_of, drop_former

    try:
        _ensure_pool(pool)
        deployments = deployments_of(workspace, now(), pool)
        for deployment in deployments:
            deployment.job_variables = {"env": {name: os.environ[name] for name in SHARED}}
            deployment.apply()
        drop_former(workspace)
    except httpx.HTTPError as error:
        address = os.environ["PREFECT_API_URL"]
        raise OutsideServiceError(
            f"Máy chủ Prefect {address} không trả lời: {error}.{proxy_hint(address)} Hãy kiểm tra rồi chạy lại."
        ) from error
    return [f"{deployment.flow_name}/{deployment.name}" for deployment in deployments]


def _ensure_pool(pool: str) -> None:
    from prefect.client.orchestration import get_client
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectAlreadyExists

    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        except ObjectAlreadyExists:
            return
