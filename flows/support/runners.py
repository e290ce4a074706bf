"""Where mapped tasks run: threads of this process, or a Dask cluster; by configuration alone."""

from typing import Any

from prefect.task_runners import ThreadPoolTaskRunner

from baocao.workspace.settings import load_settings


def chosen_runner() -> Any:
    """The task runner of BAOCAO_TASK_RUNNER: ``threads``, or ``dask`` on a local cluster or at BAOCAO_DASK_ADDRESS."""
    settings = load_settings()
    if settings.task_runner == "dask":
        from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415 - Dask, which one machine has no need of

        if settings.dask_address:
            return DaskTaskRunner(address=settings.dask_address)
        local = {"n_workers": settings.workers, "threads_per_worker": 1, "dashboard_address": None}
        return DaskTaskRunner(cluster_kwargs=local)
    return ThreadPoolTaskRunner(max_workers=settings.workers)
