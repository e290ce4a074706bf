"""The sheets of «so-lieu.xlsx», one function a sheet."""

from typing import TYPE_CHECKING

from baocao.domain.indicator import IndicatorKind
from baocao.domain.outcome import is_separate, outcome, unit_outcome
from baocao.domain.progress import FigureResult
from baocao.domain.report import Report
from baocao.domain.wording import moment_text
from baocao.render.tables import SEVERITIES, STATES, TIMELINESS
from baocao.render.xlsx.writer import BLUE, Column, Kind, Percent, SheetWriter, set_page, subtitle, text_cell

if TYPE_CHECKING:
    from openpyxl import Workbook

KINDS = {IndicatorKind.STOCK: "Số thời điểm", IndicatorKind.FLOW: "Số trong kỳ"}
GUIDE = "Đọc thế nào"
TOTALS = "Tổng hợp"
_GUIDE_LINES = (
    ("Các trang", ""),
    (TOTALS, "Từng chỉ tiêu và thành phần của toàn đợt: tử số, mẫu số, tỷ lệ, so với tháng trước, lũy kế, kết quả."),
    ("Biểu đồ", "Kết quả so với mục tiêu, diễn biến qua các tháng, tình hình nộp báo cáo."),
    ("Theo đơn vị", "Số liệu của từng đơn vị có báo cáo được chấp nhận, kèm minh chứng và ghi chú của đơn vị."),
    ("Nhiệm vụ", "Từng nhiệm vụ tại từng đơn vị: trạng thái, tiến độ, hạn hoàn thành, sản phẩm."),
    ("Khó khăn, kiến nghị", "Nội dung do đơn vị nêu; nội dung vượt thẩm quyền được đánh dấu."),
    ("Kết quả kiểm tra", "Lỗi của báo cáo bị trả lại và cảnh báo trên báo cáo đã chấp nhận."),
    ("Tình hình nộp", "Đơn vị nào đã nộp, lúc nào, lần thứ mấy, kết quả ra sao."),
    ("Cách tính", ""),
    ("Tỷ lệ", "Tổng tử số của các đơn vị chia tổng mẫu số; không lấy trung bình cộng các tỷ lệ."),
    ("Số thời điểm", "Số tại ngày chốt số liệu của kỳ."),
    ("Số trong kỳ", "Số phát sinh trong tháng; lũy kế là tổng từ tháng đầu tiên của đợt."),
    ("Không phát sinh", "Mẫu số bằng 0: không tính là 0% hay 100%."),
    ("Kết quả", "So tỷ lệ chưa làm tròn với mục tiêu: 99,96% không được coi là 100%."),
    ("Thành phần", "Chỉ tiêu có thành phần khác mẫu số không có tỷ lệ chung; kết quả là thành phần kém nhất."),
)


def write_guide(workbook: "Workbook", report: Report) -> None:
    """«Đọc thế nào»: what the workbook is, its sheets, how the figures are made."""
    from openpyxl.styles import Alignment, Font

    sheet = workbook.create_sheet(GUIDE)
    set_page(sheet, is_landscape=False)
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 78
    top, wrapped = Alignment(vertical="top", wrap_text=True), Alignment(vertical="top", wrap_text=True)
    bold = Font(name="Times New Roman", size=12, bold=True)
    plain = Font(name="Times New Roman", size=12)
    heading = Font(name="Times New Roman", size=13, bold=True, color=BLUE)
    title = f"Số liệu kết quả {report.short_title}"
    sheet.append([text_cell(sheet, title, font=Font(name="Times New Roman", size=16, bold=True, color=BLUE))])
    note = f"{subtitle(report)} – cập nhật {moment_text(report.made_at)}"
    sheet.append([text_cell(sheet, note, font=Font(name="Times New Roman", size=12, italic=True))])
    sheet.append([text_cell(sheet, report.plan_title, font=plain)])
    lines = [*_GUIDE_LINES]
    if report.is_restatement:
        lines.insert(8, ("Đính chính", "Số liệu nào đã thay đổi so với bản đã phát hành, và vì sao."))
    for name, text in lines:
        if text:
            cells = [text_cell(sheet, name, font=bold, alignment=top)]
            sheet.append([*cells, text_cell(sheet, text, font=plain, alignment=wrapped)])
        else:
            sheet.append([])
            sheet.append([text_cell(sheet, name, font=heading)])
    sheet.print_area = f"A1:B{len(lines) + 5}"


def _percent(ratio_pct: float | None, target_pct: float) -> Percent | None:
    return None if ratio_pct is None else Percent(ratio_pct, target_pct)


def write_totals(workbook: "Workbook", report: Report) -> None:
    """«Tổng hợp»: every indicator and component of the whole pilot; headlines in bold."""
    columns = (
        Column("Mã", 7, Kind.CENTER),
        Column("Chỉ tiêu", 44),
        Column("Nhóm", 7, Kind.CENTER),
        Column("Loại số liệu", 13, Kind.CENTER),
        Column("Mục tiêu", 9, Kind.PROGRESS),
        Column("Tử số", 10, Kind.COUNT),
        Column("Mẫu số", 10, Kind.COUNT),
        Column("Tỷ lệ", 9, Kind.PERCENT),
        Column("Tháng trước", 9, Kind.PERCENT),
        Column("Thay đổi (điểm %)", 10, Kind.POINTS),
        Column("Lũy kế: tử số", 10, Kind.COUNT),
        Column("Lũy kế: mẫu số", 10, Kind.COUNT),
        Column("Lũy kế: tỷ lệ", 9, Kind.PERCENT),
        Column("Kết quả", 16, Kind.CENTER),
        Column("Số đơn vị báo cáo", 10, Kind.COUNT),
        Column("Số đơn vị đạt", 9, Kind.COUNT),
        Column("Số đơn vị không phát sinh", 12, Kind.COUNT),
    )
    writer = SheetWriter(workbook, report, TOTALS, columns, f"Kết quả các chỉ tiêu {report.period.label}")
    for figure in report.figures:
        writer.append(_total_row(report, figure), is_bold=figure.is_headline)
    _add_bars(writer, "Tỷ lệ")
    writer.finish()


def _total_row(report: Report, figure: FigureResult) -> list[str | float | Percent | None]:
    target = figure.target_pct
    is_flow = figure.kind is IndicatorKind.FLOW
    has_units = not is_separate(figure)
    return [
        figure.code,
        figure.name,
        report.indicator_group_of.get(figure.indicator, ""),
        KINDS[figure.kind],
        target / 100,
        figure.numerator,
        figure.denominator,
        _percent(figure.ratio_pct, target),
        _percent(figure.previous_ratio_pct, target),
        figure.change_points,
        figure.cumulative_numerator if is_flow else None,
        figure.cumulative_denominator if is_flow else None,
        _percent(figure.cumulative_ratio_pct, target) if is_flow else None,
        outcome(report, figure).value + (" (ước)" if figure.is_estimated else ""),
        figure.units_reported,
        figure.units_reached if has_units else None,
        figure.units_not_applicable if has_units else None,
    ]


def _add_bars(writer: SheetWriter, header: str) -> None:
    from openpyxl.formatting.rule import DataBarRule

    bar = DataBarRule("num", 0, "num", 1, color="8CC3E3")  # type: ignore[no-untyped-call]
    writer.sheet.conditional_formatting.add(writer.cells_of(header), bar)


def write_units(workbook: "Workbook", report: Report) -> None:
    """«Theo đơn vị»: every figure of every unit, in the order of the plan; all rows, however many units."""
    columns = (
        Column("Đơn vị", 28),
        Column("Mã", 7, Kind.CENTER),
        Column("Chỉ tiêu", 40),
        Column("Mục tiêu", 9, Kind.PROGRESS),
        Column("Tử số", 10, Kind.COUNT),
        Column("Mẫu số", 10, Kind.COUNT),
        Column("Tỷ lệ", 9, Kind.PERCENT),
        Column("Tháng trước", 9, Kind.PERCENT),
        Column("Kết quả", 16, Kind.CENTER),
        Column("Minh chứng", 26),
        Column("Ghi chú", 36),
    )
    writer = SheetWriter(workbook, report, "Theo đơn vị", columns, f"Số liệu từng đơn vị {report.period.label}")
    named = {figure.code: figure for figure in report.figures}
    for figure in report.unit_figures:
        total = named.get(figure.code)
        if total is None or is_separate(total):
            continue
        writer.append(
            [
                report.unit_name(figure.unit),
                figure.code,
                total.name,
                total.target_pct / 100,
                figure.numerator,
                figure.denominator,
                _percent(figure.ratio_pct, total.target_pct),
                _percent(figure.previous_ratio_pct, total.target_pct),
                unit_outcome(figure).value,
                figure.evidence,
                figure.note,
            ],
            is_bold=total.is_headline,
        )
    _add_bars(writer, "Tỷ lệ")
    writer.finish("Chưa có đơn vị nào có báo cáo được chấp nhận.")


def write_tasks(workbook: "Workbook", report: Report) -> None:
    """«Nhiệm vụ»: every task of every unit."""
    columns = (
        Column("Mã", 9, Kind.CENTER),
        Column("Nhiệm vụ", 56),
        Column("Đơn vị", 26),
        Column("Chủ trì", 20),
        Column("Phối hợp", 24),
        Column("Hạn hoàn thành", 13, Kind.DATE),
        Column("Trạng thái", 16, Kind.CENTER),
        Column("Tiến độ", 9, Kind.PROGRESS),
        Column("Ngày hoàn thành", 13, Kind.DATE),
        Column("Quá hạn", 9, Kind.CENTER),
        Column("Sản phẩm", 28),
        Column("Ghi chú", 24),
    )
    writer = SheetWriter(workbook, report, "Nhiệm vụ", columns, f"Tiến độ nhiệm vụ {report.period.label}")
    names = {task.code: task.name for task in report.task_names}
    for task in report.tasks:
        writer.append(
            [
                task.code,
                names.get(task.code, ""),
                report.unit_name(task.unit),
                task.lead,
                task.coordinating,
                task.due_date,
                task.status.value if task.status else "",
                None if task.progress_pct is None else task.progress_pct / 100,
                task.done_date,
                "Quá hạn" if task.is_overdue else "",
                task.product,
                task.note,
            ]
        )
    _add_bars(writer, "Tiến độ")
    writer.finish("Chưa có đơn vị nào báo cáo nhiệm vụ.")


def write_difficulties(workbook: "Workbook", report: Report) -> None:
    """«Khó khăn, kiến nghị»: those beyond the units' authority first."""
    columns = (
        Column("Đơn vị", 26),
        Column("Khó khăn, vướng mắc", 44),
        Column("Nguyên nhân", 34),
        Column("Kiến nghị", 44),
        Column("Cơ quan giải quyết", 24),
        Column("Vượt thẩm quyền", 11, Kind.CENTER),
        Column("Nêu từ kỳ", 10, Kind.CENTER),
    )
    title = f"Khó khăn, vướng mắc và kiến nghị {report.period.label}"
    writer = SheetWriter(workbook, report, "Khó khăn, kiến nghị", columns, title)
    for item in sorted(report.difficulties, key=lambda difficulty: not difficulty.is_beyond_authority):
        writer.append(
            [
                report.unit_name(item.unit),
                item.difficulty,
                item.cause,
                item.proposal,
                item.settled_by,
                "x" if item.is_beyond_authority else "",
                item.since.short if item.since else "",
            ]
        )
    writer.finish("Không có khó khăn, kiến nghị.")


def write_findings(workbook: "Workbook", report: Report) -> None:
    """«Kết quả kiểm tra»: faults of returned submissions first."""
    columns = (
        Column("Đơn vị", 28),
        Column("Mức độ", 11, Kind.CENTER),
        Column("Vị trí", 24),
        Column("Nội dung", 90),
    )
    title = f"Kết quả kiểm tra báo cáo của các đơn vị {report.period.label}"
    writer = SheetWriter(workbook, report, "Kết quả kiểm tra", columns, title)
    for item in sorted(report.findings, key=lambda finding: finding.severity != "critical"):
        severity = SEVERITIES.get(item.severity, item.severity)
        writer.append([report.unit_name(item.unit), severity, item.place, item.message])
    writer.finish("Không có lỗi, không có cảnh báo.")


def write_standings(workbook: "Workbook", report: Report) -> None:
    """«Tình hình nộp»: the board of units."""
    columns = (
        Column("Đơn vị", 34),
        Column("Trạng thái", 16, Kind.CENTER),
        Column("Thời hạn", 12, Kind.CENTER),
        Column("Thời điểm nhận", 18, Kind.MOMENT),
        Column("Lần nộp", 9, Kind.COUNT),
        Column("Số lỗi", 9, Kind.COUNT),
        Column("Số cảnh báo", 10, Kind.COUNT),
    )
    writer = SheetWriter(workbook, report, "Tình hình nộp", columns, f"Tình hình nộp báo cáo {report.period.label}")
    for standing in report.standings:
        writer.append(
            [
                standing.name,
                STATES[standing.state],
                TIMELINESS[standing.timeliness],
                standing.received_at,
                standing.version,
                standing.critical,
                standing.warnings,
            ]
        )
    writer.finish()


def write_restatements(workbook: "Workbook", report: Report) -> None:
    """«Đính chính»: what changed since the published version."""
    columns = (
        Column("Mã", 8, Kind.CENTER),
        Column("Số liệu", 50),
        Column("Đã công bố", 16, Kind.CENTER),
        Column("Nay là", 16, Kind.CENTER),
        Column("Lý do", 40),
    )
    title = f"Số liệu thay đổi so với báo cáo {report.period.label} đã phát hành"
    writer = SheetWriter(workbook, report, "Đính chính", columns, title)
    for item in report.restatements:
        writer.append([item.code, item.name, item.published, item.corrected, item.reason])
    writer.finish("Các tỷ lệ của toàn đợt không thay đổi.")
