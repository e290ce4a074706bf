"""The sheets of «so-lieu.xlsx» on the whole pilot, one function a sheet."""

from collections.abc import Sequence

from openpyxl.styles import Alignment
from openpyxl.worksheet.hyperlink import Hyperlink

from baocao.domain.planned.indicator import bound
from baocao.domain.reported.document import Document, ReportedFinding, Restatement
from baocao.domain.reported.progress import Difficulty, ForecastRow, UnitStanding
from baocao.domain.reported.report import Report
from baocao.domain.wording import date_text, moment_text
from baocao.render.tables import SEVERITIES, STATES, TIMELINESS
from baocao.render.xlsx.book import Book
from baocao.render.xlsx.style import (
    BLUE,
    Column,
    Kind,
    Told,
    Value,
    font,
    percent,
    put_text,
    set_page,
    subtitle,
    target,
)
from baocao.render.xlsx.units import is_wide, unit_sheets

LIVE = (
    "Sửa số",
    "Sửa một số thì tổng và tỷ lệ tính từ số đó tự tính lại; cột Kết quả, biểu đồ, dự báo giữ như báo cáo đã lập.",
)
_HOW = (
    ("Tỷ lệ", "Tổng tử số của các đơn vị chia tổng mẫu số; không lấy trung bình cộng các tỷ lệ."),
    ("Số thời điểm", "Số tại ngày chốt số liệu của kỳ."),
    ("Phạm vi số liệu", "Số của đơn vị nào lấy từ kỳ trước hoặc chưa gồm; để trống là đủ mọi đơn vị trong kỳ."),
    ("Số trong kỳ", "Số phát sinh trong tháng; lũy kế là tổng từ tháng đầu tiên của đợt."),
    ("Không phát sinh", "Mẫu số bằng 0: không tính là 0% hay 100%."),
    ("Kết quả", "So tỷ lệ chưa làm tròn với mục tiêu: 99,96% không được coi là 100%."),
    ("Thành phần", "Chỉ tiêu có thành phần khác mẫu số không có tỷ lệ chung; kết quả là thành phần kém nhất."),
    LIVE,
)


def _sheets(report: Report) -> list[tuple[str, str]]:
    sheets = [
        (
            "Tổng hợp",
            "Từng chỉ tiêu và thành phần của toàn đợt: tử số, mẫu số, tỷ lệ, so với tháng trước, lũy kế, kết quả.",
        ),
        ("Biểu đồ", "Kết quả so với mục tiêu, diễn biến qua các tháng, tình hình nộp báo cáo."),
        *unit_sheets(report),
        (
            "Dự báo",
            f"Mỗi tỷ lệ (của số trong kỳ: lũy kế) sẽ đến đâu khi kết thúc {report.phase} nếu giữ đà hiện nay.",
        ),
        ("Khó khăn, kiến nghị", "Nội dung do đơn vị nêu; nội dung vượt thẩm quyền được đánh dấu và xếp trước."),
        ("Kết quả kiểm tra", "Lỗi của báo cáo bị trả lại và cảnh báo trên báo cáo đã chấp nhận."),
        ("Tình hình nộp", "Đơn vị nào đã nộp, lúc nào, lần thứ mấy, kết quả ra sao."),
    ]
    if report.is_restatement:
        sheets.append(("Đính chính", "Số liệu nào đã thay đổi so với bản đã phát hành, và vì sao."))
    return sheets


def write_guide(book: Book[Report]) -> None:
    """«Đọc thế nào»: what the workbook is, its sheets (with links), how the figures are made."""
    write_guide_page(book, f"Số liệu kết quả {book.report.short_title}", _sheets(book.report), _HOW)


def write_guide_page(
    book: Book[Document], title: str, sheets: Sequence[tuple[str, str]], how: Sequence[tuple[str, str]]
) -> None:
    """«Đọc thế nào» from the names of the sheets and of the terms, each with a sentence."""
    report, sheet = book.report, book.sheet("Đọc thế nào")
    set_page(sheet, is_landscape=False)
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 78
    put_text(sheet["A1"], title).font = font(16, bold=True, color=BLUE)
    approved = f". {report.approval_line}" if report.approval_line else ""
    note = f"{subtitle(report)} – cập nhật {moment_text(report.made_at)}{approved}"
    put_text(sheet["A2"], note).font = font(12, italic=True)
    put_text(sheet["A3"], report.plan_title).font = font(12)
    number = 5
    for heading, lines in (("Các trang", sheets), ("Cách tính", how)):
        put_text(sheet.cell(number, 1), heading).font = font(13, bold=True, color=BLUE)
        for name, text in lines:
            number += 1
            left, right = put_text(sheet.cell(number, 1), name), put_text(sheet.cell(number, 2), text)
            left.font, right.font = font(12, bold=True), font(12)
            left.alignment = right.alignment = Alignment(vertical="top", wrap_text=True)
            sheet.row_dimensions[number].height = 32 if len(text) > 92 else 17
            if lines is sheets:
                left.hyperlink = Hyperlink(ref=left.coordinate, location=f"'{name}'!A1")
                left.font = font(12, bold=True, underline="single", color=BLUE)
        number += 2
    sheet.print_area = f"A1:B{number}"


def write_forecasts(book: Book[Report]) -> None:
    """«Dự báo»: where each ratio leads at the present pace, for the pilot and (unless they are many) the units."""
    report = book.report
    columns = (
        Column("Phạm vi", 28),
        Column("Mã", 7, Kind.CENTER),
        Column("Chỉ tiêu", 44),
        Column("Mục tiêu", 9, Kind.PROGRESS),
        Column(f"Dự báo đến {date_text(report.pilot.end)}", 13, Kind.PERCENT),
        Column("Thấp nhất", 11, Kind.PERCENT),
        Column("Cao nhất", 11, Kind.PERCENT),
        Column("Nhận định", 20, Kind.CENTER),
    )
    names = {figure.code: figure.name for figure in report.figures}
    shown = [row for row in report.forecasts if row.unit is None or not is_wide(report)]
    rows = ((_forecast_row(report, names, row), row.unit is None) for row in shown)
    title = f"Dự báo nếu giữ đà hiện nay, tính đến {report.period.label} (để tham khảo)"
    book.table("Dự báo", columns, title, rows, len(shown), "Chưa đủ 3 kỳ có số liệu để dự báo.")


def _forecast_row(report: Report, names: dict[str, str], row: ForecastRow) -> list[Value]:
    return [
        report.unit_name(row.unit) if row.unit else "Toàn đợt",
        row.code,
        names.get(row.code, ""),
        target(row),
        percent(row.expected_pct, bound(row)),
        percent(row.lowest_pct, bound(row)),
        percent(row.highest_pct, bound(row)),
        row.outlook.value,
    ]


def write_difficulties(book: Book[Document]) -> None:
    """«Khó khăn, kiến nghị»: those beyond the units' authority first."""
    report = book.report
    columns: tuple[Told[Difficulty], ...] = (
        Told("Đơn vị", 26, lambda one: report.unit_name(one.unit)),
        Told("Khó khăn, vướng mắc", 44, lambda one: one.difficulty),
        Told("Nguyên nhân", 34, lambda one: one.cause),
        Told("Kiến nghị", 44, lambda one: one.proposal),
        Told("Cơ quan giải quyết", 24, lambda one: one.settled_by),
        Told("Vượt thẩm quyền", 11, lambda one: "x" if one.is_beyond_authority else "", Kind.CENTER),
        Told("Nêu từ kỳ", 10, lambda one: one.since.short if one.since else "", Kind.CENTER),
        Told("Số kiến nghị", 17, lambda one: one.number, Kind.CENTER),
        Told("Lấy theo báo cáo", 10, lambda one: one.carried.short if one.carried else "", Kind.CENTER),
    )
    ordered = sorted(report.difficulties, key=lambda difficulty: not difficulty.is_beyond_authority)
    title = f"Khó khăn, vướng mắc và kiến nghị {report.period.label}"
    book.listing("Khó khăn, kiến nghị", title, ordered, columns, "Không có khó khăn, kiến nghị.")


def write_findings(book: Book[Document]) -> None:
    """«Kết quả kiểm tra»: faults of returned submissions first."""
    report = book.report
    columns: tuple[Told[ReportedFinding], ...] = (
        Told("Đơn vị", 28, lambda one: report.unit_name(one.unit)),
        Told("Mức độ", 11, lambda one: SEVERITIES.get(one.severity, one.severity), Kind.CENTER),
        Told("Vị trí", 24, lambda one: one.place),
        Told("Nội dung", 90, lambda one: one.message),
    )
    ordered = sorted(report.findings, key=lambda finding: finding.severity != "critical")
    title = f"Kết quả kiểm tra báo cáo của các đơn vị {report.period.label}"
    book.listing("Kết quả kiểm tra", title, ordered, columns, "Không có lỗi, không có cảnh báo.")


def write_standings(book: Book[Document]) -> None:
    """«Tình hình nộp»: the board of units."""
    report = book.report
    columns: tuple[Told[UnitStanding], ...] = (
        Told("Đơn vị", 34, lambda one: one.name),
        Told("Trạng thái", 16, lambda one: STATES[one.state], Kind.CENTER),
        Told("Thời hạn", 12, lambda one: TIMELINESS[one.timeliness], Kind.CENTER),
        Told("Thời điểm nhận", 18, lambda one: one.received_at, Kind.MOMENT),
        Told("Lần nộp", 9, lambda one: one.version, Kind.COUNT),
        Told("Số lỗi", 9, lambda one: one.critical, Kind.COUNT),
        Told("Số cảnh báo", 10, lambda one: one.warnings, Kind.COUNT),
    )
    title = f"Tình hình nộp báo cáo {report.period.label}"
    book.listing("Tình hình nộp", title, report.standings, columns, "Không có đơn vị.")


def write_restatements(book: Book[Document]) -> None:
    """«Đính chính»: what changed since the published version."""
    report = book.report
    columns: tuple[Told[Restatement], ...] = (
        Told("Mã", 8, lambda one: one.code, Kind.CENTER),
        Told("Số liệu", 50, lambda one: one.name),
        Told("Đã công bố", 16, lambda one: one.published, Kind.CENTER),
        Told("Nay là", 16, lambda one: one.corrected, Kind.CENTER),
        Told("Lý do", 40, lambda one: one.reason),
    )
    title = f"Số liệu thay đổi so với báo cáo {report.period.label} đã phát hành"
    book.listing("Đính chính", title, report.restatements, columns, "Các tỷ lệ của toàn đợt không thay đổi.")
