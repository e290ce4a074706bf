"""What happens when a run fails, crashes or ends well: the operators are told, by mail and in the home."""

import logging
from contextlib import suppress
from typing import Any

from baocao.mail.sending.delivery import deliver_all
from baocao.mail.sending.transport import NoWayOutError
from baocao.mail.trouble import Trouble
from baocao.oversight.alerts import queue_alert
from baocao.oversight.troubles import OpenTrouble, note_trouble, settle_troubles
from baocao.site import build_site
from baocao.system.clock import Clock
from baocao.system.errors import BaocaoError, NotDueError, PlanError, UsageError
from baocao.workspace.last_plan import with_sound_plan
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace

ALL_DONE = "lam-bu"
CATCH_UP = "baocao catch-up"
_log = logging.getLogger(__name__)


def alert_operators(flow: Any, flow_run: Any, state: Any) -> None:
    """Prefect's hook; what a person asked for wrongly or too early is that person's affair and makes no alert."""
    cause = _cause(state)
    if isinstance(cause, NotDueError) or (_is_a_slip(cause) and not flow_run.auto_scheduled):
        return
    period = str(flow_run.parameters.get("period") or "")
    of_period = f" kỳ {period}" if period else ""
    trouble = Trouble(f"{flow_run.name}: {_told(cause, state)}", _remedy(cause, flow_run))
    tell(
        f"Luồng {flow.name}{of_period} bị lỗi",
        _kind(flow, period, cause, state),
        [(flow.name, period, trouble)],
        is_sent_now=not isinstance(cause, NoWayOutError),
    )
    if not flow_run.parameters.get("as_of"):
        _show(Workspace(load_settings()))


def settle(flow: Any, flow_run: Any, state: Any) -> None:  # noqa: ARG001 - as Prefect calls it
    """Prefect's hook: a run that ended well mends what was wrong with its flow; a catch-up leaves nothing undone."""
    period = str(flow_run.parameters.get("period") or "")
    with suppress(BaocaoError):
        settings = load_settings()
        is_settled = settle_troubles(settings.home, flow.name, period, is_all=flow.name == ALL_DONE)
        if is_settled and not flow_run.parameters.get("as_of"):
            _show(Workspace(settings))


def tell(subject: str, kind: str, troubles: list[tuple[str, str, Trouble]], *, is_sent_now: bool = True) -> None:
    """Write troubles (flow, period, trouble) into the home first, then mail them, whatever else is broken.

    One mail a day for each ``kind``. It waits in the outbox where ``is_sent_now`` is false: the mail server refused
    the login just now, and a wrong password is not given a second time.
    """
    home = with_sound_plan(Workspace(load_settings()))
    clock = home.clock() if home else None
    _note(troubles, clock)
    if home is None or clock is None:
        return
    short = troubles[0][2].what.partition(": ")[2] or troubles[0][2].what
    try:
        queue_alert(home, f"{subject}: {_cut(short)}", kind, [one for *_, one in troubles], clock)
        if is_sent_now:
            deliver_all(home, clock)
    except Exception as error:  # noqa: BLE001 - mail server, database or disk: the home's own note stands
        _log.warning("the alert was not mailed yet: %s", error)
    finally:
        with suppress(Exception):
            home.engine.dispose()


def _show(workspace: Workspace) -> None:
    """Bring the first page of the site up to date; what keeps it from that is told in the home already."""
    with suppress(Exception):
        try:
            build_site(workspace, workspace.clock())
        finally:
            workspace.engine.dispose()


def _note(troubles: list[tuple[str, str, Trouble]], clock: Clock | None) -> None:
    at = clock.now.isoformat(timespec="seconds") if clock else ""
    home = load_settings().home
    for flow, period, one in troubles:
        with suppress(BaocaoError, OSError):  # a full disk: the mail may still get through
            note_trouble(home, OpenTrouble(at, flow, period, one.what, one.remedy))


def _cause(state: Any) -> BaseException | None:
    try:
        state.result()
    except BaseException as error:  # noqa: BLE001 - it is only looked at
        return error
    return None


def _is_a_slip(cause: BaseException | None) -> bool:
    """Wrong usage, which is the person's who asked; a broken plan is not."""
    return isinstance(cause, UsageError) and not isinstance(cause, PlanError)


def _kind(flow: Any, period: str, cause: BaseException | None, state: Any) -> str:
    """What tells troubles apart: of our own sentences the words, whichever flow met it; of all else the flow, too."""
    if isinstance(cause, BaocaoError):
        return str(cause)
    what = state.name if cause is None or state.is_crashed() else f"{type(cause).__name__}: {cause}"
    return f"{flow.name} {period} {what}"


def _told(cause: BaseException | None, state: Any) -> str:
    if isinstance(cause, BaocaoError):
        return str(cause)
    if state.is_crashed() or cause is None:
        return f"tiến trình dừng giữa chừng ({state.message})"
    return f"lỗi của chương trình ({type(cause).__name__}: {cause})"


def _remedy(cause: BaseException | None, flow_run: Any) -> str:
    again = f"baocao retry {flow_run.id}, hoặc {CATCH_UP}" if flow_run.deployment_id else CATCH_UP
    look = "sửa kế hoạch, xem lại bằng baocao plan check" if isinstance(cause, PlanError) else "sửa nguyên nhân"
    return f"{look.capitalize()}, rồi chạy lại: {again}"


def _cut(text: str, most: int = 120) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[:most]}…"
