"""Workbooks with planted faults for ``peers.py``: which file has which fault in which row; and a file's rows."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
from python_calamine import load_workbook

from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workbook.filling import Filled, fill_form
from benchmarks.national_files import Variant, make_plan
from deployments.sample.office import Office
from deployments.sample.writing.contents import month_content

SHEET = "Chỉ tiêu"
CODE, NUMERATOR, DENOMINATOR, RATIO = "Mã", "Tử số", "Mẫu số", "Tỷ lệ (%)"
FIELDS = ("code", "name", "target", "numerator", "denominator", "ratio", "previous", "evidence", "note")
HEADER_ROW = 6
RATIO_TOLERANCE = 0.1
Place = tuple[str, int]
"""A file's name and a row of its sheet of indicators, counted from 1."""
Row = dict[str, Any]
Planting = Callable[[Row], Row]


def _more(row: Row) -> Row:
    return {**row, "numerator": row["denominator"] + 7}


def _negative(row: Row) -> Row:
    return {**row, "numerator": -3}


def _missing(row: Row) -> Row:
    return {**row, "numerator": None}


def _in_words(row: Row) -> Row:
    return {**row, "numerator": "chưa rõ"}


def _other_ratio(row: Row) -> Row:
    return {**row, "ratio_pct": 1.0}


FAULTS: dict[str, tuple[str, Planting]] = {
    "numerator beyond denominator": ("A1", _more),
    "negative count": ("A3", _negative),
    "count missing": ("B1", _missing),
    "words for a count": ("B2", _in_words),
    "ratio disagrees": ("B9", _other_ratio),
}
"""By name: the row, and how it is spoilt."""


def make_files(folder: Path, count: int) -> dict[Place, str]:
    """So many workbooks in ``folder/files``: every second one is clean, the others have a fault each, in turn.

    Their plan lies in ``folder/plan``. Gives the name of the fault at each place.
    """
    plan, period = make_plan(folder / "plan", count), Period(2022, 10)
    clean = _clean(plan, period)
    templates = [_template(plan, period, clean)]
    for code, spoil in FAULTS.values():
        rows = dict(clean.tables["figures"])
        rows[code] = spoil(dict(rows[code]))
        templates.append(_template(plan, period, replace(clean, tables={**clean.tables, "figures": rows})))
    names = list(FAULTS)
    planted: dict[Place, str] = {}
    (folder / "files").mkdir()
    codes = [figure.code for figure in plan.figures if figure.is_typed]
    (folder / "codes.json").write_text(json.dumps(codes), encoding="utf-8")
    for number, unit in enumerate(plan.units):
        path = folder / "files" / f"{unit.code}.xlsx"
        which = number // 2 % len(names) if number % 2 else -1
        path.write_bytes(templates[which + 1].for_unit(unit.code))
        if which >= 0:
            planted[path.name, row_of(path, FAULTS[names[which]][0])] = names[which]
    return planted


def _clean(plan: Plan, period: Period) -> Filled:
    cutoff = plan.cycle(period).submit.date_in(period).replace(day=15)
    return month_content(Office(plan, plan.units[0], 0), period, cutoff)


def _template(plan: Plan, period: Period, filled: Filled) -> Variant:
    form, unit = plan.form_of(period), plan.units[0]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        write_blank(plan, form, unit, period, NOTHING_KNOWN, path)
        fill_form(path, path, form, filled, ratios_as_values=True)
        return Variant(path, filled, unit.code)


def row_of(path: Path, code: str) -> int:
    """The row in which a code stands."""
    return next(number for number, row in enumerate(_rows(path), start=1) if row[0] == code)


def _rows(path: Path) -> list[list[Any]]:
    return load_workbook(str(path)).get_sheet_by_name(SHEET).to_python()


def frame_of(path: Path, codes: Sequence[str]) -> pd.DataFrame:
    """The typed rows, by their number in the sheet, as the peers are given them: what is no number is missing.

    ``off`` is by how many points the ratio differs from numerator / denominator.
    """
    header, *rows = _rows(path)[HEADER_ROW - 1 :]
    table = pd.DataFrame(rows, columns=header, index=range(HEADER_ROW + 1, HEADER_ROW + 1 + len(rows)))
    frame = table.loc[table[CODE].isin(codes), [CODE, NUMERATOR, DENOMINATOR, RATIO]]
    for name in (NUMERATOR, DENOMINATOR, RATIO):
        frame[name] = pd.to_numeric(frame[name], errors="coerce")
    share = frame[NUMERATOR] / frame[DENOMINATOR].where(frame[DENOMINATOR] > 0) * 100
    is_share = (frame[NUMERATOR] >= 0) & (frame[NUMERATOR] <= frame[DENOMINATOR])
    return frame.assign(off=(share - frame[RATIO]).where(is_share, 0.0))


def typed_codes(folder: Path) -> list[str]:
    """The codes whose counts are typed, as the plan says; loading it is no part of a peer's time."""
    return list(json.loads((folder / "codes.json").read_text(encoding="utf-8")))
