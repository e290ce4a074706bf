"""The whole plan on a simulated clock: sample submissions, the real flows, a real SMTP server on loopback."""

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from baocao.domain.planned.job import Job
from baocao.domain.planned.period import Period
from baocao.intake.sources import has_waiting
from baocao.oversight.agenda import Event, events_of
from baocao.oversight.status import period_status
from baocao.reminders.lacking import lacking_units
from baocao.reporting.prepared import latest_report
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.system.clock import Clock
from baocao.system.errors import UsageError
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace, open_workspace
from deployments.loopback import HOST, MailServer, mail_server
from deployments.running import many_runs, run_flow
from deployments.sample import Sending, scenario, write

_MARK = ".baocao-demo"
Step: TypeAlias = "Event | Sending"


def replay(out: Path | None, until: datetime | None = None) -> None:
    """Replay the plan into a folder, printing what happens; ends with a table of the periods and their reports.

    What an earlier replay left there is replaced. ``until``: an aware moment after which nothing more happens.

    Raises:
        UsageError: the folder holds other data, which a replay on a simulated clock must not touch.
    """
    settings = load_settings()
    home = (out or settings.home / "demo").resolve()
    _clear(home)
    _copy_plan(settings.plan_folder, home / "plan")
    with mail_server(home / "mailserver") as server, _Environment(home, server):
        workspace = open_workspace()
        console = Console()
        with many_runs(*_TOLD):
            _play(workspace, console, until)
        _summarise(workspace, server, console)


def _clear(home: Path) -> None:
    if home.exists() and any(home.iterdir()):
        if not (home / _MARK).exists():
            raise UsageError(f"Thư mục {home} đã có dữ liệu; hãy chọn thư mục khác bằng --out.")
        shutil.rmtree(home)
    home.mkdir(parents=True, exist_ok=True)
    (home / _MARK).write_text("Thư mục này do baocao demo tạo; chạy lại demo sẽ xóa và tạo lại.\n", encoding="utf-8")


def _copy_plan(source: Path, target: Path) -> None:
    """The plan, marked as a sample, so that everything made from it says «số liệu mô phỏng»."""
    shutil.copytree(source, target)
    path = target / "plan.yaml"
    text = re.sub(r"^is_sample:.*\n", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    path.write_text(f"{text}\nis_sample: true\n", encoding="utf-8")


class _Environment:
    """The settings of the replay in the environment, and what was there before afterwards."""

    def __init__(self, home: Path, server: MailServer) -> None:
        self.values = {
            "BAOCAO_HOME": str(home),
            "BAOCAO_PLAN": str(home / "plan"),
            "BAOCAO_DATABASE_URL": "",
            "BAOCAO_INBOX": str(home / "inbox"),
            "BAOCAO_INTAKE": "folder",
            "BAOCAO_APPROVAL": "none",
            "BAOCAO_RELEASE": "plain",
            "BAOCAO_SEAL_P12": "",
            "BAOCAO_SMTP_HOST": HOST,
            "BAOCAO_SMTP_PORT": str(server.port),
            "BAOCAO_SMTP_SECURITY": "none",
            "BAOCAO_SMTP_USER": "",
        }
        self.before: Mapping[str, str] = {}

    def __enter__(self) -> None:
        self.before = dict(os.environ)
        os.environ.update(self.values)
        open_workspace.cache_clear()

    def __exit__(self, *_: object) -> None:
        os.environ.clear()
        os.environ.update(self.before)
        open_workspace.cache_clear()


def _play(workspace: Workspace, console: Console, until: datetime | None) -> None:
    steps = [(at, step) for at, step in _steps(workspace) if until is None or at <= until]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("Khởi động", total=len(steps))
        has_come = False
        for moment, step in steps:
            progress.update(bar, description=f"{moment:%d/%m/%Y %H:%M}")
            told = _send(workspace, step) if isinstance(step, Sending) else _run(workspace, step, has_come=has_come)
            if told:
                console.print(f"[dim]{moment:%d/%m/%Y %H:%M}[/dim]  {told}", highlight=False, soft_wrap=True)
            has_come = isinstance(step, Sending) or (has_come and step.job is not Job.COLLECT)
            progress.advance(bar)


def _steps(workspace: Workspace) -> Iterator[tuple[datetime, Step]]:
    """What the units send and what the agenda does, in order of time; at one moment, sending comes first."""
    sendings = scenario(workspace.plan, workspace.calendar)
    events = [event for one in workspace.calendar.values() for event in events_of(one)]
    steps: list[tuple[datetime, int, Step]] = [(one.sent_at, 0, one) for one in sendings]
    steps += [(one.at, 1, one) for one in events]
    return ((moment, step) for moment, _, step in sorted(steps, key=lambda item: item[:2]))


def _send(workspace: Workspace, sending: Sending) -> str:
    path = workspace.settings.inbox_folder / sending.unit / sending.file_name
    path.parent.mkdir(parents=True, exist_ok=True)
    write(sending, workspace.plan, path, workspace.form_path(sending.unit, sending.period))
    return f"{sending.unit} nộp báo cáo kỳ {sending.period.short}: {sending.file_name}"


def _run(workspace: Workspace, event: Event, *, has_come: bool) -> str:
    if _is_idle(workspace, event, has_come=has_come):
        return ""
    run_flow(event.job.value, period=str(event.period), as_of=event.at)
    return _TOLD[event.job](workspace, event)


def _is_idle(workspace: Workspace, event: Event, *, has_come: bool = True) -> bool:
    """Whether the flow would find nothing to do; a run that does nothing costs as much as a short one.

    ``has_come``: something was sent since the last collection; else the folders need not be looked through.
    """
    if event.job is Job.COLLECT:
        return not (has_come and has_waiting(workspace))
    return event.job in (Job.REMIND, Job.ESCALATE) and not lacking_units(workspace, event.period)


def _told_collection(workspace: Workspace, event: Event) -> str:
    board = period_status(workspace, event.period, Clock(event.at, is_simulated=True))
    states = ", ".join(f"{unit.unit}: {unit.state.label.lower()}" for unit in board.units[:6])
    return f"Thu báo cáo kỳ {event.period.short}: {states}"


def _told_report(workspace: Workspace, event: Event) -> str:
    record = latest_report(workspace, event.period)
    if record is None:
        return ""
    return f"[bold]Báo cáo kỳ {event.period.short}[/bold]: {workspace.report_folder(event.period, record.version)}"


def _told_mails(workspace: Workspace, event: Event) -> str:
    kinds = {Job.SEND_TEMPLATES: "form", Job.REMIND: f"remind/{event.period}/{event.number}", Job.ESCALATE: "escalate"}
    with reading(workspace.engine) as connection:
        messages = list_messages(connection, period=event.period)
    mails = [message for message in messages if message.key.startswith(kinds[event.job])]
    if not mails:
        return ""
    units = ", ".join(message.unit for message in mails if message.unit)
    return f"{event.job.label} kỳ {event.period.short}: {units or 'cán bộ tổng hợp'}"


_TOLD = {
    Job.SEND_TEMPLATES: _told_mails,
    Job.COLLECT: _told_collection,
    Job.REMIND: _told_mails,
    Job.ESCALATE: _told_mails,
    Job.REPORT: _told_report,
}


@dataclass(frozen=True, slots=True)
class _Line:
    """A period in the closing table."""

    period: Period
    completeness: str
    timeliness: str
    reached: str
    folder: Path


def _summarise(workspace: Workspace, server: MailServer, console: Console) -> None:
    table = Table(title="Các kỳ đã báo cáo")
    for header in ("Kỳ", "Đã nộp", "Đúng hạn", "Chỉ tiêu đạt"):
        table.add_column(header)
    lines = list(_lines(workspace))
    for line in lines:
        table.add_row(line.period.short, line.completeness, line.timeliness, line.reached)
    console.print(table)
    told(console, _places(workspace.home, lines, server.received))


def told(console: Console, lines: Iterable[str]) -> None:
    """Print each line as it is; a terminal that is narrower breaks it itself, so that its path can still be clicked."""
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def _places(home: Path, lines: Sequence[_Line], mails: int) -> Iterator[str]:
    """Where everything lies, what to open first on top; each path whole, at the end of a line of its own."""
    if lines:
        yield f"Hãy mở trước tiên, báo cáo kỳ {lines[-1].period.short}: {lines[-1].folder / 'bao-cao.pdf'}"
    yield f"Rồi trang tin, bằng trình duyệt: {home / 'site' / 'index.html'}"
    for line in lines:
        yield f"Báo cáo kỳ {line.period.short} (Word, PDF, Excel, thư): {line.folder}"
    yield f"Máy chủ thư trên máy này đã nhận {mails} thư: {home / 'mailserver'}"
    yield f"Mọi dữ liệu, biểu mẫu, thư (số liệu mô phỏng): {home}"


def _lines(workspace: Workspace) -> Iterator[_Line]:
    for period, schedule in workspace.calendar.items():
        status = period_status(workspace, period, Clock(schedule.report_before, is_simulated=True)).as_row()
        record = latest_report(workspace, period)
        if record is None:
            continue
        headlines = [figure for figure in record.figures if figure.is_headline]
        yield _Line(
            period,
            f"{status['completeness_pct']:.0f}%",
            f"{status['timeliness_pct']:.0f}%",
            f"{sum(figure.reached is True for figure in headlines)}/{len(headlines)}" if headlines else "",
            workspace.report_folder(period, record.version),
        )
