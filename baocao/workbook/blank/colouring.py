"""Colours that answer while a form is typed: a target missed, a note or date owed, what does not fit together."""

from collections.abc import Iterator

from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.worksheet import Worksheet

from baocao.domain.planned.form import ColumnType, Rows, Sheet
from baocao.domain.planned.indicator import ComponentsMode
from baocao.domain.reported.progress import TaskStatus
from baocao.excel import style
from baocao.workbook.blank.fixed_cells import ratio_parts
from baocao.workbook.layout import Line, letters_of


def colour(worksheet: Worksheet, sheet: Sheet, lines: tuple[Line, ...]) -> None:
    """Colour a table that computes ratios against targets, and the tasks; other tables stay as they are.

    Light: the ratio is below its target, judged on the unrounded fraction, or the note that this asks for is empty; a
    task that is done lacks its date or product. Dark: the numerator exceeds the denominator; a task's progress is none
    that its status allows. Neither is a colour of findings.
    """
    if sheet.rows is Rows.TASKS:
        _colour_tasks(worksheet, letters_of(sheet), [line for line in lines if line.entry])
    else:
        _colour_figures(worksheet, sheet, lines)


def _colour_tasks(worksheet: Worksheet, letters: dict[str, str], tasks: list[Line]) -> None:
    if not tasks or not {"status", "progress_pct"} <= letters.keys():
        return
    first = tasks[0].row
    status, progress = f"TRIM(${letters['status']}{first})", f"${letters['progress_pct']}{first}"
    is_done = f'{status}="{TaskStatus.DONE.value}"'
    is_whole = f'OR({progress}=100,AND({progress}=1,LEFT(CELL("format",{progress}),1)="P"))'
    wrong_done = f"AND({is_done},NOT({is_whole}))"
    wrong_begun = f'AND({status}="{TaskStatus.NOT_STARTED.value}",{progress}<>0)'
    misfit = f"AND(ISNUMBER({progress}),OR({wrong_done},{wrong_begun}))"
    _add(worksheet, letters["progress_pct"], tasks, misfit, style.BREACH_FILL)
    for key in ("done_date", "product"):
        if key in letters:
            owed = f"AND({is_done},LEN(TRIM(${letters[key]}{first}))=0)"
            _add(worksheet, letters[key], tasks, owed, style.WATCH_FILL)


def _colour_figures(worksheet: Worksheet, sheet: Sheet, lines: tuple[Line, ...]) -> None:
    letters, parts = letters_of(sheet), ratio_parts(sheet)
    typed = [line for line in lines if line.entry and line.entry.figure and line.entry.figure.is_typed]
    if parts is None or "target_pct" not in letters or not typed:
        return
    first = typed[0].row
    numerator, denominator = (f"${letters[part]}{first}" for part in parts)
    target = f"${letters['target_pct']}{first}"
    above = f"AND(ISNUMBER({numerator}),ISNUMBER({denominator}),{numerator}>{denominator})"
    bounded = [line for line in typed if line.entry and line.entry.figure and line.entry.figure.is_bounded]
    for key in parts:
        _add(worksheet, letters[key], bounded, above, style.BREACH_FILL)
    for sign, alike in _by_direction(typed):
        first = alike[0].row
        numerator, denominator = (f"${letters[part]}{first}" for part in parts)
        target = f"${letters['target_pct']}{first}"
        missed = f"AND(ISNUMBER({numerator}),N({denominator})>0,{numerator}*100{sign}{target}*{denominator})"
        for column in sheet.columns:
            letter = letters[column.key]
            if column.type is ColumnType.RATIO:
                _add(worksheet, letter, alike, missed, style.WATCH_FILL)
            elif column.key == "note":
                owed = [line for line in alike if _owes_note(line)]
                _add(worksheet, letter, owed, f"AND({missed},LEN(TRIM(${letter}{first}))=0)", style.WATCH_FILL)


def _by_direction(lines: list[Line]) -> Iterator[tuple[str, list[Line]]]:
    """The sign that says that a target is missed, and the rows of which it is so."""
    for sign, is_lower in (("<", False), (">", True)):
        mine = [line for line in lines if line.entry and line.entry.figure and line.entry.figure.is_lower is is_lower]
        if mine:
            yield sign, mine


def _owes_note(line: Line) -> bool:
    """The indicator's row explains a target missed; the component's where each component stands alone."""
    figure = line.entry.figure if line.entry else None
    return figure is not None and (figure.is_headline or figure.mode is ComponentsMode.SEPARATE)


def _add(worksheet: Worksheet, letter: str, lines: list[Line], formula: str, fill: PatternFill) -> None:
    area = " ".join(f"{letter}{line.row}" for line in lines)
    rule = Rule(type="expression", dxf=DifferentialStyle(fill=fill), formula=[formula])
    worksheet.conditional_formatting.add(area, rule)
