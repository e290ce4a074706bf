"""A plan's life through the library alone, without Prefect: sample files are read, checked, filed, reported.

«Số liệu mô phỏng»: the files are those of ``deployments.sample``.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.intake.filing.batch import Read
from baocao.intake.filing.filing import file_batch, key_of, rounds, sort_batch
from baocao.intake.folder import find_waiting
from baocao.intake.taking import take_in_folder
from baocao.isolation.pools import lent_pool
from baocao.reminders.blank_forms import lay_form
from baocao.reporting.preparation import prepare_report, publish_report, render_report
from baocao.reporting.prepared import Prepared
from baocao.store import receipts
from baocao.store.accepted.history import history_of
from baocao.store.archive import archive_path
from baocao.store.contents import standings_of
from baocao.store.engine.database import reading, writing
from baocao.system.clock import Clock
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from deployments.sample import Sending, scenario, write
from expectations import check_batch


def workspace_of(plan: Path, home: Path) -> Workspace:
    """A workspace of this plan on a database of its own."""
    return Workspace(Settings(_env_file=None, home=home, plan=plan, database_url="", inbox=None, intake="folder"))


def live(workspace: Workspace, periods: Iterable[Period], units: Iterable[str] = ()) -> None:
    """Send and file everything that the units (all of them where none is named) send in these periods, in order."""
    wanted, chosen = set(periods), set(units)
    sendings = [
        one
        for one in scenario(workspace.plan, workspace.calendar)
        if one.period in wanted and (not chosen or one.unit in chosen) and not one.is_lock_file
    ]
    for turn in _rounds(sendings):
        for one in turn:
            path = workspace.settings.inbox_folder / one.unit / one.file_name
            write(one, workspace.plan, path, lay_form(workspace, one.unit, one.period))
            _take_in(workspace, one.period, one.sent_at)
        _file(workspace, turn[0].period)


def _rounds(sendings: list[Sending]) -> Iterator[list[Sending]]:
    """The first files of all units of a period, then the second ones, so that each round is one batch."""
    for _, of_period in groupby(sorted(sendings, key=lambda one: one.period), key=lambda one: one.period):
        turns: dict[int, list[Sending]] = {}
        counts: dict[str, int] = {}
        for one in sorted(of_period, key=lambda one: one.sent_at):
            turn = counts[one.unit] = counts.get(one.unit, 0) + 1
            turns.setdefault(turn, []).append(one)
        yield from turns.values()


def _take_in(workspace: Workspace, period: Period, now: datetime) -> None:
    units = workspace.plan.unit_by_code
    found = find_waiting(workspace.settings.inbox_folder, units, now, 0.0)
    take_in_folder(workspace.engine, workspace.home, found, period, now, is_simulated=True)


def _file(workspace: Workspace, period: Period) -> None:
    claimed = receipts.claim(workspace.engine, receipts.waiting_ids(workspace.engine))
    with lent_pool(workspace.plan) as pool:
        contents = pool.read_all([archive_path(workspace.home, one.sha256, one.name) for one in claimed])
    batch = [Read(receipt, content) for receipt, content in zip(claimed, contents, strict=True)]
    for some in rounds(batch):
        with reading(workspace.engine) as connection:
            known = standings_of(connection, {key_of(workspace, one) for one in some})
            history = history_of(connection, workspace.plan, [one.content for one in some])
        in_order = sort_batch(workspace, some, known, [period])
        checked = check_batch(workspace.plan, [one.content for one in in_order.to_check], history)
        with writing(workspace.engine) as connection:
            file_batch(connection, workspace, in_order, checked)


def prepared(workspace: Workspace, period: Period, at: datetime | None = None) -> Prepared:
    """The report of a period, made at its time by the plan's calendar, or at the given one."""
    now = at or workspace.schedule(period).report_at
    return prepare_report(workspace, period, Clock(now, is_simulated=True), is_draft=False)


def published(workspace: Workspace, period: Period) -> Prepared:
    """The report of a period, rendered and with its mail in the outbox."""
    one = prepared(workspace, period)
    render_report(workspace, one)
    publish_report(workspace, one, Clock(workspace.schedule(period).report_at, is_simulated=True))
    return one
