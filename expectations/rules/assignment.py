"""The rules of the assignment plan and its budget."""

from collections.abc import Mapping
from datetime import date, datetime, time

from baocao.domain.planned.form import Rows
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from baocao.domain.wording import date_text, decimal_text
from baocao.workbook.cells import fold
from expectations.rule import PAIR_AT_LEAST, VALUE_BETWEEN, VALUE_IN_SET, Check, Line, at_least, words
from expectations.rules.missing import sheet_checks

DUE_WITHIN_PILOT = Rule(
    "due_within_pilot",
    Severity.CRITICAL,
    "Hạn hoàn thành của {code} tại ô {cell} là {value}, ngoài thời gian của kế hoạch.",
    "Hãy ghi ngày {expected}.",
    "Kế hoạch, mục II.2 và V.2: thời gian hoàn thành từng nhiệm vụ nằm trong lộ trình triển khai.",
)
START_AFTER_DUE = Rule(
    "start_after_due",
    Severity.CRITICAL,
    "Ngày bắt đầu {code} tại ô {cell} là {value}, sau hạn hoàn thành {due} (ô {due_cell}).",
    "Hãy xem lại hai ngày này; có thể bị ghi đổi chỗ.",
    "Kế hoạch, mục V.2: phải xác định rõ thời gian hoàn thành; việc không thể bắt đầu sau khi đã hết hạn.",
)
AMOUNT_UNIT = Rule(
    "amount_unit",
    Severity.CRITICAL,
    "{header} tại ô {cell} là {value}, tức {in_dong} đồng, quá lớn so với {against}.",
    "Cột này tính bằng triệu đồng; hãy ghi lại theo triệu đồng.",
    "Kế hoạch, mục V.2: dự toán gửi thẩm định; số ghi bằng đồng ở cột triệu đồng lớn gấp một triệu lần.",
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
    return (
        *sheet_checks(plan, "assignments"),
        Check(
            START_AFTER_DUE,
            "start_date",
            PAIR_AT_LEAST,
            at_least("due_date", "start_date"),
            lambda line: f"không sau hạn hoàn thành {line.text('due_date')}",
            more=lambda line: {"due": line.text("due_date"), "due_cell": line.cell("due_date")},
            also=lambda line: [(line.sheet, line.cell("due_date"))],
        ),
        due_within(plan),
    )


def due_within(plan: Plan) -> Check:
    """The check that a due date lies within the plan's preparation and pilot."""
    start, end = plan.roadmap.start, plan.roadmap.end
    return Check(
        DUE_WITHIN_PILOT,
        "due_date",
        VALUE_BETWEEN,
        {"column": "due_date", "min_value": _midnight(start), "max_value": _midnight(end)},
        words(f"từ {date_text(start)} đến {date_text(end)}"),
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
            AMOUNT_UNIT,
            "amount_mil_vnd",
            PAIR_AT_LEAST,
            at_least("amount_cap", "amount_mil_vnd"),
            lambda line: f"số tiền tính bằng triệu đồng, không quá {line.text('amount_cap')}",
            more=lambda line: _unit_words(plan, line),
            remedy=_in_millions,
        ),
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


_DONG = 1_000_000


def _unit_words(plan: Plan, line: Line) -> Mapping[str, str]:
    """What the amount is in đồng, and what it is held against."""
    is_of_plan = line.values["amount_cap"] == plan.limits.amount_unit.max_mil_vnd
    return {
        "in_dong": decimal_text(line.values["amount_mil_vnd"] * _DONG),
        "against": "mức của kế hoạch" if is_of_plan else "các khoản khác của đơn vị",
    }


def _in_millions(line: Line) -> str:
    amount = line.values["amount_mil_vnd"]
    meant = f"nếu là {decimal_text(amount)} đồng thì ghi {decimal_text(amount / _DONG, 3)}"
    return f"Cột này tính bằng triệu đồng: {meant}; nếu không, hãy xem lại số tiền."
