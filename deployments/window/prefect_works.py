"""What the window asks for, asked of Prefect's server; no page waits for it."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import PrefectException

from baocao.domain.planned.period import Period
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import Workspace
from deployments.again import run_number
from deployments.environment import find_server
from deployments.rerun import rerun
from deployments.watching.arrivals import Announcer
from portal.room.works import NOBODY, Stopped
from tasks.approval import wake_decided

log = logging.getLogger(__name__)

_PLACE = "cửa sổ web"
_REPORT = "bao-cao-tong-hop"
_LATELY, _MOST, _PATIENCE = timedelta(days=3), 10, 3.0
_FAILED = [StateType.FAILED, StateType.CRASHED]


class PrefectWorks:
    """Runs by Prefect; one request after the other, in a thread of its own."""

    def __init__(self, workspace: Workspace) -> None:
        """For the deployments of this home's plan."""
        self._workspace = workspace
        self._announcer = Announcer(workspace.plan)
        self._thread = ThreadPoolExecutor(1, "works")
        self._asking = ThreadPoolExecutor(1, "works-asking")

    def is_there(self) -> bool:
        """Whether a server is named, or one of this home runs."""
        return bool(find_server(self._workspace.home))

    def collect(self, name: str) -> bool:
        """Tell Prefect of an arrival; files that come together share a run."""
        return self._soon(lambda: self._announcer.announce(_PLACE, frozenset({name})))

    def report(self, period: Period) -> bool:
        """Let runs that wait for the decision go on, and start one of the report."""
        return self._soon(lambda: self._report(period))

    def stopped(self) -> list[Stopped] | None:
        """What failed within three days; None where the server does not answer within three seconds."""
        if not self.is_there():
            return []
        try:
            return self._asking.submit(self._stopped).result(_PATIENCE)
        except (TimeoutError, HTTPError, PrefectException, RuntimeError) as error:
            log.warning("Prefect does not say what failed: %s", error)
            return None

    def _stopped(self) -> list[Stopped]:
        since = {"after_": (datetime.now(UTC) - _LATELY).isoformat()}
        which = {
            "state": {"type": {"any_": _FAILED}},
            "expected_start_time": since,
            "deployment_id": {"is_null_": False},
        }
        with get_client(sync_client=True) as client:
            found = client.read_flow_runs(
                deployment_filter=DeploymentFilter.model_validate({"tags": {"all_": [self._workspace.plan.code]}}),
                flow_run_filter=FlowRunFilter.model_validate(which),
                sort=FlowRunSort.EXPECTED_START_TIME_DESC,
                limit=_MOST,
            )
        return [Stopped(str(one.id), one.name, self._ended(one)) for one in found]

    def _ended(self, one: FlowRun) -> str:
        at = self._workspace.local(one.end_time) if one.end_time else None
        return f"Dừng vì lỗi lúc {at:%H:%M ngày %d/%m/%Y}." if at else "Dừng vì lỗi."

    def again(self, run: str) -> None:
        """By the very function of ``baocao retry``."""
        identifier, address = run_number(run), find_server(self._workspace.home)
        if not address:
            raise OutsideServiceError(NOBODY)
        rerun(address, identifier)

    def _soon(self, what: Callable[[], object]) -> bool:
        if not self.is_there():
            return False
        self._thread.submit(_told, what)
        return True

    def _report(self, period: Period) -> None:
        wake_decided.fn()
        plan = self._workspace.plan.code
        with get_client(sync_client=True) as client:
            found = client.read_deployments(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[_REPORT])),
                deployment_filter=DeploymentFilter.model_validate({"tags": {"all_": [plan]}}),
            )
            for one in found:
                client.create_flow_run_from_deployment(one.id, parameters={"period": str(period)})


def _told(what: Callable[[], object]) -> None:
    """Where the server went away, what is recorded waits for the next run of the calendar."""
    try:
        what()
    except (HTTPError, PrefectException, RuntimeError) as error:
        log.warning("Prefect was not told: %s", error)
