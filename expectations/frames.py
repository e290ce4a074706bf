"""Typed frames: the rows of one sheet over a whole batch, each row knowing whose it is and where it stands.

Every frame has ``line`` (0, 1, 2 … in the frame), ``submission`` (place of the workbook in the batch), ``form``,
``unit``, ``period`` (ISO text), ``sheet`` (name in the file), ``row`` (as seen in Excel), ``code``, and one column for
each column of the form: float64 for counts, percents and amounts (NaN: empty), datetime64 for dates (NaT: empty),
bool objects for marks, text for the rest (missing: empty). Cell letters stay in the ``Content``.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from baocao.domain.form import ColumnType, Sheet
from baocao.domain.plan import Plan
from baocao.domain.submission import Content, Row

if TYPE_CHECKING:
    import pandas as pd

IDENTITY = ("line", "submission", "form", "unit", "period", "sheet", "row", "code")
_NUMBERS = frozenset({ColumnType.COUNT, ColumnType.PERCENT, ColumnType.RATIO, ColumnType.AMOUNT})
_DATES = frozenset({ColumnType.DATE})


def read_sheet(plan: Plan, contents: Sequence[Content], key: str) -> "pd.DataFrame":
    """The rows of the sheets of this key over all workbooks whose form has one; rows of unknown codes are left out."""
    found = [(number, content, row) for number, content in enumerate(contents) for row in _rows(plan, content, key)]
    data: dict[str, Any] = {
        "line": range(len(found)),
        "submission": [number for number, _, _ in found],
        "form": _texts(content.form for _, content, _ in found),
        "unit": _texts(content.unit for _, content, _ in found),
        "period": _texts(str(content.period) if content.period else None for _, content, _ in found),
        "sheet": _texts(content.tables[key].sheet for _, content, _ in found),
        "row": [row.number for _, _, row in found],
        "code": _texts(row.code for _, _, row in found),
    }
    for column, kind in _columns(sheets_of(plan, key).values()).items():
        data.setdefault(column, typed(kind, [row.values.get(column) for _, _, row in found]))
    return _frame(data)


def sheets_of(plan: Plan, key: str) -> dict[str, Sheet]:
    """The sheets of this key, by the key of their form."""
    return {form.key: sheet for form in plan.forms.values() for sheet in form.sheets if sheet.key == key}


def read_info(plan: Plan, contents: Sequence[Content]) -> "pd.DataFrame":
    """The information sheets, one row a workbook of a known form; ``row`` is 0, its cells are in ``info_cells``.

    ``cutoff`` is the date up to which figures count: the workbook's own, else the last day of its period.
    """
    known = [(number, content) for number, content in enumerate(contents) if content.form in plan.forms]
    data: dict[str, Any] = {
        "line": range(len(known)),
        "submission": [number for number, _ in known],
        "form": _texts(content.form for _, content in known),
        "unit": _texts(content.unit for _, content in known),
        "period": _texts(str(content.period) if content.period else None for _, content in known),
        "sheet": _texts(content.info_sheet for _, content in known),
        "row": [0] * len(known),
        "code": _texts(None for _ in known),
    }
    for column, kind in _columns(form.info for form in plan.forms.values()).items():
        if column not in IDENTITY:
            data[column] = typed(kind, [content.info.get(column) for _, content in known])
    frame = _frame(data)
    last_days = typed(ColumnType.DATE, [content.period.last_day if content.period else None for _, content in known])
    frame["cutoff"] = frame["cutoff_date"].fillna(last_days)
    return frame


def typed(kind: ColumnType, values: list[Any]) -> "pd.Series[Any]":
    """Values of one column as one type; blank text is missing."""
    import pandas as pd

    if kind in _NUMBERS:
        return pd.Series(values, dtype="float64")
    if kind in _DATES:
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object")), dtype="datetime64[s]")
    if kind is ColumnType.MARK:
        return pd.Series(values, dtype="object")
    return _texts(values)


def _texts(values: Iterable[Any]) -> "pd.Series[str]":
    import pandas as pd

    return pd.Series([text if text is not None and str(text).strip() else None for text in values], dtype="str")


def _rows(plan: Plan, content: Content, key: str) -> Iterable[Row]:
    if content.form not in plan.forms or key not in content.tables:
        return ()
    sheet = sheets_of(plan, key).get(content.form)
    if sheet is None:
        return ()
    codes = frozenset(plan.row_codes(sheet.rows))
    return (row for row in content.rows(key) if not codes or row.code in codes)


def _columns(sheets: Iterable[Sheet]) -> Mapping[str, ColumnType]:
    return {column.key: column.type for sheet in sheets for column in sheet.columns}


def _frame(data: Mapping[str, Any]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(data)
