"""The information sheet of a filled form: labels with a value to their right, and whose report it says it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from baocao.domain.planned.form import Column, Form, Sheet
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import heirs
from baocao.domain.received.finding import Finding, Rule, clip
from baocao.domain.received.submission import Content
from baocao.workbook import rules
from baocao.workbook.cells import fold, fold_name
from baocao.workbook.formats.grid import Address, Grid, address
from baocao.workbook.reading.values import finding_at, read_value, unprintable_at

_LISTED = 12
_FORM, _UNIT, _PERIOD = "form", "unit", "period"


@dataclass(frozen=True, slots=True)
class Info:
    """The lines of the sheet by key: typed values, the address of each value, and what did not parse.

    ``twice``: lines whose label is there more than once; they have no value.
    """

    sheet: str
    values: dict[str, Any]
    cells: dict[str, str]
    findings: list[Finding]
    twice: frozenset[str] = frozenset()

    def shown(self, key: str) -> str:
        """A value as text; empty where there is none."""
        value = self.values.get(key)
        return value.short if isinstance(value, Period) else str(value or "")


def read_info(grid: Grid, sheet: Sheet) -> Info:
    """Every labelled line. A line that is not there has neither a value nor a cell."""
    labels = _find_labels(grid, sheet)
    places = _find_lines(grid, labels)
    twice = frozenset(key for key, found in labels.items() if len(found) > 1)
    info = Info(grid.sheet, dict.fromkeys(column.key for column in sheet.columns), {}, [], twice)
    info.findings.extend(_label_twice(grid, sheet.column(key), labels[key]) for key in labels if key in twice)
    for column in sheet.columns:
        place = places.get(column.key)
        if place is not None:
            info.cells[column.key] = address(*place)
            value, fault, shown = read_value(grid, *place, column)
            info.values[column.key] = value
            info.findings.extend(unprintable_at(grid, *place, value))
            if fault is not None and column.key != _PERIOD:
                info.findings.append(finding_at(fault, grid, *place, column, shown))
            elif fault is not None:
                info.values[column.key] = shown
        elif column.required and column.key not in (_FORM, _UNIT, _PERIOD, *twice):
            info.findings.append(_missing_line(grid, sheet, column, places))
    return info


def share_of_lines(grid: Grid, sheet: Sheet) -> float:
    """How many of the form's lines a sheet has, from 0 to 1."""
    return len(_find_labels(grid, sheet)) / len(sheet.columns)


def _find_labels(grid: Grid, sheet: Sheet) -> dict[str, list[Address]]:
    """Where the label of each line stands."""
    labels = {fold_name(column.header): column.key for column in reversed(sheet.columns)}
    found: dict[str, list[Address]] = {}
    for number, row in enumerate(grid.rows):
        for at, raw in enumerate(row):
            key = labels.get(fold_name(raw)) if isinstance(raw, str) and raw else None
            if key is not None:
                found.setdefault(key, []).append((number, at))
    return found


def _find_lines(grid: Grid, labels: dict[str, list[Address]]) -> dict[str, Address]:
    """Where the value of each line stands: as far right of its label as the form's code stands right of its own.

    Not simply the next filled cell: a hint may stand to the right of a value that was left empty. A label that is
    there twice has no value: which one is meant is not decided by position.
    """
    step = _distance(grid, labels[_FORM][0]) if _FORM in labels else 1
    return {key: (places[0][0], places[0][1] + step) for key, places in labels.items() if len(places) == 1}


def _label_twice(grid: Grid, column: Column, places: list[Address]) -> Finding:
    return rules.NAME_TWICE.at(
        sheet=grid.sheet,
        cell=address(*places[1]),
        value=column.header,
        expected="một dòng",
        what="Dòng",
        places=", ".join(f"ô {address(*place)}" for place in places[:_LISTED]),
    )


def _distance(grid: Grid, label: Address) -> int:
    """How far to the right of a label the next filled cell is; 1 where there is none."""
    number, at = label
    beside = enumerate(grid.rows[number][at + 1 :], start=1)
    return next((step for step, raw in beside if raw not in ("", None)), 1)


def _missing_line(grid: Grid, sheet: Sheet, column: Column, places: dict[str, Address]) -> Finding:
    """A line that should stand below the last one before it that is there."""
    before = sheet.columns[: sheet.columns.index(column)]
    last = max((places[other.key][0] for other in before if other.key in places), default=0)
    return rules.ROW_MISSING.at(sheet=grid.sheet, cell=address(last, 0), expected=column.header)


def form_of(info: Info, forms: Iterable[Form]) -> tuple[Form | None, tuple[Finding, ...]]:
    """The form that the sheet names; with a finding where it names none that is known, or another version."""
    if _FORM in info.twice:
        return None, ()
    known = list(forms)
    text = info.shown(_FORM)
    code, _, version = text.rpartition("/")
    same = [form for form in known if fold(form.code) == fold(code or text)]
    form = next((form for form in same if str(form.version) == version.strip()), next(iter(same), None))
    if form is None:
        return None, (_unknown_form(info, known, text),)
    if version.strip() != str(form.version) or not code:
        cell = info.cells.get(_FORM)
        return form, (rules.FORM_VERSION.at(sheet=info.sheet, cell=cell, value=text, expected=form.label),)
    return form, ()


def _unknown_form(info: Info, forms: list[Form], text: str) -> Finding:
    return rules.FORM_UNKNOWN.at(
        sheet=info.sheet,
        cell=info.cells.get(_FORM),
        value=text or None,
        expected=", ".join(form.label for form in forms),
        shown=f" “{text}”" if text else "",
        label=forms[0].info.column(_FORM).header,
    )


def stranger_to(info: Info, plan: Plan, unit: str | None, period: Period | None) -> tuple[Finding, ...]:
    """Where a unit sends a report of a period in which it does not report: who does then."""
    known = plan.everyone_by_code
    if unit is None or period is None or known[unit].reports_in(period):
        return ()
    heir = heirs(plan.everyone, period).get(unit) or known[unit].split_from
    expected = f"mã của đơn vị báo cáo kỳ {period.short}" + (f": {heir}" if heir else "")
    return (_identity(rules.UNIT_MISMATCH, info.sheet, info.cells.get(_UNIT), unit, expected),)


def unit_of(info: Info, plan: Plan) -> tuple[str | None, tuple[Finding, ...]]:
    """The plan's unit that the sheet names."""
    if _UNIT in info.twice:
        return None, ()
    text = info.shown(_UNIT)
    unit = plan.everyone_by_code.get(fold(text).upper())  # a code is of plain capitals, digits and dashes
    if unit is not None and fold(unit.code) == fold(text):
        return unit.code, ()
    codes = list(plan.unit_by_code)
    known = f"một trong {', '.join(codes)}" if len(codes) <= _LISTED else f"mã của một trong {len(codes)} đơn vị"
    return None, (_identity(rules.UNIT_MISMATCH, info.sheet, info.cells.get(_UNIT), text, known),)


def period_of(info: Info, plan: Plan, form: Form) -> tuple[Period | None, tuple[Finding, ...]]:
    """The plan's period that the sheet names; it must be one of the form's."""
    period = info.values.get(_PERIOD)
    cycles = [cycle for cycle in plan.calendar.cycles if cycle.form == form.key]
    if _PERIOD in info.twice:
        return None, ()
    if isinstance(period, Period) and any(cycle.first <= period <= cycle.last for cycle in cycles):
        return period, ()
    spans = ", ".join(
        cycle.first.short if cycle.first == cycle.last else f"từ {cycle.first.short} đến {cycle.last.short}"
        for cycle in cycles
    )
    cell, shown = info.cells.get(_PERIOD), info.shown(_PERIOD)
    return None, (_identity(rules.PERIOD_MISMATCH, info.sheet, cell, shown, f"kỳ {spans}"),)


def _identity(rule: Rule, sheet: str | None, cell: str | None, value: str, expected: str) -> Finding:
    return rule.at(
        sheet=sheet,
        cell=cell,
        value=value or None,
        expected=expected,
        where=f"Ô {cell}" if cell else f"Trang “{sheet}”",
        shown=f"là “{clip(value)}”" if value else "để trống",
    )


def check_identity(content: Content, unit: str | None, period: Period | None) -> tuple[Finding, ...]:
    """Where the intake knows whose file it is and the file says something else.

    What the file does not say, or what the plan does not know, was already found when it was read.
    """
    findings = []
    sheet, cells = content.info_sheet, content.info_cells
    if unit is not None and content.unit is not None and content.unit != unit:
        findings.append(_identity(rules.UNIT_MISMATCH, sheet, cells.get(_UNIT), content.unit, unit))
    if period is not None and content.period is not None and content.period != period:
        cell, shown = cells.get(_PERIOD), content.period.short
        findings.append(_identity(rules.PERIOD_MISMATCH, sheet, cell, shown, period.short))
    return tuple(findings)
