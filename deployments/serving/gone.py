"""Runs whose process is gone: a power cut, kill -9, a full disk. Told, their places freed, the work taken up.

Prefect leaves them Running for ever, and with them the one place that their deployment has. A run's process is known by
what it noted (``flows/support/run_process.py``), and by the environment that Prefect's runner gives to it.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from uuid import UUID

import psutil
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import GlobalConcurrencyLimitUpdate
from prefect.client.schemas.filters import FlowFilter, FlowFilterName, FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.states import Cancelled, Crashed

from baocao.mail.trouble import Trouble
from baocao.system import lease
from deployments.serving.registry import TITLES
from flows.catch_up import catch_up
from flows.support.alerts import CATCH_UP, tell
from flows.support.run_process import PROCESS

EVERY_SECONDS = 15.0
GRACE = timedelta(minutes=1)
LONGEST = timedelta(hours=12)  # longer than any flow may run
_HOLDING = (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING)
_WORD = "tiến trình chạy đã mất (mất điện, bị dừng đột ngột hoặc đầy đĩa)"
_log = logging.getLogger(__name__)


@dataclass
class Watch:
    """Looks for such runs of our flows.

    ``is_own``: the server is a child of this ``serve``, so that a run of a deployment can only be ours, and none that
    began before ``since`` and has no process here is alive. ``since`` is aware.
    """

    is_own: bool
    since: datetime
    _suspects: set[UUID] = field(default_factory=set)
    _surplus: dict[UUID, int] = field(default_factory=dict)

    def look(self, client: SyncPrefectClient) -> list[FlowRun]:
        """Mark what is gone and free its place; which runs these were.

        What began under this ``serve`` is marked when it is found twice: Prefect's own runner may be about to tell it.
        """
        unfinished = _unfinished(client)
        living = _living_runs()
        gone = {run.id: run for run in unfinished if self._is_gone(run, living)}
        sure = [run for run in gone.values() if run.id in self._suspects or self._is_of_before(run)]
        self._suspects = set(gone)
        marked = [run for run in sure if _mark(client, run)]
        self._free_places(client, {run.deployment_id for run in unfinished if run.id not in {one.id for one in marked}})
        return marked

    def _is_of_before(self, run: FlowRun) -> bool:
        return _moment(run) < self.since

    def _is_gone(self, run: FlowRun, living: set[str]) -> bool:
        age = datetime.now(UTC) - _moment(run)
        if str(run.id) in living or (age < GRACE and not self._is_of_before(run)):
            return False
        holder = run.labels.get(PROCESS)
        if isinstance(holder, str) and _state_type(run) is not StateType.PENDING:
            is_foreign = self.is_own and bool(run.deployment_id) and not lease.is_of_this_machine(holder)
            return lease.is_gone(holder) or (is_foreign and self._is_of_before(run))
        return self.is_own and (bool(run.deployment_id) or age > LONGEST or _state_type(run) is StateType.PENDING)

    def _free_places(self, client: SyncPrefectClient, busy: set[UUID | None]) -> None:
        """A deployment of which no run is under way has no place taken; nobody else would give it back."""
        if not self.is_own:
            return
        surplus = {}
        for one in client.read_deployments(flow_filter=_named(list(TITLES))):
            limit = one.global_concurrency_limit
            if limit is not None and limit.active_slots and one.id not in busy:
                surplus[one.id] = limit.active_slots
                if self._surplus.get(one.id):
                    update = GlobalConcurrencyLimitUpdate(active_slots=0)
                    client.update_global_concurrency_limit(limit.name, update)
        self._surplus = surplus


def _unfinished(client: SyncPrefectClient) -> list[FlowRun]:
    chosen = FlowRunFilter.model_validate({"state": {"type": {"any_": list(_HOLDING)}}})
    return client.read_flow_runs(flow_filter=_named(list(TITLES)), flow_run_filter=chosen)


def _named(flows: Sequence[str]) -> FlowFilter:
    return FlowFilter(name=FlowFilterName(any_=list(flows)))


def _living_runs() -> set[str]:
    """The ids of the runs for which Prefect's runner, or a worker, has a process on this machine."""
    living = set()
    for process in psutil.process_iter():
        try:
            living.add(process.environ().get("PREFECT__FLOW_RUN_ID", ""))
        except (psutil.Error, OSError):
            continue
    return living


def _state_type(run: FlowRun) -> StateType | None:
    return run.state.type if run.state else run.state_type


def _moment(run: FlowRun) -> datetime:
    found = run.state.timestamp if run.state else run.expected_start_time
    return found or datetime.now(UTC)


def _mark(client: SyncPrefectClient, run: FlowRun) -> bool:
    """Mark a run unless it has moved on meanwhile; whether it was marked."""
    if (now := client.read_flow_run(run.id).state) is None or run.state is None or now.id != run.state.id:
        return False
    state: State[Any] = Crashed(message=f"Đã dừng giữa chừng: {_WORD}.")
    if run.state.type is StateType.CANCELLING:
        state = Cancelled(message="Đã hủy; tiến trình chạy không còn.")
    client.set_flow_run_state(run.id, state)
    if client.read_flow_run(run.id).state_type in _HOLDING:
        client.set_flow_run_state(run.id, state, force=True)
    return True


def watch_runs(watch: Watch, gone: Sequence[FlowRun], leaving: Event) -> None:
    """Tell of what was gone at the start; then look every ``EVERY_SECONDS`` until told to leave.

    What is found is told in one mail, and caught up with; after the start a catch-up comes in a minute anyhow.
    """
    _guarded(lambda client: _tell(client, gone))
    while not leaving.wait(EVERY_SECONDS):
        _guarded(lambda client: _take_up(client, watch.look(client)))


def _guarded(work: Callable[[SyncPrefectClient], object]) -> None:
    try:
        with get_client(sync_client=True) as client:
            work(client)
    except Exception as error:  # noqa: BLE001 - the server may be away; the next round looks again
        _log.warning("could not look after runs: %s", error)


def _take_up(client: SyncPrefectClient, gone: Sequence[FlowRun]) -> None:
    if _tell(client, gone):
        for deployment in client.read_deployments(flow_filter=_named([catch_up.name])):
            client.create_flow_run_from_deployment(deployment.id)


def _tell(client: SyncPrefectClient, gone: Sequence[FlowRun]) -> bool:
    """Tell the operators of what was not wanted; whether there was any."""
    crashed = [run for run in gone if _state_type(run) is not StateType.CANCELLING]
    if not crashed:
        return False
    names = {flow.id: flow.name for flow in client.read_flows()}
    troubles = [(names[run.flow_id], str(run.parameters.get("period") or ""), _trouble(run)) for run in crashed]
    kind = " ".join(sorted({f"{flow} {period}" for flow, period, _ in troubles}))
    tell(f"{len(crashed)} lần chạy dừng giữa chừng", f"dừng giữa chừng: {kind}", troubles)
    return True


def _trouble(run: FlowRun) -> Trouble:
    by_hand = f"; riêng lần này: baocao retry {run.id}" if run.deployment_id else ""
    return Trouble(f"{run.name}: {_WORD}", f"Việc đến hạn được tự làm bù ({CATCH_UP}){by_hand}")
