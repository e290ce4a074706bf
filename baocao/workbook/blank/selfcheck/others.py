"""The information sheet and the difficulties in formulas."""

from collections.abc import Iterator

from baocao.domain.planned.form import Sheet
from baocao.domain.wording import date_text
from baocao.workbook.blank.selfcheck.formulas import all_of, any_of, is_number, reference, serial
from baocao.workbook.blank.selfcheck.statement import Desk, Statement, Table
from baocao.workbook.layout import label_cells

_CUTOFF = "cutoff_date"
_MARKS = ("x", "×", "✓", "✔", "√", "☑", "☒", "✗", "✘", "✅", "v", "có")


def info_statements(desk: Desk, sheet: Sheet) -> Iterator[Statement]:
    """Every statement of the information sheet; gives the desk its cut-off."""
    cells = label_cells(sheet)
    for column in sheet.columns:
        if column.required and not column.given:
            nothing = f"{desk.work.says_nothing(reference(sheet.name, cells[column.key]))}=1"
            words = f"Ghi {column.header}."
            yield Statement("value_missing", sheet.name, cells[column.key], True, nothing, words)
    occasion = desk.occasion
    window = occasion.plan.cutoff_window(occasion.form.key, occasion.period)
    if _CUTOFF not in cells or window is None:
        return
    cell = reference(sheet.name, cells[_CUTOFF])
    day, first, last = desk.work.day(cell), serial(window.start), serial(window.end)
    outside = f"OR({day}<{first},{day}>{last})"
    end = serial(occasion.period.last_day)
    desk.cutoff = desk.work.add(f"IF(ISNUMBER({day}),IF({outside},{last},{day}),{end})")
    words = f"Ngày chốt số liệu phải từ {date_text(window.start)} đến {date_text(window.end)}."
    fails = all_of(is_number(day), outside)
    yield Statement("cutoff_window", sheet.name, cells[_CUTOFF], False, fails, words)
    unread = all_of(f"{desk.work.says_nothing(cell)}=0", f"NOT({is_number(day)})")
    words = "Ghi đủ ngày/tháng/năm."
    yield Statement("not_a_date", sheet.name, cells[_CUTOFF], False, unread, words)


def difficulty_statements(table: Table) -> Iterator[Statement]:
    """Every statement of the free sheet of difficulties."""
    if not table.has("difficulty", "proposal", "is_beyond_authority"):
        return
    texts = [key for key in ("cause", "proposal", "settled_by") if table.has(key)]
    for line in table.rows():
        nothing = {key: f"{table.work.says_nothing(table.cell(line, key))}=1" for key in ("difficulty", *texts)}
        mark = table.work.text(table.cell(line, "is_beyond_authority"))
        is_beyond = any_of(*(f'{mark}="{sign}"' for sign in _MARKS))
        has_more = any_of(is_beyond, *(f"NOT({nothing[key]})" for key in texts))
        fails = all_of(has_more, nothing["difficulty"])
        words = "ghi khó khăn, vướng mắc, hoặc xóa cả dòng."
        yield table.missing("difficulty_incomplete", line, "difficulty", fails, words)
        fails = all_of(is_beyond, nothing["proposal"])
        yield table.missing("difficulty_incomplete", line, "proposal", fails, "việc vượt thẩm quyền, ghi kiến nghị.")
