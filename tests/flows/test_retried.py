"""Every flow fails behind each of its tasks in turn, and is run again each time: the month ends as it should.

The fault comes after a task's work is done and saved, which is the worst moment: running it again must change nothing.
What a catch-up collects is collected as by the collection itself, and an approved report is made as the one before it:
there the faults come behind the tasks that are new.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from functools import cache, partial, wraps
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from prefect import Task
from support.servers.smtp import SmtpServer, smtp_server
from support.workbooks import samples

import tasks
from baocao.domain.planned.period import Period
from baocao.operations.export import export_rows
from baocao.oversight.status import period_status
from baocao.reporting import approval
from baocao.system.clock import read_clock
from baocao.workspace.workspace import Workspace, open_workspace
from flows.catch_up import catch_up
from flows.collect import collect
from flows.digest import digest
from flows.escalate import escalate
from flows.remind import remind
from flows.report import report
from flows.send_templates import send_templates

AUGUST, SEPTEMBER = Period(2022, 8), Period(2022, 9)
REPORTED = datetime(2022, 9, 23, 8)
NEVER_HERE = {
    "Ghi quyết định",  # only where a served run is resumed: tests/serving/test_serve.py
    "Xem có số liệu để báo cáo",  # only where a schedule asks: test_guarded.py
    "Gửi dự thảo báo cáo trống",
}
TAKEN_IN = frozenset({"Tiếp nhận tệp", "Chọn tệp chờ kiểm tra", "Đọc tệp", "Kiểm tra và lưu", "Cập nhật bảng theo dõi"})
MADE = frozenset({"Tổng hợp số liệu", "Dựng báo cáo"})


@dataclass(frozen=True)
class Step:
    """A flow of the month with its arguments; faults behind the tasks of ``spared`` come in another step."""

    run: Callable[[], object]
    spared: frozenset[str] = frozenset()


class FaultError(Exception):
    """Ours."""


def every_task() -> set[Task[..., Any]]:
    modules = [import_module(f"tasks.{module.name}") for module in iter_modules(tasks.__path__)]
    return {found for module in modules for found in vars(module).values() if isinstance(found, Task)}


class Saboteur:
    """Stands behind every task: notes which ones a flow calls, and raises behind the one that is to fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.called: list[str] = []
        self.victim = ""
        for task in every_task():
            monkeypatch.setattr(task, "fn", self._behind(task.name, task.fn))

    def _behind(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def guarded(*arguments: Any, **named: Any) -> Any:
            result = work(*arguments, **named)
            if name not in self.called:
                self.called.append(name)
            if name == self.victim:
                raise FaultError(name)
            return result

        return guarded


@cache
def workbook(unit: str, period: Period) -> bytes:
    """A clean workbook; the same bytes each time, since its hour of writing is in it."""
    plan = samples.plan()
    filled = samples.clean(plan, plan.form_of(period), unit, period)
    with TemporaryDirectory() as folder:
        return samples.write_filled(Path(folder) / "bao-cao.xlsx", plan, unit, period, filled).read_bytes()


def lay(workspace: Workspace, unit: str, period: Period) -> None:
    path = workspace.settings.inbox_folder / unit / f"bao-cao-{period}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(workbook(unit, period))


def phases(workspace: Workspace) -> Iterator[Step]:
    """The flows of a month, each to be run when what came before it is done; a person approves in between."""
    month = str(SEPTEMBER)
    lay(workspace, "SCT", AUGUST)
    yield Step(partial(catch_up, as_of=datetime(2022, 8, 15, 9)), TAKEN_IN)
    yield Step(partial(send_templates, month, datetime(2022, 9, 5, 8)))
    yield Step(partial(remind, month, datetime(2022, 9, 16, 9)))
    lay(workspace, "STTTT", SEPTEMBER)
    lay(workspace, "SCT", SEPTEMBER)
    lay(workspace, "SNV", AUGUST)
    yield Step(partial(collect, month, datetime(2022, 9, 19, 17)))
    yield Step(partial(collect, month, datetime(2022, 9, 19, 18)), TAKEN_IN)  # nothing has come
    yield Step(partial(escalate, month, datetime(2022, 9, 20, 8)))
    yield Step(partial(report, month, REPORTED))
    approval.approve(workspace, SEPTEMBER, "Nguyễn Văn Mẫu", read_clock(REPORTED, workspace.zone))
    yield Step(partial(report, month, REPORTED), MADE)
    yield Step(partial(digest, datetime(2022, 9, 23, 18)))


@contextmanager
def furnished(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, SmtpServer]]:
    with smtp_server() as mail:
        settings = {"HOME": home, "SMTP_HOST": mail.host, "SMTP_PORT": mail.port, "SMTP_SECURITY": "none"}
        for name, value in {**settings, "APPROVAL": "required", "DATABASE_URL": ""}.items():
            monkeypatch.setenv(f"BAOCAO_{name}", str(value))
        open_workspace.cache_clear()
        opened = open_workspace()
        try:
            yield opened, mail
        finally:
            opened.engine.dispose()
            open_workspace.cache_clear()


def outcome(workspace: Workspace) -> dict[str, object]:
    """All that the month has brought, mails aside."""
    clock = read_clock(REPORTED, workspace.zone)
    folders = ("archive", "reports", "returned", "quarantine", "inbox", "site")
    return {
        "status": period_status(workspace, SEPTEMBER, clock).as_row(),
        **{what: export_rows(workspace, SEPTEMBER, what, "csv") for what in ("values", "consolidated", "findings")},
        **{
            name: sorted(str(one.relative_to(workspace.home)) for one in (workspace.home / name).rglob("*"))
            for name in folders
        },
    }


def subjects(mail: SmtpServer) -> Counter[tuple[tuple[str, ...], str]]:
    """How often each mail came, by its recipients and its subject."""
    told = [(one.recipients, message_from_bytes(one.content, policy=policy.default)) for one in mail.received]
    return Counter((recipients, str(message["Subject"])) for recipients, message in told)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_failed_behind_every_task_and_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saboteur = Saboteur(monkeypatch)
    called: list[tuple[str, ...]] = []
    with furnished(tmp_path / "yen", monkeypatch) as (workspace, mail):
        for step in phases(workspace):
            saboteur.called.clear()
            step.run()
            called.append(tuple(saboteur.called))
        undisturbed, mails = outcome(workspace), subjects(mail)
    assert {name for names in called for name in names} == {task.name for task in every_task()} - NEVER_HERE

    with furnished(tmp_path / "hong", monkeypatch) as (workspace, mail):
        for step, names in zip(phases(workspace), called, strict=True):
            for saboteur.victim in [name for name in names if name not in step.spared]:
                with pytest.raises(FaultError, match=saboteur.victim):
                    step.run()
            saboteur.victim = ""
            step.run()
        assert outcome(workspace) == undisturbed
        came = subjects(mail)
    assert set(came.values()) == {1}
    assert came.keys() >= mails.keys()
    alerts = {subject for _, subject in came.keys() - mails.keys()}
    assert all("bị lỗi" in subject for subject in alerts)
    for name in {name for names in called for name in names}:  # each trouble is told, not the day's first alone
        assert any(f"FaultError: {name}" in subject for subject in alerts), name
