"""Báo cáo tổng kết: its annexes and key figures."""

from functools import partial

from baocao.domain.reported.assessment import FinalAssessment, FinalResult, UnitAssessment
from baocao.domain.wording import NO_DATA, count_text, decimal_text, percent_text
from baocao.narrative.final import narrate_final, tasks_done
from baocao.narrative.phrases import bare
from baocao.render.papers.paper import Annex, AnnexColumn, AnnexTable, Paper
from baocao.render.papers.shared import closing_annexes
from baocao.render.tables import MOST_UNITS, STATES, TableRow, difficulty_table, figure_table, heading, task_table
from baocao.render.xlsx.final import final_book

_SECTIONS = (
    "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
    "IV. ĐỀ XUẤT MÔ HÌNH NHÂN RỘNG",
    "V. KIẾN NGHỊ",
)


def final_paper(report: FinalAssessment) -> Paper:
    """The final assessment as a paper."""
    return Paper(
        report=report,
        story=narrate_final(report),
        annexes=(
            _figures(report),
            _units(report),
            _reporting(report),
            _recommendations(report),
            _tasks(report),
            _difficulties(report),
            *closing_annexes(report),
        ),
        key_figures=_key_figures(report),
        mail_sections=_SECTIONS,
        books={"so-lieu.xlsx": partial(final_book, report)},
    )


def _key_figures(report: FinalAssessment) -> tuple[tuple[str, str], ...]:
    results = list(report.results.values())
    done, tasks = tasks_done(report)
    on_time = sum(row.on_time for row in report.reporting)
    expected = sum(row.on_time + row.late + row.missing for row in report.reporting)
    return (
        (f"{results.count(FinalResult.REACHED)}/{len(results)}", "chỉ tiêu đạt"),
        (str(results.count(FinalResult.MISSED)), "chỉ tiêu chưa đạt"),
        (f"{done}/{tasks}", "đầu việc hoàn thành"),
        (f"{on_time}/{expected}", "báo cáo tháng đúng hạn"),
    )


def _figures(report: FinalAssessment) -> Annex:
    table = figure_table(report)
    units = {figure.code: figure for figure in report.figures}
    for row in table.rows:
        if not row["la_nhom"]:
            figure = units[row["ma"]]
            has_units = row["ty_le"] != ""
            row["dat"] = f"{figure.units_reached}/{figure.units_reported}" if has_units else ""
    columns = (
        AnnexColumn("Mã", "ma", 16, "center"),
        AnnexColumn("Chỉ tiêu", "ten"),
        AnnexColumn("Mục tiêu", "muc_tieu", 20, "center"),
        AnnexColumn("Tử số", "tu_so", 22, "right"),
        AnnexColumn("Mẫu số", "mau_so", 22, "right"),
        AnnexColumn("Tỷ lệ", "ty_le", 24, "right"),
        AnnexColumn("Số đơn vị đạt", "dat", 24, "center"),
        AnnexColumn("Kết quả", "ket_qua", 32, "center"),
    )
    return Annex("KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU", (AnnexTable(columns, table.rows, table.more),))


def _units(report: FinalAssessment) -> Annex:
    by_unit: dict[str, list[UnitAssessment]] = {}
    for one in report.unit_assessments:
        by_unit.setdefault(one.unit, []).append(one)
    rows: list[TableRow] = []
    for standing in report.standings[:MOST_UNITS]:
        own = by_unit.get(standing.unit, [])
        if not own:
            rows.append(heading(f"{standing.name}: {STATES[standing.state].lower()}, chưa có kết quả"))
            continue
        reached = sum(one.result is FinalResult.REACHED for one in own)
        rows.append(heading(f"{standing.name}: {reached}/{len(own)} chỉ tiêu đạt"))
        rows += [_unit_row(report, one) for one in own]
    rest = len(report.standings) - MOST_UNITS
    more = f"Còn {count_text(rest)} đơn vị; xem đầy đủ tại tệp so-lieu.xlsx." if rest > 0 else ""
    columns = (
        AnnexColumn("Mã", "ma", 14, "center"),
        AnnexColumn("Chỉ tiêu", "ten"),
        AnnexColumn("Tỷ lệ", "ty_le", 19, "right"),
        AnnexColumn("Kết quả", "ket_qua", 28, "center"),
        AnnexColumn("Tự đánh giá", "tu_danh_gia", 28, "center"),
        AnnexColumn("Điểm (tham khảo)" if report.score_label == "tham khảo" else "Điểm", "diem", 20, "center"),
        AnnexColumn("Nguyên nhân", "nguyen_nhan", 46),
        AnnexColumn("Đề xuất", "de_xuat", 42),
    )
    return Annex("KẾT QUẢ VÀ TỰ ĐÁNH GIÁ CỦA TỪNG ĐƠN VỊ", (AnnexTable(columns, rows, more),))


def _unit_row(report: FinalAssessment, one: UnitAssessment) -> TableRow:
    target = next(figure.target_pct for figure in report.headlines if figure.code == one.code)
    names = {item.code: item.name for item in report.recommendations}
    claimed = one.claimed.value if one.claimed else ""
    return {
        "la_nhom": False,
        "ma": one.code,
        "ten": names[one.code],
        "ty_le": "" if one.ratio_pct is None else percent_text(one.ratio_pct, target),
        "ket_qua": one.result.value if one.result else NO_DATA,
        "tu_danh_gia": f"{claimed} (chưa khớp)" if one.agrees is False else claimed,
        "diem": score_text(one.score, one.maximum),
        "nguyen_nhan": one.cause,
        "de_xuat": ": ".join(text for text in (one.proposal.value if one.proposal else "", one.adjustment) if text),
    }


def score_text(score: float | None, maximum: float | None) -> str:
    """``0,87/1``; empty where nothing occurred, which leaves the maximum."""
    return "" if score is None or not maximum else f"{decimal_text(score, 2)}/{decimal_text(maximum)}"


def _reporting(report: FinalAssessment) -> Annex:
    rows = [
        {
            "don_vi": report.unit_name(row.unit),
            "dung_han": str(row.on_time),
            "qua_han": str(row.late),
            "chua_nop": str(row.missing),
            "nhiem_vu": f"{row.tasks_done}/{row.tasks}",
            "diem": score_text(row.score, row.maximum),
        }
        for row in report.reporting
    ]
    columns = (
        AnnexColumn("Đơn vị", "don_vi"),
        AnnexColumn("Kỳ đúng hạn", "dung_han", 28, "center"),
        AnnexColumn("Kỳ quá hạn", "qua_han", 28, "center"),
        AnnexColumn("Kỳ không có báo cáo", "chua_nop", 34, "center"),
        AnnexColumn("Đầu việc hoàn thành", "nhiem_vu", 34, "center"),
        AnnexColumn(f"Điểm ({report.score_label})", "diem", 40, "center"),
    )
    return Annex(
        "CHẾ ĐỘ BÁO CÁO, NHIỆM VỤ VÀ ĐIỂM CỦA CÁC ĐƠN VỊ",
        (AnnexTable(columns, rows, nothing="Không có kỳ báo cáo tháng."),),
    )


def _recommendations(report: FinalAssessment) -> Annex:
    rows = [
        {
            "ma": one.code,
            "ten": one.name,
            "ket_qua": result.value if (result := report.results[one.code]) else NO_DATA,
            "de_xuat": one.proposal.value,
            "can_cu": one.evidence,
            "dieu_chinh": "; ".join(map(bare, one.adjustments)),
        }
        for one in report.recommendations
    ]
    columns = (
        AnnexColumn("Mã", "ma", 14, "center"),
        AnnexColumn("Chỉ tiêu", "ten"),
        AnnexColumn(f"Kết quả {report.phase}", "ket_qua", 28, "center"),
        AnnexColumn("Đề xuất nhân rộng", "de_xuat", 28, "center"),
        AnnexColumn("Căn cứ", "can_cu", 58),
        AnnexColumn("Nội dung điều chỉnh", "dieu_chinh", 62),
    )
    return Annex("ĐỀ XUẤT MÔ HÌNH NHÂN RỘNG", (AnnexTable(columns, rows),))


def _tasks(report: FinalAssessment) -> Annex:
    table = task_table(report)
    rows = [{**row, "ten": f"{row['ma']}. {row['ten']}"} if row["la_nhom"] else row for row in table.rows]
    columns = (
        AnnexColumn("Nhiệm vụ, đơn vị", "don_vi", 52),
        AnnexColumn("Chủ trì", "chu_tri", 36),
        AnnexColumn("Phối hợp", "phoi_hop", 36),
        AnnexColumn("Hạn hoàn thành", "han", 24, "center"),
        AnnexColumn("Trạng thái", "trang_thai", 32, "center"),
        AnnexColumn("Tiến độ", "tien_do", 17, "right"),
        AnnexColumn("Sản phẩm, ghi chú", "san_pham"),
    )
    nothing = "Chưa có đơn vị nào báo cáo kết quả thực hiện nhiệm vụ."
    return Annex("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", (AnnexTable(columns, rows, table.more, nothing),))


def _difficulties(report: FinalAssessment) -> Annex:
    table = difficulty_table(report)
    rows = [{**row, "co_quan": row["co_quan"] + (" (vượt thẩm quyền)" if row["vuot"] else "")} for row in table.rows]
    columns = (
        AnnexColumn("STT", "stt", 12, "center"),
        AnnexColumn("Đơn vị", "don_vi", 36),
        AnnexColumn("Khó khăn, vướng mắc", "kho_khan"),
        AnnexColumn("Nguyên nhân", "nguyen_nhan", 46),
        AnnexColumn("Kiến nghị", "kien_nghi", 56),
        AnnexColumn("Cơ quan giải quyết", "co_quan", 36),
    )
    return Annex(
        "KHÓ KHĂN, VƯỚNG MẮC VÀ KIẾN NGHỊ", (AnnexTable(columns, rows, table.more, "Không có khó khăn, vướng mắc."),)
    )
