"""Trang đầu: three lines of result, what is due of whom, and what the addressees are asked to decide."""

from collections.abc import Iterator, Sequence

from baocao.domain.planned.period import Period
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.domain.reported.progress import OPEN_TASK, Difficulty, TaskStatus, UnitTask
from baocao.domain.wording import date_text
from baocao.narrative.phrases import bare, lower_first, padded, quoted, sentence, upper_first
from baocao.narrative.proposals import complete, shared
from baocao.narrative.results import units_text
from baocao.narrative.story import Column, Section, Table, TableRow

SUMMARY = "TÓM TẮT KẾT QUẢ"
DECISIONS = "KÍNH ĐỀ NGHỊ QUYẾT ĐỊNH"
MOST_DUE = 6
_MOST_ASKED = 5
_LONGEST = 160
DUE_COLUMNS = (
    Column("Đơn vị", "don_vi", 48),
    Column("Việc", "viec"),
    Column("Hạn", "han", 42, "center"),
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
        shown.append(f"Còn {padded(rest)} nội dung khác nêu tại Phụ lục khó khăn, vướng mắc và kiến nghị.")
    return (
        Section(SUMMARY, tuple(lines), table=_due_table(report)),
        Section(DECISIONS, tuple(shown) or ("Trong kỳ không có nội dung đề nghị quyết định.",)),
    )


def _due_table(report: ResultsDocument) -> Table:
    rows = [*_chased(report), *_due_rows(report)]
    left = len(rows) - MOST_DUE
    more = f"Còn {padded(left)} việc khác nêu tại Phụ lục III." if left > 0 else ""
    if left > 0 and report.looks_back:
        more = more.replace("Phụ lục III", "Phụ lục V")
    return Table(DUE_COLUMNS, rows[:MOST_DUE], more, nothing="", caption="Việc đến hạn của các đơn vị")


def _chased(report: Document) -> Iterator[TableRow]:
    for standing in report.standings:
        if standing.state in _CHASED:
            work = f"{_CHASED[standing.state]} {report.period.label}"
            yield {"don_vi": standing.name, "viec": work, "han": "Đã quá hạn"}


def _due_rows(report: ResultsDocument) -> Iterator[TableRow]:
    """Overdue work, then what is due in the month to come; a row a task and day, with all units that it is due of."""
    names = {task.code: task.label for task in report.task_names}
    for tasks in _by_day(due_tasks(report)):
        first = tasks[0]
        overdue = " (quá hạn)" if first.is_overdue else ""
        yield {
            "don_vi": upper_first(units_text(report, [task.unit for task in tasks])),
            "viec": f"{bare(names.get(first.code, first.code))} ({first.code})",
            "han": f"{date_text(first.due_date)}{overdue}" if first.due_date else "",
        }


def due_tasks(report: ResultsDocument) -> list[UnitTask]:
    """Open tasks that are overdue or due by the end of the month to come."""
    return [task for task in report.tasks if task.is_overdue or _is_due_next(report, task)]


def _is_due_next(report: ResultsDocument, task: UnitTask) -> bool:
    is_open = task.status in OPEN_TASK and task.done_date is None
    return is_open and task.due_date is not None and Period.of(task.due_date) == report.period.next


def count_due_next(report: ResultsDocument) -> int:
    """How many open tasks fall due in the month to come."""
    return sum(_is_due_next(report, task) for task in report.tasks)


def _by_day(tasks: Sequence[UnitTask]) -> list[list[UnitTask]]:
    grouped: dict[tuple[bool, str, str], list[UnitTask]] = {}
    for task in tasks:
        grouped.setdefault((not task.is_overdue, str(task.due_date or ""), task.code), []).append(task)
    return [grouped[key] for key in sorted(grouped)]


def task_line(report: ResultsDocument) -> str:
    """How many tasks are done and overdue, and how many fall due next: the second line of result."""
    known = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    if not known:
        return "Nhiệm vụ: chưa có đơn vị nào báo cáo."
    done = sum(task.status is TaskStatus.DONE for task in known)
    overdue = sum(task.is_overdue for task in known)
    due = count_due_next(report)
    parts = [f"lũy kế đến ngày chốt, {padded(done)}/{padded(len(known))} đầu việc hoàn thành"]
    parts.append(f"{padded(overdue)} đầu việc quá hạn" if overdue else "không có đầu việc quá hạn")
    parts += [f"{padded(due)} đầu việc đến hạn trong {report.period.next.label}"] if due else []
    return f"Nhiệm vụ: {', '.join(parts)}."


def _asked(report: ResultsDocument) -> Iterator[str]:
    beyond = (one for one in report.difficulties if one.is_beyond_authority and complete(one))
    for same in shared(beyond):
        yield _decision(report, same)


def _decision(report: ResultsDocument, same: Sequence[Difficulty]) -> str:
    """Who is asked for what by when, of whom it comes and why; how long it has been asked."""
    first, where = same[0], f"Phụ lục {'VI' if report.looks_back else 'IV'}"
    asking = units_text(report, [one.unit for one in same])
    why = lower_first(quoted(first.difficulty, _LONGEST, where))
    parts = [f"{asking} đề nghị", f"lý do: {why}"]
    since = min((one.since for one in same if one.since), default=None)
    if since and since < report.period:
        months = (report.period.year - since.year) * 12 + report.period.month - since.month + 1
        parts.append(f"nêu từ {since.label}, đến nay {padded(months)} kỳ chưa có trả lời được ghi nhận")
    work = quoted(first.proposal, _LONGEST, where)
    return sentence(
        f"{bare(first.settled_by)}: {lower_first(work)}, trong {report.period.next.label} ({'; '.join(parts)})"
    )
