"""What the window asks for, asked of Prefect's server; no page waits for it."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from httpx import HTTPError
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowFilterName
from prefect.exceptions import PrefectException

from baocao.domain.planned.period import Period
from baocao.workspace.workspace import Workspace
from deployments.environment import find_server
from deployments.watching.arrivals import Announcer
from tasks.approval import wake_decided

log = logging.getLogger(__name__)

_PLACE = "cửa sổ web"
_REPORT = "bao-cao-tong-hop"


class PrefectWorks:
    """Runs by Prefect; one request after the other, in a thread of its own."""

    def __init__(self, workspace: Workspace) -> None:
        """For the deployments of this home's plan."""
        self._workspace = workspace
        self._announcer = Announcer(workspace.plan)
        self._thread = ThreadPoolExecutor(1, "works")

    def is_there(self) -> bool:
        """Whether a server is named, or one of this home runs."""
        return bool(find_server(self._workspace.home))

    def collect(self, name: str) -> bool:
        """Tell Prefect of an arrival; files that come together share a run."""
        return self._soon(lambda: self._announcer.announce(_PLACE, frozenset({name})))

    def report(self, period: Period) -> bool:
        """Let runs that wait for the decision go on, and start one of the report."""
        return self._soon(lambda: self._report(period))

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
