"""Typed frames: the rows of one sheet over a whole batch, each row knowing whose it is and where it stands.

Every frame has ``line`` (0, 1, 2 … in the frame), ``submission`` (place of the workbook in the batch), ``form``,
``unit``, ``period`` (ISO text), ``sheet`` (name in the file), ``row`` (as seen in Excel), ``code``, and one column for
each column of the form: float64 for counts, percents and amounts (NaN: empty), datetime64 for dates (NaT: empty),
bool objects for marks, text for the rest (missing: empty). A free text that only says that there is nothing («Không
có», «-», «Đã báo cáo») is missing too: no rule that asks for a note or for evidence is met by it. Cell letters stay in
the ``Content``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from baocao.domain.planned.form import ColumnType, Sheet
from baocao.domain.planned.plan import Plan
from baocao.domain.received.submission import Content, Row
from baocao.workbook.cells import folded
from baocao.workbook.reading.free_rows import says_nothing
from expectations.sheets import sheets_of

IDENTITY = ("line", "submission", "form", "unit", "period", "sheet", "row", "code")
_NUMBERS = frozenset({ColumnType.COUNT, ColumnType.PERCENT, ColumnType.RATIO, ColumnType.AMOUNT})
_DATES = frozenset({ColumnType.DATE})
_LONGEST_NOTHING = 60


def read_sheet(plan: Plan, contents: Sequence[Content], key: str) -> pd.DataFrame:
    """The rows of the sheets of this key over all workbooks whose form has one; rows of unknown codes are left out."""
    sheets = sheets_of(plan, key)
    codes = {form: frozenset(plan.row_codes(sheet.rows)) for form, sheet in sheets.items()}
    having = [(n, one) for n, one in enumerate(contents) if one.form in sheets and key in one.tables]
    rows_of = [_known_rows(content.rows(key), codes[content.form or ""]) for _, content in having]
    rows = [row for some in rows_of for row in some]
    owner = np.repeat(np.arange(len(having)), [len(some) for some in rows_of])
    data: dict[str, Any] = {
        "line": range(len(rows)),
        "submission": np.array([number for number, _ in having], dtype="int64")[owner],
        **{name: texts.take(owner) for name, texts in _identities(having, key).items()},
        "row": [row.number for row in rows],
        "code": _texts(row.code for row in rows),
    }
    for column, kind in _columns(sheets.values()).items():
        if column not in data:
            data[column] = typed(kind, [row.values.get(column) for row in rows])
    return _frame(data)


def _identities(having: Sequence[tuple[int, Content]], key: str) -> dict[str, ExtensionArray]:
    """Whose each workbook is, and its sheet's name: one text a workbook."""
    contents = [content for _, content in having]
    texts = {
        "form": (content.form for content in contents),
        "unit": (content.unit for content in contents),
        "period": (str(content.period) if content.period else None for content in contents),
        "sheet": (content.tables[key].sheet for content in contents),
    }
    return {name: _texts(values).array for name, values in texts.items()}


def read_info(plan: Plan, contents: Sequence[Content]) -> pd.DataFrame:
    """The information sheets, one row a workbook of a known form; ``row`` is 0, its cells are in ``info_cells``.

    ``window_first`` and ``window_last``: between which days the workbook's own cut-off may lie. ``cutoff`` is the date
    up to which figures count: its own, or where that lies elsewhere the last of these days; the last day of the period
    where it has none.
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
    asked = [(content.form or "", content.period) for _, content in known]
    window_of = {(form, period): plan.cutoff_window(form, period) if period else None for form, period in set(asked)}
    windows = [window_of[one] for one in asked]
    frame["window_first"] = typed(ColumnType.DATE, [one.start if one else None for one in windows])
    frame["window_last"] = typed(ColumnType.DATE, [one.end if one else None for one in windows])
    last_days = typed(ColumnType.DATE, [content.period.last_day if content.period else None for _, content in known])
    stated = frame["cutoff_date"]
    is_outside = (stated < frame["window_first"]) | (stated > frame["window_last"])
    frame["cutoff"] = stated.mask(is_outside, frame["window_last"]).fillna(last_days)
    return frame


def typed(kind: ColumnType, values: list[Any]) -> "pd.Series[Any]":
    """Values of one column as one type; blank text is missing, and free text that says nothing."""
    if kind in _NUMBERS:
        return pd.Series(values, dtype="float64")
    if kind in _DATES:
        return pd.Series(pd.to_datetime(pd.Series(values, dtype="object")), dtype="datetime64[s]")
    if kind is ColumnType.MARK:
        return pd.Series(values, dtype="object")
    if kind is ColumnType.TEXT:
        return _texts(values, _is_nothing)
    return _texts(values)


def _is_blank(value: Any) -> bool:
    return value is None or not str(value).strip()


@lru_cache(maxsize=16384)
def _is_nothing(value: Any) -> bool:
    """Whether it is blank, or a text that says nothing; units tell much in the same words."""
    says = isinstance(value, str) and len(value) <= _LONGEST_NOTHING and says_nothing(folded(value))
    return says or _is_blank(value)


def _texts(values: Iterable[Any], is_missing: Callable[[Any], bool] = _is_blank) -> "pd.Series[str]":
    """Texts, each looked at once however often it is there."""
    told = list(values)
    missing = {value for value in set(told) if is_missing(value)}
    return pd.Series([None if value in missing else value for value in told], dtype="str")


def _known_rows(rows: Iterable[Row], codes: frozenset[str]) -> list[Row]:
    return [row for row in rows if not codes or row.code in codes]


def _columns(sheets: Iterable[Sheet]) -> Mapping[str, ColumnType]:
    return {column.key: column.type for sheet in sheets for column in sheet.columns}


def _frame(data: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(data)
