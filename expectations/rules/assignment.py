"""The rules of the assignment plan and its budget."""

from collections.abc import Mapping
from datetime import date, datetime, time

from baocao.domain.planned.form import Rows
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import date_text
from baocao.workbook.cells import fold
from expectations.rule import VALUE_BETWEEN, VALUE_IN_SET, Check, Line, words
from expectations.rules.missing import sheet_checks

DUE_WITHIN_PILOT = Rule(
    "due_within_pilot",
    Severity.CRITICAL,
    "Hạn hoàn thành của {code} tại ô {cell} là {value}, ngoài thời gian của kế hoạch.",
    "Hãy ghi ngày {expected}.",
    "Kế hoạch, mục II.2 và V.2: thời gian hoàn thành từng nhiệm vụ nằm trong lộ trình triển khai.",
)
AMOUNT_POSITIVE = Rule(
    "amount_positive",
    Severity.CRITICAL,
    "{header} tại ô {cell} {fault}.",
    "Hãy ghi số tiền lớn hơn 0, hoặc xóa cả dòng này.",
    "Kế hoạch, mục V.2: đơn vị xây dựng dự toán gửi thẩm định; khoản chi không có số tiền thì không thẩm định được.",
)
BUDGET_TASK_KNOWN = Rule(
    "budget_task_known",
    Severity.CRITICAL,
    "{header} tại ô {cell} {fault}.",
    "Hãy ghi {expected}.",
    "Kế hoạch, mục V.2: dự toán để thực hiện các nội dung, nhiệm vụ được giao trong Kế hoạch.",
)


def assignment_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of the assignment sheet of every form that has one."""
    start, end = plan.pilot.start, plan.pilot.end
    return (
        *sheet_checks(plan, "assignments"),
        Check(
            DUE_WITHIN_PILOT,
            "due_date",
            VALUE_BETWEEN,
            {"column": "due_date", "min_value": _midnight(start), "max_value": _midnight(end)},
            words(f"từ {date_text(start)} đến {date_text(end)}"),
        ),
    )


def _midnight(day: date) -> datetime:
    """The day as the library compares it with a column of dates."""
    return datetime.combine(day, time.min)


def budget_checks(plan: Plan) -> tuple[Check, ...]:
    """The checks of the budget sheet of every form that has one."""
    codes = plan.row_codes(Rows.INDICATORS_AND_TASKS)
    return (
        *sheet_checks(plan, "budget"),
        Check(
            AMOUNT_POSITIVE,
            "amount_mil_vnd",
            VALUE_BETWEEN,
            {"column": "amount_or_zero", "min_value": 0, "strict_min": True},
            words("lớn hơn 0"),
            more=lambda line: _fault(line, "amount_mil_vnd", "là {}"),
        ),
        Check(
            BUDGET_TASK_KNOWN,
            "task",
            VALUE_IN_SET,
            {"column": "folded_task", "value_set": [fold(code) for code in codes]},
            words(f"một mã chỉ tiêu hoặc nhiệm vụ, như {codes[0]} hoặc {codes[-1]}"),
            more=lambda line: _fault(line, "task", "là “{}”, không có trong danh mục chỉ tiêu, nhiệm vụ"),
        ),
    )


def _fault(line: Line, column: str, wrong: str) -> Mapping[str, str]:
    value = line.shown(column)
    return {"fault": wrong.format(value) if value else "còn trống"}
