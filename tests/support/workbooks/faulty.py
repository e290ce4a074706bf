"""Faulty workbooks (số liệu mô phỏng) for the tests of marking, judged, and looking at marked copies."""

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from unicodedata import normalize

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment

from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked
from baocao.domain.reported.history import History
from baocao.workbook.reading.reader import read_workbook
from expectations import check_batch
from support.workbooks.samples import cell_of, filled_workbook, plan

INFO, FIGURES, TASKS = "Thông tin", "Chỉ tiêu", "Nhiệm vụ"
RESULT = "Kết quả kiểm tra"
RED, YELLOW = "FF8585", "FFF06A"
Place = tuple[str, str]


def errors_as_values(book: Workbook) -> None:
    """Errors of formulas, as a program that calculates stores them."""
    cell_of(book, FIGURES, "A1", "Tỷ lệ (%)").value = "#DIV/0!"
    cell_of(book, FIGURES, "A2", "Minh chứng").value = "#N/A"


def plant(book: Workbook) -> None:
    """Faults of many kinds: unread, judged, a warning, text like a formula, a comment that stands."""
    cell_of(book, FIGURES, "A1", "Tử số").value = "1,234"
    for header, value in (("Tử số", 101), ("Mẫu số", 100), ("Tỷ lệ (%)", 55), ("Minh chứng", None)):
        cell_of(book, FIGURES, "B1", header).value = value
    for header, value in (("Tử số", 9), ("Mẫu số", 9), ("Tỷ lệ (%)", None), ("Minh chứng", None)):
        cell_of(book, FIGURES, "B9", header).value = value
    for header, value in (("Tử số", -1), ("Ghi chú", None)):
        cell_of(book, FIGURES, "B2", header).value = value
    cell_of(book, FIGURES, "B2", "Tử số").comment = Comment("Xin xem lại số này", "Chuyên viên")
    for header, value in (("Tử số", 1), ("Mẫu số", 100), ("Tỷ lệ (%)", None), ("Ghi chú", None)):
        cell_of(book, FIGURES, "B6", header).value = value
    cell_of(book, FIGURES, "A4", "Tử số").value = 1
    cell_of(book, TASKS, "III.1.2", "Trạng thái").value = "Xong rồi"
    as_text(cell_of(book, TASKS, "III.1.3", "Tiến độ (%)"), '=HYPERLINK("http://x.example")')
    as_text(cell_of(book, TASKS, "III.1.3", "Ghi chú"), "=1+1")
    cell_of(book, INFO, "", "Ngày chốt số liệu").value = "hôm qua"


def as_text(cell: Cell, text: str) -> None:
    cell.value = text
    cell.data_type = "s"


def mend(book: Workbook) -> None:
    """What a clerk does with the marked copy."""
    for code, header, value in (
        ("A1", "Tử số", 0), ("A1", "Ghi chú", "Nêu rõ"), ("A1", "Tỷ lệ (%)", None),
        ("B1", "Tử số", 100), ("B1", "Tỷ lệ (%)", None),
        ("B2", "Tử số", 0), ("B2", "Ghi chú", "Nêu rõ"), ("B2", "Tỷ lệ (%)", None),
        ("B6", "Ghi chú", "Nêu rõ"), ("A4", "Tử số", None),
    ):  # fmt: skip
        cell_of(book, FIGURES, code, header).value = value
    cell_of(book, TASKS, "III.1.2", "Trạng thái").value = "Đang triển khai"
    cell_of(book, TASKS, "III.1.3", "Tiến độ (%)").value = 50
    cell_of(book, INFO, "", "Ngày chốt số liệu").value = "18/10/2022"


def judged(path: Path) -> Checked:
    """The file read and checked, as a collection does it."""
    (checked,) = check_batch(plan(), [read_workbook(path, plan())], History())
    return checked


def faulty(folder: Path, edit: Callable[[Workbook], object] = plant) -> Path:
    return filled_workbook(folder, edit=edit)


def opened(data: bytes | Path) -> Workbook:
    return load_workbook(BytesIO(data) if isinstance(data, bytes) else data)


def cells(book: Workbook) -> Iterator[tuple[str, Cell]]:
    """Every cell but those of the list."""
    for sheet in book.worksheets:
        if sheet.title != RESULT:
            for row in sheet.iter_rows():
                yield from ((normalize("NFC", sheet.title), cell) for cell in row if isinstance(cell, Cell))


def filled(book: Workbook, colour: str) -> set[Place]:
    return {
        (sheet, cell.coordinate)
        for sheet, cell in cells(book)
        if cell.fill.fill_type == "solid" and str(cell.fill.fgColor.rgb).endswith(colour)
    }


def commented(book: Workbook) -> dict[Place, str]:
    return {(sheet, cell.coordinate): cell.comment.text for sheet, cell in cells(book) if cell.comment}


def places(checked: Checked, severity: Severity | None = None) -> set[Place]:
    """Where findings are; of one weight, where it is the worst at its cell."""
    worst: dict[Place, Severity] = {}
    for finding in checked.findings:
        for place in finding.places:
            worst[place] = min(worst.get(place, finding.severity), finding.severity, key=list(Severity).index)
    return {place for place, its in worst.items() if severity in (None, its)}
