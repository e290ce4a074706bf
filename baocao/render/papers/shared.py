"""Phụ lục chung: the annexes that both papers end with."""

from baocao.domain.document import Document
from baocao.render.papers.paper import Annex, AnnexColumn
from baocao.render.tables import finding_table, restatement_table, standing_table


def closing_annexes(report: Document) -> tuple[Annex, ...]:
    """Who has reported and what the checks found; what changed since the published version."""
    standings, findings = standing_table(report), finding_table(report)
    annexes = [
        Annex(
            "TÌNH HÌNH NỘP BÁO CÁO CỦA CÁC ĐƠN VỊ",
            (
                AnnexColumn("STT", "stt", 12, "center"),
                AnnexColumn("Đơn vị", "don_vi"),
                AnnexColumn("Trạng thái", "trang_thai", 34, "center"),
                AnnexColumn("Thời hạn", "thoi_han", 28, "center"),
                AnnexColumn("Thời điểm nhận", "thoi_diem", 58, "center"),
                AnnexColumn("Lần nộp", "lan", 16, "center"),
                AnnexColumn("Số lỗi", "loi", 15, "center"),
                AnnexColumn("Số cảnh báo", "canh_bao", 18, "center"),
            ),
            standings.rows,
            standings.more,
        ),
        Annex(
            "KẾT QUẢ KIỂM TRA BÁO CÁO CỦA CÁC ĐƠN VỊ",
            (
                AnnexColumn("STT", "stt", 12, "center"),
                AnnexColumn("Đơn vị", "don_vi", 48),
                AnnexColumn("Mức độ", "muc_do", 24, "center"),
                AnnexColumn("Vị trí", "vi_tri", 38),
                AnnexColumn("Nội dung", "noi_dung"),
            ),
            findings.rows,
            findings.more,
            nothing="Không có lỗi, không có cảnh báo.",
        ),
    ]
    if report.is_restatement:
        changed = restatement_table(report)
        columns = (
            AnnexColumn("Mã", "ma", 18, "center"),
            AnnexColumn("Số liệu", "ten"),
            AnnexColumn("Đã công bố", "da_cong_bo", 40, "center"),
            AnnexColumn("Nay là", "nay_la", 40, "center"),
            AnnexColumn("Lý do", "ly_do", 70),
        )
        annexes.append(
            Annex("SỐ LIỆU ĐÍNH CHÍNH", columns, changed.rows, changed.more, "Các số liệu đã nêu không thay đổi.")
        )
    return tuple(annexes)
