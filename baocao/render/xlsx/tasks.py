"""«Nhiệm vụ»: every task of every unit; one row a task, or, with very many units, one row a unit."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby

from baocao.domain.reported.document import ResultsDocument
from baocao.domain.reported.progress import TaskStatus, UnitTask
from baocao.domain.reported.report import Report
from baocao.domain.wording import percent_text
from baocao.narrative.phrases import clipped
from baocao.render.xlsx.book import Book, Row
from baocao.render.xlsx.style import Column, Kind, Value
from baocao.render.xlsx.units import is_wide

_NO_TASK = "Chưa có đơn vị nào báo cáo nhiệm vụ."


def task_columns(unit: float, lead: float, progress: float) -> tuple[Column, ...]:
    """The columns of :func:`task_cells`."""
    return (
        Column("Mã", 9, Kind.CENTER),
        Column("Nhiệm vụ", 56),
        Column("Đơn vị", unit),
        Column("Chủ trì", lead),
        Column("Phối hợp", 24),
        Column("Hạn hoàn thành", 13, Kind.DATE),
        Column("Trạng thái", 16, Kind.CENTER),
        Column("Tiến độ", progress, Kind.PROGRESS),
        Column("Ngày hoàn thành", 13, Kind.DATE),
    )


def task_cells(report: ResultsDocument, names: Mapping[str, str], task: UnitTask) -> list[Value]:
    """How a unit stands on a task; ``names``: of the tasks, by their codes."""
    return [
        task.code,
        names.get(task.code, ""),
        report.unit_name(task.unit),
        task.lead,
        task.coordinating,
        task.due_date,
        task.status.value if task.status else "",
        None if task.progress_pct is None else task.progress_pct / 100,
        task.done_date,
    ]


def write_tasks(book: Book[Report]) -> None:
    """Every task of every unit, however many units."""
    if is_wide(book.report):
        _write_task_board(book)
    else:
        _write_tasks_in_full(book)


def _write_tasks_in_full(book: Book[Report]) -> None:
    report = book.report
    columns = (
        *task_columns(26, 20, 9),
        Column("Quá hạn", 9, Kind.CENTER),
        Column("Sản phẩm", 28),
        Column("Ghi chú", 24),
    )
    names = report.names_of_tasks
    rows = (
        (
            [*task_cells(report, names, task), "Quá hạn" if task.is_overdue else "", task.product, task.note],
            False,
        )
        for task in report.tasks
    )
    title = f"Tiến độ nhiệm vụ {report.period.label}"
    book.table("Nhiệm vụ", columns, title, rows, len(report.tasks), _NO_TASK)


def _write_task_board(book: Book[Report]) -> None:
    report = book.report
    columns = [Column("Đơn vị", 34)]
    columns += [Column(f"{task.code} {clipped(task.name, 80)}", 26, Kind.CENTER) for task in report.task_names]
    by_unit: dict[str, dict[str, UnitTask]] = {}
    for unit, tasks in groupby(report.tasks, key=lambda task: task.unit):
        by_unit.setdefault(unit, {}).update({task.code: task for task in tasks})

    def rows() -> Iterator[Row]:
        for unit, tasks in by_unit.items():
            yield [report.unit_name(unit), *(_task_cell(tasks.get(task.code)) for task in report.task_names)], False

    title = f"Tiến độ nhiệm vụ của từng đơn vị {report.period.label}"
    book.table("Nhiệm vụ", columns, title, rows(), len(by_unit), _NO_TASK)


def _task_cell(task: UnitTask | None) -> str:
    if task is None or task.status is None:
        return ""
    return _task_text(task.status, task.progress_pct, is_overdue=task.is_overdue)


@lru_cache(maxsize=1024)
def _task_text(status: TaskStatus, progress_pct: float | None, *, is_overdue: bool) -> str:
    progress = f", {percent_text(progress_pct)}" if progress_pct else ""
    return f"{status.value}{progress}{', quá hạn' if is_overdue else ''}"
