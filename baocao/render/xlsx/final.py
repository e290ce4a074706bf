"""«so-lieu.xlsx» of the final assessment."""

from openpyxl.utils import get_column_letter

from baocao.domain.planned.indicator import bound
from baocao.domain.reported.assessment import (
    FinalAssessment,
    FinalResult,
    Recommendation,
    UnitAssessment,
    UnitReporting,
    score_of,
)
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import NO_DATA
from baocao.narrative.coverage import scope_note
from baocao.narrative.phrases import bare, clipped
from baocao.render.xlsx.book import HEADER_ROW, Book
from baocao.render.xlsx.live import live_ratio, live_sum
from baocao.render.xlsx.sheets import (
    LIVE,
    write_difficulties,
    write_findings,
    write_guide_page,
    write_restatements,
    write_standings,
)
from baocao.render.xlsx.style import Column, Formula, Kind, Told, Value, counted_columns, percent, target
from baocao.render.xlsx.tasks import task_cells, task_columns

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
    LIVE,
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


def _result(result: FinalResult | None) -> str:
    return result.value if result else NO_DATA


def _write_figures(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        Column("Mã", 8, Kind.CENTER),
        Column("Chỉ tiêu", 54),
        *counted_columns(10),
        Column("Kết quả", 17, Kind.CENTER),
        Column("Số đơn vị báo cáo", 11, Kind.COUNT),
        Column("Số đơn vị đạt", 10, Kind.COUNT),
        Column("Số đơn vị không phát sinh", 13, Kind.COUNT),
        Column("Phạm vi số liệu", 40),
    )
    rows: list[tuple[list[Value], bool]] = [
        (
            [
                one.code,
                one.name,
                target(one),
                *(counts := (one.numerator, one.denominator)),
                live_ratio((f"D{number}", f"E{number}"), counts, one.ratio_pct, bound(one)),
                _result(report.results[one.code]) if one.is_headline else "",
                one.units_reported,
                one.units_reached,
                one.units_not_applicable,
                scope_note(one, report.names_of_units),
            ],
            one.is_headline,
        )
        for number, one in enumerate(report.figures, start=HEADER_ROW + 1)
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
    names = [(report.unit_name(unit), results) for unit, results in by_unit.items()]
    if names:
        names.append((f"Toàn {report.phase}", report.results))
    rows = [
        (_matrix_row(report, name, results, number), number == HEADER_ROW + len(names))
        for number, (name, results) in enumerate(names, start=HEADER_ROW + 1)
    ]
    nothing = "Chưa có đơn vị nào có báo cáo tổng kết được chấp nhận."
    book.table("Bảng kết quả", columns, "Kết quả các chỉ tiêu của từng đơn vị", rows, len(rows), nothing)


def _matrix_row(report: FinalAssessment, name: str, results: dict[str, FinalResult | None], number: int) -> list[Value]:
    found = [results.get(one.code) for one in report.headlines]
    last = get_column_letter(len(found) + 1)
    reached = Formula(f'COUNTIF(B{number}:{last}{number},"Đạt")', found.count(FinalResult.REACHED))
    return [name, *map(_result, found), reached]


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
    indicators = {figure.code: figure for figure in report.headlines}
    rows = (
        (_unit_row(report, one, indicators[one.code].of(one.unit), number), False)
        for number, one in enumerate(report.unit_assessments, start=HEADER_ROW + 1)
    )
    nothing = "Chưa có đơn vị nào có báo cáo tổng kết được chấp nhận."
    title = "Kết quả và tự đánh giá của từng đơn vị"
    book.table("Kết quả từng đơn vị", columns, title, rows, len(report.unit_assessments), nothing)


def _unit_row(report: FinalAssessment, one: UnitAssessment, indicator: FigureResult, number: int) -> list[Value]:
    known = None not in (one.ratio_pct, one.score, one.maximum)
    points = [score_of(one.ratio_pct, indicator.target_pct, one.maximum or 0.0)] if known else []
    share = f'IF(D{number}="","",MIN(1,D{number}*100/{indicator.target_pct:.15g})*I{number})'
    return [
        report.unit_name(one.unit),
        one.code,
        indicator.name,
        percent(one.ratio_pct, bound(indicator)),
        _result(one.result),
        one.claimed.value if one.claimed else "",
        {True: "Khớp", False: "Chưa khớp", None: ""}[one.agrees],
        live_sum(share, points, one.score),
        one.maximum,
        one.cause,
        one.lesson,
        one.proposal.value if one.proposal else "",
        one.adjustment,
    ]


def _write_recommendations(book: Book[FinalAssessment]) -> None:
    results = book.report.results
    columns: tuple[Told[Recommendation], ...] = (
        Told("Mã", 8, lambda one: one.code, Kind.CENTER),
        Told("Chỉ tiêu", 50, lambda one: one.name),
        Told("Kết quả", 17, lambda one: _result(results[one.code]), Kind.CENTER),
        Told("Đề xuất nhân rộng", 16, lambda one: one.proposal.value, Kind.CENTER),
        Told("Căn cứ", 50, lambda one: one.evidence),
        Told("Nội dung điều chỉnh", 60, lambda one: "; ".join(map(bare, one.adjustments))),
    )
    title, recommendations = "Đề xuất mô hình nhân rộng", book.report.recommendations
    book.listing("Đề xuất nhân rộng", title, recommendations, columns, "Không có chỉ tiêu.")


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
                *(_points(report, one, number) if one.maximum else (None, None)),
            ],
            False,
        )
        for number, one in enumerate(report.reporting, start=HEADER_ROW + 1)
    ]
    title = "Chế độ báo cáo, nhiệm vụ và điểm của các đơn vị"
    book.table("Chế độ báo cáo", columns, title, rows, len(rows), "Kế hoạch không có kỳ báo cáo hằng tháng.")


def _points(report: FinalAssessment, one: UnitReporting, number: int) -> tuple[Value, Value]:
    """A unit's points and the most it could have, added up from «Kết quả từng đơn vị» as they are printed there."""
    own = [found for found in report.unit_assessments if found.unit == one.unit]
    last = HEADER_ROW + len(report.unit_assessments)
    names, scores, most = (f"'Kết quả từng đơn vị'!${letter}${HEADER_ROW + 1}:${letter}${last}" for letter in "AHI")
    here = f"SUMPRODUCT(EXACT({names},A{number})*1,"
    return (
        live_sum(f"{here}ROUND({scores},2))", [round(found.score or 0.0, 2) for found in own], one.score),
        live_sum(f"{here}{most})", [found.maximum or 0.0 for found in own], one.maximum),
    )


def _write_tasks(book: Book[FinalAssessment]) -> None:
    report = book.report
    columns = (
        *task_columns(28, 24, 10),
        Column("Sản phẩm", 34),
        Column("Ghi chú", 30),
    )
    names = report.names_of_tasks
    rows = (([*task_cells(report, names, one), one.product, one.note], False) for one in report.tasks)
    nothing = "Chưa có nhiệm vụ nào được báo cáo."
    book.table("Nhiệm vụ", columns, "Kết quả thực hiện nhiệm vụ", rows, len(report.tasks), nothing)
