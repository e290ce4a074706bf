"""What happens when a run fails or crashes: one mail to the operators, through the same outbox."""

from contextlib import suppress
from typing import Any

from baocao.alerting import queue_alert
from baocao.clock import read_clock
from baocao.errors import BaocaoError, NotDueError, UsageError
from baocao.mail.delivery import deliver
from baocao.mail.routes import transport_of
from baocao.mail.transport import NoWayOutError
from baocao.workspace import open_workspace


def alert_operators(flow: Any, flow_run: Any, state: Any) -> None:
    """Prefect's hook; what a person asked for wrongly or too early is that person's affair and makes no alert."""
    cause = _cause(state)
    if isinstance(cause, UsageError | NotDueError):
        return
    workspace = open_workspace()
    clock = read_clock(None, workspace.zone)
    period = str(flow_run.parameters.get("period", ""))
    problem = f"{flow_run.name}: {state.name}. {state.message or ''}".strip()
    queue_alert(workspace, flow.name, str(flow_run.id), period, problem, clock)
    if isinstance(cause, NoWayOutError):  # it was tried just now: a wrong password is not given a second time
        return
    with suppress(BaocaoError):  # the mail waits in the outbox where the server is down
        transport = transport_of(workspace.settings, workspace.outbox_folder)
        deliver(workspace.engine, transport, workspace.outbox_folder, clock.now)


def _cause(state: Any) -> BaseException | None:
    try:
        state.result()
    except BaseException as error:  # noqa: BLE001 - it is only looked at
        return error
    return None
