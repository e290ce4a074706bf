"""An arrival as Prefect sees it: an event on the plan's inbox, and the trigger that answers it with a run."""

import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from threading import Lock
from typing import Any
from uuid import UUID

from httpx import HTTPError
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import DeploymentFilter, FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.events import DeploymentEventTrigger, Event, Resource
from prefect.exceptions import PrefectException

from baocao.domain.planned.plan import Plan

log = logging.getLogger(__name__)

ARRIVED = "baocao.co-tep-hoac-thu-den"
COLLECT = "thu-bao-cao"
TRIGGER_SECONDS = 10.0
"""How long Prefect's trigger may take; after that the run is started without it, for no arrival waits."""
_SOON = timedelta(seconds=15)
_RETRY_SECONDS = 3.0
_NOT_BEGUN = [StateType.SCHEDULED, StateType.PENDING]


def arrival_trigger(plan: Plan) -> DeploymentEventTrigger:
    """What Prefect does at an arrival: one run of the collection."""
    return DeploymentEventTrigger(
        name=f"Có tệp hoặc thư đến thì thu báo cáo ({plan.code})",
        description="Lần chạy này do báo cáo vừa đến trong thư mục hoặc hộp thư.",
        expect={ARRIVED},
        match={"prefect.resource.id": _inbox_id(plan)},
        parameters={},
    )


class Announcer:
    """Sees to it that a run begins after each arrival; several arrivals share one that has not begun yet."""

    def __init__(self, plan: Plan) -> None:
        """Arrivals of this plan."""
        self._plan = plan
        self._lock = Lock()

    def announce(self, place: str, names: frozenset[str]) -> bool:
        """Tell Prefect what came where; whether a run will take it in. Where the server is away, nothing is lost."""
        with self._lock:
            try:
                with get_client(sync_client=True) as client:
                    return self._see_to_a_run(client, place, sorted(names))
            except (HTTPError, PrefectException, RuntimeError) as error:
                log.warning("an arrival is not told yet: %s", error)
                time.sleep(_RETRY_SECONDS)
                return False

    def _see_to_a_run(self, client: SyncPrefectClient, place: str, names: Sequence[str]) -> bool:
        deployment = self._deployment(client)
        if deployment is None:  # a server that has just started
            return False
        if _runs(client, deployment, state={"type": {"any_": _NOT_BEGUN}}):
            return True
        told_at = datetime.now(UTC)
        event = self._event(place, names)
        client.request("POST", "/events", json=[event.model_dump(mode="json")])
        if not _is_answered(client, deployment, told_at):
            log.warning("Prefect's trigger does not answer; the run is started without it")
            client.create_flow_run_from_deployment(deployment, idempotency_key=str(event.id))
        return True

    def _event(self, place: str, names: Sequence[str]) -> Event:
        resource = {"prefect.resource.id": _inbox_id(self._plan), "prefect.resource.name": f"Nơi nhận: {place}"}
        payload = {"noi": place, "so_luong": len(names), "vi_du": [name[:200] for name in names[:5]]}
        return Event(event=ARRIVED, resource=Resource.model_validate(resource), payload=payload)

    def _deployment(self, client: SyncPrefectClient) -> UUID | None:
        tagged = DeploymentFilter.model_validate({"tags": {"all_": [self._plan.code]}})
        of_flow = FlowFilter(name=FlowFilterName(any_=[COLLECT]))
        found = client.read_deployments(flow_filter=of_flow, deployment_filter=tagged)
        return found[0].id if found else None


def _inbox_id(plan: Plan) -> str:
    return f"baocao.noi-nhan.{plan.code}"


def _runs(client: SyncPrefectClient, deployment: UUID, **which: Any) -> list[FlowRun]:
    """Runs of the collection that are due, chosen by more; those of the calendar lie further ahead."""
    due = {"before_": (datetime.now(UTC) + _SOON).isoformat(), **which.pop("expected_start_time", {})}
    chosen = {"deployment_id": {"any_": [deployment]}, "expected_start_time": due, **which}
    return client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate(chosen), limit=1)


def _is_answered(client: SyncPrefectClient, deployment: UUID, told_at: datetime) -> bool:
    after = {"after_": (told_at - timedelta(seconds=1)).isoformat()}
    until = time.monotonic() + TRIGGER_SECONDS
    while time.monotonic() < until:
        if _runs(client, deployment, expected_start_time=after):
            return True
        time.sleep(0.5)
    return False
