"""The assignment plan and its budget in formulas."""

from collections.abc import Iterator

from baocao.domain.planned.form import ColumnType, Rows
from baocao.workbook.blank.selfcheck.formulas import all_of, any_of, is_empty, is_number
from baocao.workbook.blank.selfcheck.statement import Statement, Table
from baocao.workbook.blank.selfcheck.tasks import due_statement
from baocao.workbook.layout import Line

_AMOUNT, _TASK = "amount_mil_vnd", "task"


def assignment_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the assignment sheet."""
    if not table.has("start_date", "due_date"):
        return
    required = [one for one in table.sheet.columns if one.required and not one.given]
    for line in table.rows():
        yield from (table.required(line, column) for column in required)
        days = {}
        for key in ("start_date", "due_date"):
            day = days[key] = table.work.day(table.cell(line, key))
            words = "ngày ghi đủ ngày/tháng/năm."
            yield table.unread(line, key, day, "not_a_date", words)
        start, due = days.values()
        fails = all_of(f"COUNT({start},{due})=2", f"{start}>{due}")
        yield table.broken("start_after_due", line, "start_date", fails, "Ngày bắt đầu sau Hạn hoàn thành.")
        yield due_statement(table, line, due)


def budget_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the budget sheet: of the rows in which something stands, but for totals."""
    if not table.has(_AMOUNT, _TASK):
        return
    lines = list(table.rows())
    codes = table.work.column(f'"{code}"' for code in table.desk.occasion.plan.row_codes(Rows.INDICATORS_AND_TASKS))
    amounts = [table.work.number(table.cell(line, _AMOUNT)) for line in lines]
    positive = table.work.column(f'IF(AND(ISNUMBER({one}),N({one})>0),{one},"")' for one in amounts)
    cap = _cap(table, positive)
    for line, amount in zip(lines, amounts, strict=True):
        is_said = f"{_said(table, line)}=1"
        yield from _of_amount(table, line, amount, cap, is_said)
        task = table.work.code(table.cell(line, _TASK))
        fails = all_of(is_said, f'{task}<>""', f"NOT(ISNUMBER(MATCH({task},{codes},0)))")
        yield table.broken("budget_task_known", line, _TASK, fails, "Mã nhiệm vụ không có ở trang Phân công.")
        words = "ghi mã chỉ tiêu hoặc nhiệm vụ."
        yield table.missing("budget_task_known", line, _TASK, all_of(is_said, f'{task}=""'), words)


def _cap(table: Table, positive: str) -> str:
    """The most that can be meant in the column's unit: the plan's, and against the middle of the rows."""
    limits = table.desk.occasion.plan.limits.amount_unit
    most, times = limits.max_mil_vnd, limits.max_times_others
    usual = f"IF(COUNT({positive})>2,MEDIAN({positive}),IF(COUNT({positive})=2,MIN({positive}),{most}))"
    return table.work.add(f"MIN({usual}*{times},{most})")


def _said(table: Table, line: Line) -> str:
    """1 where a row says anything that is neither «không có» nor a total."""
    texts = [one.key for one in table.sheet.columns if one.type is ColumnType.TEXT]
    nothing = [f"{table.work.says_nothing(table.cell(line, key))}=1" for key in texts]
    is_silent = all_of(*nothing, is_empty(table.cell(line, _AMOUNT)))
    first = table.work.text(table.cell(line, texts[0]))
    is_total = any_of(f'LEFT({first},4)="tổng"', f'LEFT({first},4)="cộng"')
    return table.work.add(f"IF(OR({is_silent},{is_total}),0,1)")


def _of_amount(table: Table, line: Line, amount: str, cap: str, is_said: str) -> Iterator[Statement]:
    yield table.unread(line, _AMOUNT, amount, "not_a_number", "Số tiền phải là số, tính bằng triệu đồng.")
    fails = all_of(is_number(amount), f"{amount}>{cap}")
    yield table.broken("amount_unit", line, _AMOUNT, fails, "Số tiền quá lớn; cột này tính bằng triệu đồng.")
    fails = all_of(is_said, is_number(amount), f"{amount}<=0")
    yield table.broken("amount_positive", line, _AMOUNT, fails, "Số tiền phải lớn hơn 0.")
    fails = all_of(is_said, is_empty(table.cell(line, _AMOUNT)))
    yield table.missing("amount_positive", line, _AMOUNT, fails, "ghi số tiền (triệu đồng), hoặc xóa dòng này.")
