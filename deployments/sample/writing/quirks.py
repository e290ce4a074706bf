"""Habits of people and programs that change how a value is typed, and never what it says."""

from collections.abc import Callable, Sequence
from datetime import date
from unicodedata import normalize

from baocao.domain.planned.form import ColumnType, Form, Sheet
from baocao.domain.planned.indicator import IndicatorKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.wording import count_text, date_text, enumeration, percent_text
from baocao.workbook.filling import Filled, Values
from deployments.sample.figures import is_judged


def as_text(form: Form, filled: Filled) -> Filled:
    """Numbers and dates typed as text: ``1.234``, ``85,5%``, ``18/10/2022``; ratios typed over their formula."""
    tables = {
        key: {code: _texts(form.sheet(key), row) for code, row in rows.items()} for key, rows in filled.tables.items()
    }
    return Filled(_texts(form.info, filled.info), tables, filled.free)


def _texts(sheet: Sheet, row: Values) -> Values:
    types = {column.key: column.type for column in sheet.columns}
    texts = {key: _text(types[key], value) for key, value in row.items()}
    numerator, denominator = row.get("numerator"), row.get("denominator")
    if isinstance(numerator, int) and isinstance(denominator, int) and denominator:
        texts["ratio_pct"] = percent_text(numerator / denominator * 100)
    return texts


def _text(kind: ColumnType, value: object) -> object:
    if isinstance(value, date):
        return date_text(value)
    if not isinstance(value, int | float):
        return value
    return f"{value}%" if kind is ColumnType.PERCENT else count_text(value)


def as_decomposed(filled: Filled) -> Filled:
    """Every text with its marks apart from its letters (NFD), as some systems save it."""
    return Filled(
        _mapped(filled.info, decomposed),
        {key: {code: _mapped(row, decomposed) for code, row in rows.items()} for key, rows in filled.tables.items()},
        {key: [_mapped(row, decomposed) for row in rows] for key, rows in filled.free.items()},
    )


def decomposed(value: object) -> object:
    """A text in NFD; anything else as it is."""
    return normalize("NFD", value) if isinstance(value, str) else value


def _mapped(row: Values, change: Callable[[object], object]) -> Values:
    return {key: change(value) for key, value in row.items()}


def without_evidence(plan: Plan, filled: Filled) -> Filled:
    """The proofs of the first and the last indicator that has one left out."""
    figures = {code: dict(row) for code, row in filled.tables["figures"].items()}
    judged = [row for code, row in figures.items() if is_judged(plan.figure_by_code[code])]
    proven = [row for row in judged if row.get("evidence")]
    for row in (*proven[:1], *proven[-1:]):
        row["evidence"] = ""
    return Filled(filled.info, {**filled.tables, "figures": figures}, filled.free)


def with_missed(plan: Plan, filled: Filled, missed: Sequence[Period]) -> Filled:
    """What was counted over the whole pilot says that it has months of which no report was sent."""
    remark = f"Số lũy kế gồm cả kỳ {enumeration([period.short for period in missed])} đơn vị chưa gửi báo cáo"
    figures = {code: dict(row) for code, row in filled.tables["figures"].items()}
    for code, row in figures.items():
        figure = plan.figure_by_code[code]
        if figure.kind is IndicatorKind.FLOW and is_judged(figure):
            row["note"] = f"{row['note']}. {remark}" if row.get("note") else remark
    return Filled(filled.info, {**filled.tables, "figures": figures}, filled.free)
