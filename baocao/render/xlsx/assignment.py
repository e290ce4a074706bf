"""«so-lieu.xlsx» of the assignment report, and «du-toan.xlsx», the budget alone for the finance office."""

from openpyxl.utils import get_column_letter

from baocao.domain.reported.assignment import AssignmentReport, BudgetItem, BudgetSum
from baocao.domain.wording import enumeration
from baocao.narrative.assignment import unit_sums
from baocao.render.xlsx.book import HEADER_ROW, Book
from baocao.render.xlsx.live import live_sum
from baocao.render.xlsx.sheets import LIVE, write_findings, write_guide_page, write_standings
from baocao.render.xlsx.style import Column, Formula, Kind, Value

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
    columns = (
        Column("Đơn vị", 28),
        Column("Mã", 9, Kind.CENTER),
        Column("Chỉ tiêu, nhiệm vụ", 54),
        Column("Loại", 11, Kind.CENTER),
        Column("Chủ trì", 26),
        Column("Phối hợp", 26),
        Column("Ngày bắt đầu", 13, Kind.DATE),
        Column("Hạn hoàn thành", 13, Kind.DATE),
        Column("Sản phẩm", 36),
        Column("Ghi chú", 24),
    )
    items = {item.code: item for item in report.items}
    rows = (
        (
            [
                report.unit_name(one.unit),
                one.code,
                items[one.code].name if one.code in items else "",
                "Chỉ tiêu" if one.code in items and items[one.code].is_indicator else "Nhiệm vụ",
                one.lead,
                one.coordinating,
                one.start_date,
                one.due_date,
                one.product,
                one.note,
            ],
            False,
        )
        for one in report.assignments
    )
    nothing = "Chưa có phân công nào được chấp nhận."
    book.table("Phân công", columns, "Phân công của từng đơn vị", rows, len(report.assignments), nothing)


def _write_gaps(book: Book[AssignmentReport]) -> None:
    report = book.report
    columns = (
        Column("Đơn vị", 30),
        Column("Mã", 9, Kind.CENTER),
        Column("Chỉ tiêu, nhiệm vụ", 70),
        Column("Còn thiếu", 34),
    )
    names = report.item_names
    rows = (
        (
            [report.unit_name(gap.unit), gap.code, names.get(gap.code, ""), enumeration(gap.missing).capitalize()],
            False,
        )
        for gap in report.gaps
    )
    nothing = "Các đơn vị đã nộp phân công đầy đủ." if report.assignments else "Chưa có phân công nào được chấp nhận."
    book.table("Chưa đầy đủ", columns, "Nội dung chưa phân công đầy đủ", rows, len(report.gaps), nothing)


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
    book.table(name, columns, name, rows, len(rows), "Các đơn vị không đề nghị kinh phí.")


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
    columns = (
        Column("Đơn vị", 28),
        Column("Nội dung chi", 50),
        Column("Mã nhiệm vụ", 11, Kind.CENTER),
        Column("Số tiền (triệu đồng)", 16, Kind.AMOUNT),
        Column("Nguồn vốn", 30),
        Column("Ghi chú", 30),
    )
    rows = ((_item_row(report, one), False) for one in report.budget)
    nothing = "Các đơn vị không đề nghị kinh phí."
    book.table("Chi tiết dự toán", columns, "Chi tiết dự toán của các đơn vị", rows, len(report.budget), nothing)


def _item_row(report: AssignmentReport, one: BudgetItem) -> list[Value]:
    return [report.unit_name(one.unit), one.purpose, one.task, one.amount_mil_vnd, one.source, one.note]
