"""«so-lieu.xlsx» of the assignment report, and «du-toan.xlsx», the budget alone for the finance office."""

from openpyxl.utils import get_column_letter

from baocao.domain.reported.assignment import Assignment, AssignmentGap, AssignmentReport, BudgetItem, BudgetSum
from baocao.domain.wording import enumeration
from baocao.narrative.assignment import unit_sums
from baocao.render.xlsx.book import HEADER_ROW, Book
from baocao.render.xlsx.live import live_sum
from baocao.render.xlsx.sheets import LIVE, write_findings, write_guide_page, write_standings
from baocao.render.xlsx.style import Column, Formula, Kind, Told, Value

_BUDGET_SHEETS = (
    ("Dự toán theo nhiệm vụ", "Số tiền các đơn vị đề nghị, cộng theo nhiệm vụ; triệu đồng."),
    ("Dự toán theo nguồn vốn", "Cùng số tiền, cộng theo nguồn vốn."),
    ("Chi tiết dự toán", "Từng nội dung chi của từng đơn vị."),
)
_SHEETS = (
    ("Phân công", "Từng chỉ tiêu, nhiệm vụ của từng đơn vị: chủ trì, phối hợp, thời gian, sản phẩm."),
    ("Chưa đầy đủ", "Nội dung còn thiếu chủ trì, hạn hoàn thành hoặc sản phẩm."),
    *_BUDGET_SHEETS,
    ("Kết quả kiểm tra", "Lỗi của báo cáo bị trả lại và cảnh báo trên báo cáo đã chấp nhận."),
    ("Tình hình nộp", "Đơn vị nào đã nộp, lúc nào, lần thứ mấy, kết quả ra sao."),
)
_HOW = (
    ("Nội dung", "Một chỉ tiêu hoặc nhiệm vụ tại một đơn vị."),
    ("Đầy đủ", "Có chủ trì, hạn hoàn thành và sản phẩm."),
    ("Số tiền", "Triệu đồng, theo đề nghị của đơn vị; chưa thẩm định."),
    (LIVE[0], "Sửa số tiền trong trang «Chi tiết dự toán» thì các trang tổng hợp tự tính lại."),
)
_MOST_SUMMED = 2000
_NOTHING_ASSIGNED = "Chưa có phân công nào được chấp nhận."
_NO_BUDGET = "Các đơn vị không đề nghị kinh phí."


def assignment_book(report: AssignmentReport) -> Book[AssignmentReport]:
    """Who leads what, what is open, the budget, who has reported."""
    book = Book(report, f"Phân công, dự toán {report.short_title}")
    write_guide_page(book, f"Phân công nhiệm vụ, dự toán kinh phí {report.short_title}", _SHEETS, _HOW)
    _write_assignments(book)
    _write_gaps(book)
    _write_budget(book)
    write_findings(book)
    write_standings(book)
    return book


def budget_book(report: AssignmentReport) -> Book[AssignmentReport]:
    """The budget by task, by source and item by item."""
    book = Book(report, f"Dự toán kinh phí {report.short_title}")
    write_guide_page(book, f"Dự toán kinh phí {report.short_title}", _BUDGET_SHEETS, _HOW[2:])
    _write_budget(book)
    return book


def _write_assignments(book: Book[AssignmentReport]) -> None:
    report = book.report
    indicators = {item.code for item in report.items if item.is_indicator}
    columns: tuple[Told[Assignment], ...] = (
        Told("Đơn vị", 28, lambda one: report.unit_name(one.unit)),
        Told("Mã", 9, lambda one: one.code, Kind.CENTER),
        Told("Chỉ tiêu, nhiệm vụ", 54, lambda one: report.item_names.get(one.code, "")),
        Told("Loại", 11, lambda one: "Chỉ tiêu" if one.code in indicators else "Nhiệm vụ", Kind.CENTER),
        Told("Chủ trì", 26, lambda one: one.lead),
        Told("Phối hợp", 26, lambda one: one.coordinating),
        Told("Ngày bắt đầu", 13, lambda one: one.start_date, Kind.DATE),
        Told("Hạn hoàn thành", 13, lambda one: one.due_date, Kind.DATE),
        Told("Sản phẩm", 36, lambda one: one.product),
        Told("Ghi chú", 24, lambda one: one.note),
    )
    book.listing("Phân công", "Phân công của từng đơn vị", report.assignments, columns, _NOTHING_ASSIGNED)


def _write_gaps(book: Book[AssignmentReport]) -> None:
    report = book.report
    columns: tuple[Told[AssignmentGap], ...] = (
        Told("Đơn vị", 30, lambda one: report.unit_name(one.unit)),
        Told("Mã", 9, lambda one: one.code, Kind.CENTER),
        Told("Chỉ tiêu, nhiệm vụ", 70, lambda one: report.item_names.get(one.code, "")),
        Told("Còn thiếu", 34, lambda one: enumeration(one.missing).capitalize()),
    )
    nothing = "Các đơn vị đã nộp phân công đầy đủ." if report.assignments else _NOTHING_ASSIGNED
    book.listing("Chưa đầy đủ", "Nội dung chưa phân công đầy đủ", report.gaps, columns, nothing)


def _write_budget(book: Book[AssignmentReport]) -> None:
    report = book.report
    names = report.item_names
    by_task = [[row.heading, names.get(row.heading, "")] for row in report.budget_by_task]
    by_source: list[list[str]] = [[row.heading] for row in report.budget_by_source]
    task = (Column("Mã", 9, Kind.CENTER), Column("Nhiệm vụ", 60))
    _write_sums(book, "Dự toán theo nhiệm vụ", task, by_task, report.budget_by_task, ("C", "task"))
    source = (Column("Nguồn vốn", 44),)
    _write_sums(book, "Dự toán theo nguồn vốn", source, by_source, report.budget_by_source, ("E", "source"))
    _write_items(book)


def _write_sums(
    book: Book[AssignmentReport],
    name: str,
    left: tuple[Column, ...],
    headings: list[list[str]],
    sums: tuple[BudgetSum, ...],
    by: tuple[str, str],
) -> None:
    """Sums by a column of the items (its letter there, its name), which follow where an item's amount is changed."""
    report = book.report
    totals = unit_sums(report)
    columns = (
        *left,
        *(Column(report.unit_name(unit), 18, Kind.AMOUNT) for unit in totals),
        Column("Tổng (triệu đồng)", 18, Kind.AMOUNT),
    )
    first, last = HEADER_ROW + 1, HEADER_ROW + len(sums)
    letters = [get_column_letter(place) for place in range(len(left) + 1, len(columns) + 1)]

    def across(number: int, total: float) -> Value:
        return Formula(f"SUM({letters[0]}{number}:{letters[-2]}{number})", total)

    rows: list[tuple[list[Value], bool]] = [
        (
            [
                *heading,
                *(
                    _of_items(report, row, unit, by, (letter, number))
                    for unit, letter in zip(totals, letters[:-1], strict=True)
                ),
                across(number, row.total_mil_vnd),
            ],
            False,
        )
        for number, (heading, row) in enumerate(zip(headings, sums, strict=True), start=first)
    ]
    if rows:
        blanks = [""] * (len(left) - 1)
        amounts = [*totals.values(), report.budget_total_mil_vnd]
        added = [
            Formula(f"SUM({letter}{first}:{letter}{last})", amount)
            for letter, amount in zip(letters, amounts, strict=True)
        ]
        rows.append(([*blanks, "Tổng cộng", *added], True))
    book.table(name, columns, name, rows, len(rows), _NO_BUDGET)


def _of_items(report: AssignmentReport, row: BudgetSum, unit: str, by: tuple[str, str], cell: tuple[str, int]) -> Value:
    """What one unit asks for under a heading, as a sum over «Chi tiết dự toán» unless that is very long."""
    letter, name = by
    own = [one for one in report.budget if one.unit == unit]
    parts = [one.amount_mil_vnd for one in own if getattr(one, name) == row.heading]
    heading = f"$A{cell[1]}" if parts else '""'
    parts = parts or [one.amount_mil_vnd for one in own if not getattr(one, name)]
    if unit not in row.by_unit or len(report.budget) > _MOST_SUMMED:
        return row.by_unit.get(unit)
    last = HEADER_ROW + len(report.budget)
    units, keys, amounts = (f"'Chi tiết dự toán'!${one}${HEADER_ROW + 1}:${one}${last}" for one in ("A", letter, "D"))
    text = f"SUMPRODUCT(EXACT({units},{cell[0]}${HEADER_ROW})*EXACT({keys},{heading}),{amounts})"
    return live_sum(text, parts, row.by_unit[unit])


def _write_items(book: Book[AssignmentReport]) -> None:
    report = book.report
    columns: tuple[Told[BudgetItem], ...] = (
        Told("Đơn vị", 28, lambda one: report.unit_name(one.unit)),
        Told("Nội dung chi", 50, lambda one: one.purpose),
        Told("Mã nhiệm vụ", 11, lambda one: one.task, Kind.CENTER),
        Told("Số tiền (triệu đồng)", 16, lambda one: one.amount_mil_vnd, Kind.AMOUNT),
        Told("Nguồn vốn", 30, lambda one: one.source),
        Told("Ghi chú", 30, lambda one: one.note),
    )
    book.listing("Chi tiết dự toán", "Chi tiết dự toán của các đơn vị", report.budget, columns, _NO_BUDGET)
