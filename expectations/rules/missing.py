"""What must be filled in: the required columns of the forms, sheet by sheet, as the plan's forms say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from baocao.domain.planned.form import Column, ColumnType, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import Rule, Severity
from expectations.rule import PAIR_AT_LEAST, VALUE_NOT_NULL, Check, Line, at_least, words
from expectations.sheets import sheets_of

VALUE_MISSING = Rule(
    "value_missing",
    Severity.CRITICAL,
    "Ô {cell} ({header}) {lacking}.",
    "Hãy ghi {expected}.",
    "Kế hoạch, mục V.2: báo cáo theo mẫu, xác định rõ thời gian, tiến độ, sản phẩm; ô trống không phải là số 0.",
)
_EXPECTED = {
    ColumnType.DATE: "ngày, như 18/10/2022",
    ColumnType.COUNT: "số nguyên từ 0 trở lên",
    ColumnType.PERCENT: "số từ 0 đến 100",
    ColumnType.AMOUNT: "số tiền",
}


CUTOFF_WINDOW = Rule(
    "cutoff_window",
    Severity.CRITICAL,
    "{header} tại ô {cell} là {value}, không thuộc kỳ báo cáo này; cần {expected}.",
    "Hãy ghi ngày mà số liệu của kỳ này được tính đến.",
    "Kế hoạch, mục V.2: báo cáo hằng tháng trước hạn; số liệu của kỳ nào được chốt trong thời gian của kỳ đó.",
)


def info_checks(plan: Plan) -> tuple[Check, ...]:
    """The fields of the information sheet that each form requires, and the day up to which its figures count."""
    return (
        *required_checks({form.key: form.info for form in plan.forms.values()}),
        _cutoff(at_least("cutoff_date", "window_first")),
        _cutoff(at_least("window_last", "cutoff_date")),
    )


def _cutoff(options: Mapping[str, Any]) -> Check:
    return Check(CUTOFF_WINDOW, "cutoff_date", PAIR_AT_LEAST, options, _window)


def _window(line: Line) -> str:
    return f"từ {line.text('window_first')} đến {line.text('window_last')}"


def sheet_checks(plan: Plan, key: str) -> tuple[Check, ...]:
    """The columns of the sheets of this key that each form requires."""
    return required_checks(sheets_of(plan, key))


def required_checks(sheets: dict[str, Sheet], exempt: Iterable[str] = ()) -> tuple[Check, ...]:
    """One check for each required column that the person fills in, for the forms (keys of ``sheets``) that ask it."""
    forms: dict[str, list[str]] = defaultdict(list)
    columns: dict[str, Column] = {}
    for form, sheet in sheets.items():
        for column in sheet.columns:
            if column.required and not column.given and column.key not in exempt:
                forms[column.key].append(form)
                columns[column.key] = column
    return tuple(
        Check(
            VALUE_MISSING,
            key,
            VALUE_NOT_NULL,
            {"column": key},
            words(asked(column)),
            where={"form": tuple(forms[key])},
        )
        for key, column in columns.items()
    )


def asked(column: Column) -> str:
    """What to write into a cell of the column, to end «Hãy ghi …»."""
    if column.choices:
        return f"một trong các giá trị: {', '.join(column.choices)}"
    return _EXPECTED.get(column.type, column.header[:1].lower() + column.header[1:])
