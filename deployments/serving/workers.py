"""The same deployments for a process work pool and as many workers as there are."""

import os

from baocao.system.errors import UsageError
from baocao.workspace.last_plan import remember_plan
from baocao.workspace.workspace import open_workspace
from deployments.environment import prepare_prefect
from deployments.serving.serve import fix_places


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
    from deployments.serving.pool import register_in  # noqa: PLC0415 - Prefect reads its settings when it is imported

    return register_in(workspace, pool)
