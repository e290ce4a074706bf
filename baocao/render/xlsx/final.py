"""«so-lieu.xlsx» of the final assessment."""

from baocao.domain.reported.assessment import FinalAssessment, FinalResult, UnitAssessment
from baocao.domain.wording import NO_DATA
from baocao.narrative.coverage import scope_note, unit_names_of
from baocao.narrative.phrases import bare, clipped
from baocao.render.xlsx.book import Book
from baocao.render.xlsx.sheets import (
    write_difficulties,
    write_findings,
    write_guide_page,
    write_restatements,
    write_standings,
)
from baocao.render.xlsx.style import Column, Kind, Value, percent, target

_SHEETS = (
    ("Kết quả chung", "Từng chỉ tiêu và thành phần của toàn đợt: tử số, mẫu số, tỷ lệ, kết quả."),
    ("Bảng kết quả", "Mỗi hàng một đơn vị, mỗi cột một chỉ tiêu: Đạt, Chưa đạt, Không phát sinh."),
    ("Kết quả từng đơn vị", "Kết quả theo số liệu, tự đánh giá, nguyên nhân, bài học, đề xuất của đơn vị."),
    ("Đề xuất nhân rộng", "Giữ nguyên, điều chỉnh hay bỏ từng chỉ tiêu, với căn cứ."),
    ("Chế độ báo cáo", "Số kỳ đúng hạn, quá hạn, không có báo cáo; nhiệm vụ; điểm của từng đơn vị."),
    ("Nhiệm vụ", "Từng nhiệm vụ tại từng đơn vị."),
    ("Khó khăn, kiến nghị", "Nội dung do đơn vị nêu; nội dung vượt thẩm quyền được đánh dấu và xếp trước."),
    ("Kết quả kiểm tra", "Lỗi của báo cáo bị trả lại và cảnh báo trên báo cáo đã chấp nhận."),
    ("Tình hình nộp", "Đơn vị nào đã nộp báo cáo tổng kết, lúc nào, kết quả ra sao."),
)
_HOW = (
    (
        "Tỷ lệ",
        "Tổng tử số của các đơn vị chia tổng mẫu số; số thời điểm lấy cuối đợt, số trong kỳ lấy cả đợt.",
    ),
    ("Kết quả", "So tỷ lệ chưa làm tròn với mục tiêu; mẫu số bằng 0 là không phát sinh."),
    ("Thành phần", "Chỉ tiêu có thành phần khác mẫu số lấy kết quả của thành phần kém nhất."),
    ("Điểm", "Chỉ để tham khảo: tỷ lệ chia mục tiêu, nhiều nhất bằng 1, nhân với điểm tối đa."),
    ("Điểm tối đa", "Chỉ tiêu không phát sinh không tính vào điểm tối đa."),
)


def final_book(report: FinalAssessment) -> Book[FinalAssessment]:
    """Results of the whole and of each unit, the proposed model, reporting and score, tasks, difficulties."""
    book = Book(report, f"Số liệu tổng kết {report.short_title}")
    restated = (("Đính chính", "Số liệu nào đã thay đổi so với bản đã phát hành."),) if report.is_restatement else ()
    write_guide_page(book, f"Số liệu tổng kết {report.short_title}", (*_SHEETS, *restated), _HOW)
    _write_figures(book)
    _write_matrix(book)
    _write_units(book)
    _write_recommendations(book)
    _write_reporting(book)
    _write_tasks(book)
    write_difficulties(book)
    write_findings(book)
    write_standings(book)
    if report.is_restatement:
        write_restatements(book)
    return book


def _write_figures(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Mã", 8, Kind.CENTER),
        Column("Chỉ tiêu", 54),
        Column("Mục tiêu", 10, Kind.PROGRESS),
        Column("Tử số", 11, Kind.COUNT),
        Column("Mẫu số", 11, Kind.COUNT),
        Column("Tỷ lệ", 10, Kind.PERCENT),
        Column("Kết quả", 17, Kind.CENTER),
        Column("Số đơn vị báo cáo", 11, Kind.COUNT),
        Column("Số đơn vị đạt", 10, Kind.COUNT),
        Column("Số đơn vị không phát sinh", 13, Kind.COUNT),
        Column("Phạm vi số liệu", 40),
    )
    results = {code: result.value if result else NO_DATA for code, result in report.results.items()}
    rows: list[tuple[list[Value], bool]] = [
        (
            [
                one.code,
                one.name,
                target(one.target_pct),
                one.numerator,
                one.denominator,
                percent(one.ratio_pct, one.target_pct),
                results[one.code] if one.is_headline else "",
                one.units_reported,
                one.units_reached,
                one.units_not_applicable,
                scope_note(one, unit_names_of(report)),
            ],
            one.is_headline,
        )
        for one in report.figures
    ]
    book.table("Kết quả chung", columns, f"Kết quả của toàn {report.phase}", rows, len(rows), "Không có chỉ tiêu.")


def _write_matrix(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Đơn vị", 32),
        *(Column(f"{one.code} {clipped(one.name, 42)}", 17, Kind.OUTCOME) for one in report.headlines),
        Column("Số chỉ tiêu đạt", 10, Kind.COUNT),
    )
    by_unit: dict[str, dict[str, FinalResult | None]] = {}
    for one in report.unit_assessments:
        by_unit.setdefault(one.unit, {})[one.code] = one.result
    rows = [(_matrix_row(report, report.unit_name(unit), results), False) for unit, results in by_unit.items()]
    if rows:
        rows.append((_matrix_row(report, f"Toàn {report.phase}", report.results), True))
    nothing = "Chưa có đơn vị nào có báo cáo tổng kết được chấp nhận."
    book.table("Bảng kết quả", columns, "Kết quả các chỉ tiêu của từng đơn vị", rows, len(rows), nothing)


def _matrix_row(report: FinalAssessment, name: str, results: dict[str, FinalResult | None]) -> list[Value]:
    found = [results.get(one.code) for one in report.headlines]
    return [name, *(result.value if result else NO_DATA for result in found), found.count(FinalResult.REACHED)]


def _write_units(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Đơn vị", 28),
        Column("Mã", 8, Kind.CENTER),
        Column("Chỉ tiêu", 44),
        Column("Tỷ lệ", 10, Kind.PERCENT),
        Column("Kết quả", 16, Kind.CENTER),
        Column("Tự đánh giá", 16, Kind.CENTER),
        Column("Khớp số liệu", 11, Kind.CENTER),
        Column(f"Điểm ({report.score_label})", 12, Kind.AMOUNT),
        Column("Điểm tối đa", 9, Kind.AMOUNT),
        Column("Nguyên nhân", 40),
        Column("Bài học kinh nghiệm", 40),
        Column("Đề xuất nhân rộng", 14, Kind.CENTER),
        Column("Nội dung điều chỉnh", 40),
    )
    rows = ((_unit_row(report, one), False) for one in report.unit_assessments)
    nothing = "Chưa có đơn vị nào có báo cáo tổng kết được chấp nhận."
    title = "Kết quả và tự đánh giá của từng đơn vị"
    book.table("Kết quả từng đơn vị", columns, title, rows, len(report.unit_assessments), nothing)


def _unit_row(report: FinalAssessment, one: UnitAssessment) -> list[Value]:
    indicator = next(figure for figure in report.headlines if figure.code == one.code)
    return [
        report.unit_name(one.unit),
        one.code,
        indicator.name,
        percent(one.ratio_pct, indicator.target_pct),
        one.result.value if one.result else NO_DATA,
        one.claimed.value if one.claimed else "",
        {True: "Khớp", False: "Chưa khớp", None: ""}[one.agrees],
        one.score,
        one.maximum,
        one.cause,
        one.lesson,
        one.proposal.value if one.proposal else "",
        one.adjustment,
    ]


def _write_recommendations(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Mã", 8, Kind.CENTER),
        Column("Chỉ tiêu", 50),
        Column("Kết quả", 17, Kind.CENTER),
        Column("Đề xuất nhân rộng", 16, Kind.CENTER),
        Column("Căn cứ", 50),
        Column("Nội dung điều chỉnh", 60),
    )
    rows: list[tuple[list[Value], bool]] = [
        (
            [
                one.code,
                one.name,
                result.value if (result := report.results[one.code]) else NO_DATA,
                one.proposal.value,
                one.evidence,
                "; ".join(map(bare, one.adjustments)),
            ],
            False,
        )
        for one in report.recommendations
    ]
    book.table("Đề xuất nhân rộng", columns, "Đề xuất mô hình nhân rộng", rows, len(rows), "Không có chỉ tiêu.")


def _write_reporting(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Đơn vị", 34),
        Column("Kỳ đúng hạn", 12, Kind.COUNT),
        Column("Kỳ quá hạn", 12, Kind.COUNT),
        Column("Kỳ không có báo cáo", 14, Kind.COUNT),
        Column("Đầu việc hoàn thành", 13, Kind.COUNT),
        Column("Đầu việc", 11, Kind.COUNT),
        Column(f"Điểm ({report.score_label})", 13, Kind.AMOUNT),
        Column("Điểm tối đa", 11, Kind.AMOUNT),
    )
    rows: list[tuple[list[Value], bool]] = [
        (
            [
                report.unit_name(one.unit),
                one.on_time,
                one.late,
                one.missing,
                one.tasks_done,
                one.tasks,
                one.score if one.maximum else None,
                one.maximum or None,
            ],
            False,
        )
        for one in report.reporting
    ]
    title = "Chế độ báo cáo, nhiệm vụ và điểm của các đơn vị"
    book.table("Chế độ báo cáo", columns, title, rows, len(rows), "Kế hoạch không có kỳ báo cáo hằng tháng.")


def _write_tasks(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Mã", 9, Kind.CENTER),
        Column("Nhiệm vụ", 56),
        Column("Đơn vị", 28),
        Column("Chủ trì", 24),
        Column("Phối hợp", 24),
        Column("Hạn hoàn thành", 13, Kind.DATE),
        Column("Trạng thái", 16, Kind.CENTER),
        Column("Tiến độ", 10, Kind.PROGRESS),
        Column("Ngày hoàn thành", 13, Kind.DATE),
        Column("Sản phẩm", 34),
        Column("Ghi chú", 30),
    )
    names = {task.code: task.name for task in report.task_names}
    rows: list[tuple[list[Value], bool]] = [
        (
            [
                one.code,
                names.get(one.code, ""),
                report.unit_name(one.unit),
                one.lead,
                one.coordinating,
                one.due_date,
                one.status.value if one.status else "",
                None if one.progress_pct is None else one.progress_pct / 100,
                one.done_date,
                one.product,
                one.note,
            ],
            False,
        )
        for one in report.tasks
    ]
    book.table("Nhiệm vụ", columns, "Kết quả thực hiện nhiệm vụ", rows, len(rows), "Chưa có nhiệm vụ nào được báo cáo.")
