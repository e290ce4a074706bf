"""Phụ lục của báo cáo tháng: figures, units, tasks, difficulties, who has reported."""

from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.report import Report
from baocao.domain.wording import date_text
from baocao.narrative.story import Column, Table
from baocao.render.papers.paper import Annex
from baocao.render.papers.shared import ROUNDING, closing_annexes, counted_columns, difficulty_annex, task_annex
from baocao.render.tables import figure_table, forecast_table, unit_table

_FIGURES = (
    *counted_columns(17, 18, 18),
    Column("Tháng trước", "ky_truoc", 18, "right"),
    Column("Thay đổi (điểm phần trăm)", "thay_doi", 20, "right"),
    Column("Lũy kế", "luy_ke", 18, "right"),
    Column("Cách tính", "tinh", 16, "center"),
    Column("Kết quả", "ket_qua", 46, "center"),
)
_FORECASTS = (
    Column("Mã", "ma", 14, "center"),
    Column("Chỉ tiêu", "ten"),
    Column("Mục tiêu", "muc_tieu", 20, "center"),
    Column("Hiện nay", "hien_nay", 24, "right"),
    Column("Dự báo", "du_bao", 24, "right"),
    Column("Khoảng dự báo", "khoang", 40, "center"),
    Column("Nhận định", "nhan_dinh", 40, "center"),
)
_UNITS = (*counted_columns(17, 17, 17), Column("Nguyên nhân, ghi chú", "ghi_chu", 90))
_NOTE = (
    "Tỷ lệ chung bằng tổng tử số chia tổng mẫu số của các đơn vị; lũy kế chỉ tính cho chỉ tiêu theo số phát sinh "
    "trong kỳ. Tháng trước, thay đổi: trên các đơn vị có số liệu cả hai tháng; thay đổi là hiệu của hai tỷ lệ đã in. "
    f"{ROUNDING}"
)


def monthly_annexes(report: Report) -> tuple[Annex, ...]:
    """The annexes in their order."""
    return (
        _figures(report),
        _units(report),
        task_annex(report, "TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ"),
        difficulty_annex(report),
        *closing_annexes(report),
    )


def _figures(report: Report) -> Annex:
    figures, forecasts = figure_table(report), forecast_table(report)
    until = f"Dự báo đến {date_text(report.pilot.end)} nếu giữ đà hiện nay (để tham khảo):"
    return Annex(
        "KẾT QUẢ THỰC HIỆN CÁC CHỈ TIÊU",
        (
            Table(_FIGURES, figures.rows, figures.more, note=_NOTE),
            Table(_FORECASTS, forecasts.rows, forecasts.more, caption=until, nothing=""),
        ),
    )


def _units(report: Report) -> Annex:
    """What each unit did not reach, and why; all its figures are in the workbook."""
    table = unit_table(report)
    rows = [row for row in table.rows if row["la_nhom"] or row["ket_qua"] == Outcome.MISSED.value]
    note = "Đủ các chỉ tiêu, minh chứng của từng đơn vị: tệp so-lieu.xlsx."
    return Annex("CHỈ TIÊU CHƯA ĐẠT CỦA TỪNG ĐƠN VỊ", (Table(_UNITS, rows, table.more, note=note),))
