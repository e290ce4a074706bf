"""A home with a few months of the shipped plan in it, for the tests of the site («số liệu mô phỏng»)."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Content
from baocao.domain.reported.progress import FigureResult
from baocao.store import reports
from baocao.store.engine.database import writing
from baocao.store.frozen import frozen_as
from baocao.system.clock import Clock
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace
from support.stores.facts import submit
from support.workbooks.content import PLAN, clean_content, counted, edited, with_rows

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONTHS = (Period(2022, 9), Period(2022, 10), Period(2022, 11), Period(2022, 12))
HOSTILE = "<script>alert('x')</script> & \"nháy\" " + "dài" * 120
FILES = ("bao-cao.pdf", "bao-cao.docx", "so-lieu.xlsx", "thu.html")
_FAULT = Finding("r", Severity.CRITICAL, f"Tử số lớn hơn mẫu số. {HOSTILE}", "Chỉ tiêu", "D8", "A1")


def empty_home(home: Path, plan: Plan = PLAN) -> Workspace:
    """A workspace on an SQLite file of its own; another plan than the shipped one can be put in."""
    workspace = Workspace(load_settings(home=home, database_url=f"sqlite:///{home / 'baocao.db'}", _env_file=None))
    workspace.__dict__["plan"] = plan
    return workspace


def filled_home(home: Path, plan: Plan = PLAN) -> Workspace:
    """Four months: all units report but for one in December; one version comes back; October is restated."""
    workspace = empty_home(home, plan)
    for step, period in enumerate(MONTHS):
        for turn, unit in enumerate(plan.units):
            if (unit.code, period) == (plan.units[-1].code, MONTHS[-1]):
                continue
            if turn == 1 and step == 1:
                submit(workspace.engine, month(plan, unit.code, period, step), [_FAULT])
            submit(workspace.engine, month(plan, unit.code, period, step))
        publish(workspace, period, 1)
    publish(workspace, MONTHS[1], 2, numerator=90.0)
    return workspace


def month(plan: Plan, unit: str, period: Period, step: int, counts: Mapping[str, tuple[float, float]] = {}) -> Content:
    """One unit's month: figures grow by ten points a month; some of its texts are hostile."""
    content = clean_content(plan, unit=unit, period=period, form=plan.cycle(period).form)
    for place, figure in enumerate(one for one in plan.figures if one.is_typed):
        numerator, denominator = counts.get(figure.code, (min(100.0, 40.0 + 10 * step + place), 100.0))
        content = counted(content, figure.code, numerator, denominator, note=HOSTILE)
    task = plan.unit_tasks[0].code
    content = edited(content, "tasks", task, status="Hoàn thành", progress_pct=100.0, lead=HOSTILE, product=HOSTILE)
    difficulty = {"difficulty": HOSTILE, "cause": HOSTILE, "proposal": HOSTILE, "settled_by": HOSTILE}
    return with_rows(content, "difficulties", {**difficulty, "is_beyond_authority": True})


def publish(workspace: Workspace, period: Period, version: int, numerator: float = 80.0) -> None:
    """Publish a version with one figure, and lay its files."""
    at = workspace.schedule(period).report_at
    with writing(workspace.engine) as connection:
        frozen_as(connection, workspace.plan, period, at)
        record = reports.prepare(connection, workspace.plan.cycle(period).form, period, f"{version}", at)
        reports.publish(connection, record, [_figure(workspace.plan, numerator)], at)
    folder = workspace.report_folder(period, version)
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(b"x" * 2000)


def _figure(plan: Plan, numerator: float) -> FigureResult:
    first = plan.figures[0]
    return FigureResult(
        code=first.code,
        indicator=first.indicator,
        name=first.name,
        is_headline=True,
        mode=None,
        kind=first.kind,
        target_pct=first.target_pct,
        numerator=numerator,
        denominator=100.0,
        ratio_pct=numerator,
        cumulative_numerator=numerator,
        cumulative_denominator=100.0,
        cumulative_ratio_pct=numerator,
        reached=False,
        units_reported=3,
        units_reached=0,
        units_not_applicable=0,
    )


def clock(year: int, month_: int, day: int, hour: int = 9) -> Clock:
    """A simulated clock."""
    return Clock(datetime(year, month_, day, hour, tzinfo=ZONE), is_simulated=True)


def many_units(count: int) -> Plan:
    """The shipped plan with so many more units."""
    more = [
        PLAN.units[0].model_copy(update={"code": f"DV-{number:05d}", "name": f"Đơn vị {number}"})
        for number in range(count)
    ]
    fields = {name: getattr(PLAN, name) for name in Plan.model_fields}
    return Plan(**fields | {"units": (*PLAN.units, *more)})


__all__ = ["FILES", "HOSTILE", "MONTHS", "clock", "empty_home", "filled_home", "many_units", "month", "publish"]
