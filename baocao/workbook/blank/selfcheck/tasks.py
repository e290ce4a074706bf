"""The task sheet in formulas: status, progress, dates and product against each other."""

from collections.abc import Iterator
from datetime import date

from baocao.domain.planned.form import Column
from baocao.domain.reported.progress import TaskStatus
from baocao.domain.wording import date_text
from baocao.workbook.blank.selfcheck.formulas import all_of, any_of, is_empty, is_number, literal, serial
from baocao.workbook.blank.selfcheck.statement import Statement, Table
from baocao.workbook.layout import Line

_NEEDED = ("status", "progress_pct", "done_date", "product", "due_date")


def task_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the sheet."""
    if not table.has(*_NEEDED):
        return
    for line in table.rows():
        status = table.work.text(table.cell(line, "status"))
        yield from _of_status(table, line, status)
        yield from _of_progress(table, line, status)
        yield from _of_completion(table, line, status)
        yield from _of_due(table, line)


def is_listed(said: str, column: Column) -> str:
    """Whether a text is one of a column's choices."""
    return any_of(*(f"{said}={literal(choice)}" for choice in column.choices))


def _is(status: str, which: TaskStatus) -> str:
    return f"{status}={literal(which.value)}"


def choice_statement(table: Table, line: Line, key: str, said: str) -> Statement:
    """A text that is none of the column's choices."""
    column = table.sheet.column(key)
    fails = all_of(f'{said}<>""', f"NOT({is_listed(said, column)})")
    return table.broken("not_in_list", line, key, fails, f"chọn {column.header} trong danh sách.")


def _of_status(table: Table, line: Line, status: str) -> Iterator[Statement]:
    yield choice_statement(table, line, "status", status)
    yield table.missing("value_missing", line, "status", f'{status}=""', "chọn Trạng thái.")


def _of_progress(table: Table, line: Line, status: str) -> Iterator[Statement]:
    cell = table.cell(line, "progress_pct")
    progress = table.work.percent(cell)
    is_within = all_of(is_number(progress), f"{progress}>=0", f"{progress}<=100")
    is_asked = f'OR({status}="",{is_listed(status, table.sheet.column("status"))})'
    asked = all_of(is_empty(cell), is_asked, f"NOT({_is(status, TaskStatus.NOT_APPLICABLE)})")
    yield table.missing("value_missing", line, "progress_pct", asked, "ghi Tiến độ, từ 0 đến 100.")
    yield table.unread(line, "progress_pct", progress, "not_a_number", "Tiến độ phải là số từ 0 đến 100.")
    fails = all_of(is_number(progress), f"NOT({is_within})")
    yield table.broken("progress_range", line, "progress_pct", fails, "Tiến độ phải từ 0 đến 100.")
    for rule, which, value in (
        ("done_means_100", TaskStatus.DONE, 100),
        ("not_started_means_0", TaskStatus.NOT_STARTED, 0),
    ):
        fails = all_of(_is(status, which), is_within, f"{progress}<>{value}")
        words = f"đang ghi “{which.value}” thì Tiến độ là {value}, hoặc chọn lại Trạng thái."
        yield table.broken(rule, line, "progress_pct", fails, words)


def _of_completion(table: Table, line: Line, status: str) -> Iterator[Statement]:
    cell = table.cell(line, "done_date")
    day, is_done = table.work.day(cell), _is(status, TaskStatus.DONE)
    nothing = {key: f"{table.work.says_nothing(table.cell(line, key))}=1" for key in ("done_date", "product")}
    unread = all_of(f"NOT({nothing['done_date']})", f"NOT({is_number(day)})")
    yield table.broken("not_a_date", line, "done_date", unread, "ngày ghi đủ ngày/tháng/năm.")
    for key, words in (("done_date", "ghi Ngày hoàn thành"), ("product", "ghi Sản phẩm: số, ngày văn bản")):
        fails = all_of(is_done, nothing[key])
        yield table.missing("done_needs_date_and_product", line, key, fails, f"{words}, hoặc chọn lại Trạng thái.")
    if cutoff := table.desk.cutoff:
        fails = all_of(is_number(day), f"{day}>{cutoff}")
        yield table.broken("done_date_in_past", line, "done_date", fails, "Ngày hoàn thành sau Ngày chốt số liệu.")
    promised = _known(table, line, "product")
    if isinstance(promised, str) and promised.strip() and not any(sign.isdigit() for sign in promised):
        as_promised = f"{table.work.text(table.cell(line, 'product'))}={table.work.keep(' '.join(promised.split()))}"
        fails = all_of(is_done, f"NOT({nothing['product']})", as_promised)
        yield table.broken("product_numbered", line, "product", fails, "ghi thêm số, ngày của văn bản ở Sản phẩm.")


def _of_due(table: Table, line: Line) -> Iterator[Statement]:
    day = table.work.day(table.cell(line, "due_date"))
    assigned = _known(table, line, "due_date")
    if isinstance(assigned, date):
        fails = all_of(is_number(day), f"{day}<>{serial(assigned)}")
        words = f"giữ hạn đã phân công, {date_text(assigned)}."
        yield table.broken("due_changed", line, "due_date", fails, words)
    else:
        yield due_statement(table, line, day)


def due_statement(table: Table, line: Line, day: str) -> Statement:
    """A due date outside the time of the plan."""
    roadmap = table.desk.occasion.plan.roadmap
    fails = all_of(is_number(day), f"OR({day}<{serial(roadmap.start)},{day}>{serial(roadmap.end)})")
    words = f"Hạn phải từ {date_text(roadmap.start)} đến {date_text(roadmap.end)}."
    return table.broken("due_within_pilot", line, "due_date", fails, words)


def _known(table: Table, line: Line, key: str) -> object:
    code = line.entry.code if line.entry else ""
    return table.desk.occasion.known.assignments.get(code, {}).get(key)
