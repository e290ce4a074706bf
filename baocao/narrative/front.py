"""Trang đầu: three lines of result, what is due of whom, and what the addressees are asked to decide."""

from collections.abc import Iterator, Sequence
from datetime import date

from baocao.domain.grouping import grouped
from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.progress import OPEN_TASK, Difficulty, TaskStatus, UnitTask
from baocao.domain.wording import date_text, moment_text
from baocao.narrative.phrases import bare, lower_first, padded, quoted, sentence, upper_first
from baocao.narrative.proposals import age, askers, complete, difficulty_annex, is_pending, shared
from baocao.narrative.results import units_text, without
from baocao.narrative.story import Column, Section, Table, TableRow

SUMMARY = "TÓM TẮT KẾT QUẢ"
DECISIONS = "KÍNH ĐỀ NGHỊ QUYẾT ĐỊNH"
MOST_DUE = 5
_MOST_ASKED = 5
_LONGEST = 160
DUE_COLUMNS = (
    Column("Đơn vị", "don_vi", 52),
    Column("Việc", "viec"),
    Column("Hạn", "han", 31, "center"),
)
_CHASED = {
    UnitState.MISSING: "Nộp báo cáo",
    UnitState.REJECTED: "Sửa, nộp lại báo cáo bị trả lại",
    UnitState.QUARANTINED: "Xác minh báo cáo chưa được ghi nhận",
}


def front(report: ResultsDocument, lines: Sequence[str], more_asked: Sequence[str] = ()) -> tuple[Section, Section]:
    """The first page: ``lines`` of result with the table of due work; the decisions asked, ``more_asked`` first."""
    asked = [*more_asked, *_asked(report)]
    rest = max(0, len(asked) - _MOST_ASKED)
    shown = [f"({number}) {text}" for number, text in enumerate(asked[:_MOST_ASKED], start=1)]
    if rest:
        shown.append(f"Còn {padded(rest)} nội dung khác nêu tại {difficulty_annex(report)}.")
    return (
        Section(SUMMARY, tuple(lines), table=_due_table(report)),
        Section(DECISIONS, tuple(shown) or ("Trong kỳ không có nội dung đề nghị quyết định.",)),
    )


def due_by_unit(report: ResultsDocument) -> dict[str, list[TableRow]]:
    """What is due of each unit that owes something: its report, then its open work, the overdue first."""
    due = {unit: [row] for unit, row in _chased(report)}
    for unit, tasks in grouped(due_tasks(report), lambda task: task.unit).items():
        due.setdefault(unit, []).extend(_due_rows(report, _by_day(tasks)))
    return due


def _due_table(report: ResultsDocument) -> Table:
    chased, due = [row for _, row in _chased(report)], _by_day(due_tasks(report))
    rows = [*chased, *_due_rows(report, due)]
    left = sum(map(len, due[max(0, MOST_DUE - len(chased)) :])) + max(0, len(chased) - MOST_DUE)
    where = "Phụ lục V" if report.looks_back else "Phụ lục III"
    more = f"Còn {padded(left)} đầu việc khác nêu tại {where}." if left else ""
    return Table(DUE_COLUMNS, rows[:MOST_DUE], more, nothing="", caption="Việc đến hạn của các đơn vị")


def _chased(report: Document) -> Iterator[tuple[str, TableRow]]:
    """The units whose report is still owed, each with its row."""
    for standing in report.standings:
        if standing.state in _CHASED:
            work = f"{_CHASED[standing.state]} {report.period.label}"
            yield standing.unit, {"don_vi": standing.name, "viec": work, "han": _deadline(report, standing.unit)}


def _deadline(report: Document, unit: str) -> str:
    """``Trước 20/12/2022 (quá hạn)``: when a report that is still owed was to arrive."""
    before = report.submit_before.get(unit)
    if before is None:
        return "Đã quá hạn"
    is_day = (before.hour, before.minute) == (0, 0)
    text = f"Trước {date_text(before)}" if is_day else upper_first(moment_text(before))
    return f"{text} (quá hạn)" if before <= report.made_at else text


def _due_rows(report: ResultsDocument, due: Sequence[Sequence[UnitTask]]) -> Iterator[TableRow]:
    """Overdue work, then what falls due; a row a task and day, with all units that it is due of."""
    names = {task.code: task.label for task in report.task_names}
    for tasks in due:
        first = tasks[0]
        overdue = " (quá hạn)" if first.is_overdue else ""
        yield {
            "don_vi": upper_first(units_text(report, [task.unit for task in tasks])),
            "viec": f"{bare(names.get(first.code, first.code))} ({first.code})",
            "han": f"{date_text(first.due_date)}{overdue}" if first.due_date else "",
        }


def due_tasks(report: ResultsDocument) -> list[UnitTask]:
    """Open tasks that are overdue or due by the end of the month to come."""
    first, last = report.period.first_day, report.period.next.last_day
    return [task for task in report.tasks if task.is_overdue or _is_due_within(task, first, last)]


def _due_next(report: ResultsDocument) -> list[UnitTask]:
    """Open tasks that fall due by the end of the month to come: between the cut-off and the month's end too."""
    first, last = report.period.first_day, report.period.next.last_day
    return [task for task in report.tasks if not task.is_overdue and _is_due_within(task, first, last)]


def _is_due_within(task: UnitTask, first: date, last: date) -> bool:
    due = task.due_date
    return due is not None and first <= due <= last and task.status in OPEN_TASK and task.done_date is None


def due_next_clause(report: ResultsDocument) -> str:
    """``04 đầu việc đến hạn trong tháng 12 năm 2022``; empty where nothing falls due.

    Where some of it falls due in what is left of this month: ``từ ngày chốt đến hết tháng 12 năm 2022``.
    """
    due = _due_next(report)
    is_soon = any(task.due_date and Period.of(task.due_date) == report.period for task in due)
    when = "từ ngày chốt đến hết" if is_soon else "trong"
    return f"{padded(len(due))} đầu việc đến hạn {when} {report.period.next.label}" if due else ""


def _by_day(tasks: Sequence[UnitTask]) -> list[list[UnitTask]]:
    by_day = grouped(tasks, lambda task: (not task.is_overdue, str(task.due_date or ""), task.code))
    return [by_day[key] for key in sorted(by_day)]


def task_line(report: ResultsDocument) -> str:
    """How many tasks are done and overdue, and how many fall due next: the second line of result."""
    known = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    if not known:
        return "Nhiệm vụ: chưa có đơn vị nào báo cáo."
    done = sum(task.status is TaskStatus.DONE for task in known)
    overdue = sum(task.is_overdue for task in known)
    parts = [f"lũy kế đến ngày chốt, {padded(done)}/{padded(len(known))} đầu việc hoàn thành{without(report)}"]
    parts.append(f"{padded(overdue)} đầu việc quá hạn" if overdue else "không có đầu việc quá hạn")
    parts += [due] if (due := due_next_clause(report)) else []
    return f"Nhiệm vụ: {', '.join(parts)}."


def _asked(report: ResultsDocument) -> Iterator[str]:
    beyond = (
        one for one in report.difficulties if one.is_beyond_authority and complete(one) and is_pending(report, one)
    )
    for same in shared(beyond):
        yield _decision(report, same)


def _decision(report: ResultsDocument, same: Sequence[Difficulty]) -> str:
    """Who is asked for what by when, of whom it comes and why; how long it has been asked."""
    first, where = same[0], difficulty_annex(report)
    why = lower_first(quoted(first.difficulty, _LONGEST, where))
    parts = [askers(report, same), f"lý do: {why}"]
    if asked := age(report, same):
        parts.append(f"{asked} chưa có trả lời được ghi nhận")
    if first.number:
        parts.append(f"kiến nghị số {first.number}")
    work = quoted(first.proposal, _LONGEST, where)
    return sentence(
        f"{bare(first.settled_by)}: {lower_first(work)}, trong {report.period.next.label} ({'; '.join(parts)})"
    )
