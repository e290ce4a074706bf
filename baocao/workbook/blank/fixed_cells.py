"""What a blank form already says: values from the plan and from what is known, by row and column."""

from baocao.domain.planned.form import Column, ColumnType, FormKind, Rows, Sheet
from baocao.domain.planned.indicator import Figure, bound
from baocao.domain.wording import decimal_text, shown_pct
from baocao.workbook.blank.occasion import Occasion
from baocao.workbook.layout import Line, letters_of


def info_value(occasion: Occasion, key: str) -> object:
    """The value of a line of the information sheet; None for what the unit types."""
    return {
        "form": occasion.form.label,
        "plan": occasion.plan.title,
        "unit": occasion.unit.code,
        "unit_name": occasion.unit.name,
        "period": occasion.period.short,
        "token": occasion.known.token or None,
    }.get(key)


def table_value(occasion: Occasion, line: Line, column: Column) -> object:
    """The value of a table's cell; None for what the unit types. Ratios are formulas and not given here."""
    if column.type is ColumnType.INDEX:
        return None
    entry = line.entry
    if entry is None:
        return None
    if column.type is ColumnType.CODE:
        return entry.code
    if column.key == "name":
        return f"{entry.name}{_span(occasion, entry.figure)}"
    if column.key == "target_pct" and entry.figure:
        return entry.figure.target_pct
    if column.key == "denominator" and entry.figure:
        return entry.figure.assigned.get(occasion.unit.code)
    if column.key == "previous_pct" and entry.figure:
        previous = occasion.known.previous_pct.get(entry.code)
        return None if previous is None else shown_pct(previous, bound(entry.figure))
    if (value := carried_value(occasion, line, column)) is not None:
        return value
    return occasion.known.assignments.get(entry.code, {}).get(column.key)


def _span(occasion: Occasion, figure: Figure | None) -> str:
    """Of what is asked each quarter, half year or year, which one it is."""
    if figure is None or figure.every == 1 or not figure.is_headline or occasion.form.kind is FormKind.FINAL:
        return ""
    return f" – {occasion.period.span(figure.every)}"


def carried_value(occasion: Occasion, line: Line, column: Column) -> object:
    """What the last report said of a task, where that goes over into this form; else None."""
    carried = occasion.known.carried.get(line.entry.code) if line.entry else None
    return carried.values.get(column.key) if carried else None


def is_hatched(line: Line, column: Column) -> bool:
    """Whether the cell must stay empty: figures of a headline whose components have different denominators."""
    figure = line.entry.figure if line.entry else None
    if figure is None or figure.is_typed:
        return False
    return column.type in (ColumnType.COUNT, ColumnType.RATIO) or column.key == "previous_pct"


def is_locked(line: Line, column: Column) -> bool:
    """Whether nobody is to type into the cell."""
    return column.given or column.type is ColumnType.RATIO or is_hatched(line, column)


def target_format(figure: Figure) -> str:
    """How a target's number is shown: «≤ » before what is better lower, so that the cell still holds a number."""
    decimals = decimal_text(figure.target_pct, 6).partition(",")[2]
    return f'"≤ "0{"." if decimals else ""}{"0" * len(decimals)}' if figure.is_lower else "General"


def is_fixed(sheet: Sheet, column: Column, value: object) -> bool:
    """Whether a value that stands in the cell is not a report's to change: an accepted due date, an assigned count."""
    key = {Rows.TASKS: "due_date", Rows.FIGURES: "denominator"}.get(sheet.rows)
    return column.key == key and value is not None


def ratio_parts(sheet: Sheet) -> tuple[str, str] | None:
    """The keys of the columns that a sheet's ratio is computed from; None where it has none."""
    keys = {column.key for column in sheet.columns}
    return ("numerator", "denominator") if {"numerator", "denominator"} <= keys else None


def ratio_formula(sheet: Sheet, line: Line) -> str | None:
    """The formula of a row's ratio; None where the sheet cannot compute it, or the row has no figures of its own."""
    parts, letters = ratio_parts(sheet), letters_of(sheet)
    is_counted = line.entry is not None and (line.entry.figure is None or line.entry.figure.is_typed)
    if parts is None or not is_counted or not set(parts) <= letters.keys():
        return None
    numerator, denominator = (f"{letters[part]}{line.row}" for part in parts)
    return f'=IF(AND(ISNUMBER({numerator}),N({denominator})>0),ROUND({numerator}/{denominator}*100,2),"")'
