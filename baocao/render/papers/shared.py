"""Phụ lục chung: the annexes that both papers end with."""

from baocao.domain.reported.document import Document, ResultsDocument
from baocao.render.papers.paper import Annex, AnnexColumn, AnnexTable
from baocao.render.tables import finding_table, restatement_table, standing_table

_STANDINGS = (
    AnnexColumn("STT", "stt", 12, "center"),
    AnnexColumn("Đơn vị", "don_vi"),
    AnnexColumn("Trạng thái", "trang_thai", 34, "center"),
    AnnexColumn("Thời hạn", "thoi_han", 28, "center"),
    AnnexColumn("Thời điểm nhận", "thoi_diem", 58, "center"),
    AnnexColumn("Lần nộp", "lan", 16, "center"),
    AnnexColumn("Số lỗi", "loi", 15, "center"),
    AnnexColumn("Số cảnh báo", "canh_bao", 18, "center"),
)
_FINDINGS = (
    AnnexColumn("STT", "stt", 12, "center"),
    AnnexColumn("Đơn vị", "don_vi", 48),
    AnnexColumn("Mức độ", "muc_do", 24, "center"),
    AnnexColumn("Vị trí", "vi_tri", 38),
    AnnexColumn("Nội dung", "noi_dung"),
)
_NO_FINDING = "Không có lỗi, không có cảnh báo."
_NO_CHANGE = "Các số liệu đã nêu không thay đổi."


def closing_annexes(report: Document) -> tuple[Annex, ...]:
    """Who has reported and what the checks found; what changed since the published version."""
    standings, findings = standing_table(report), finding_table(report)
    annexes = [
        Annex(
            "TÌNH HÌNH NỘP VÀ KẾT QUẢ KIỂM TRA BÁO CÁO CỦA CÁC ĐƠN VỊ",
            (
                AnnexTable(_STANDINGS, standings.rows, standings.more),
                AnnexTable(_FINDINGS, findings.rows, findings.more, _NO_FINDING, "Nội dung kiểm tra:"),
            ),
        )
    ]
    if report.is_restatement and isinstance(report, ResultsDocument):
        changed = restatement_table(report)
        columns = (
            AnnexColumn("Mã", "ma", 18, "center"),
            AnnexColumn("Số liệu", "ten"),
            AnnexColumn("Đã công bố", "da_cong_bo", 40, "center"),
            AnnexColumn("Nay là", "nay_la", 40, "center"),
            AnnexColumn("Lý do", "ly_do", 70),
        )
        annexes.append(Annex("SỐ LIỆU ĐÍNH CHÍNH", (AnnexTable(columns, changed.rows, changed.more, _NO_CHANGE),)))
    return tuple(annexes)
