"""What ``deploy`` does once Prefect may be imported: every flow registered for a work pool."""

import os

import httpx
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.exceptions import ObjectAlreadyExists

from baocao.system.clock import now
from baocao.system.errors import OutsideServiceError
from baocao.system.proxies import proxy_hint
from baocao.workspace.workspace import Workspace
from deployments.serving.registry import deployments_of, drop_former

SHARED = ("BAOCAO_HOME", "BAOCAO_PLAN", "BAOCAO_INBOX")


def register_in(workspace: Workspace, pool: str) -> list[str]:
    """Register every flow for the pool, which is made where it is missing. Idempotent. Returns the full names.

    Raises:
        OutsideServiceError: the server does not answer.
    """
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
    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=pool, type="process"))
        except ObjectAlreadyExists:
            return
