"""How offices call the columns and lines of our forms; beside each form's own headers."""

from collections.abc import Mapping

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "code": ("TT", "STT", "Số TT", "Số thứ tự", "Mã", "Mã số"),
    "ordinal": ("TT", "STT", "Số TT", "Số thứ tự"),
    "name": (
        "Nội dung",
        "Nội dung chỉ tiêu",
        "Tên chỉ tiêu",
        "Chỉ tiêu, nhiệm vụ",
        "Nhiệm vụ, giải pháp",
        "Tên nhiệm vụ",
        "Nội dung nhiệm vụ",
        "Nội dung công việc",
    ),
    "target_pct": ("Mục tiêu", "Mục tiêu đề ra", "Kế hoạch giao", "Chỉ tiêu giao", "Mục tiêu (%)"),
    "numerator": ("Tử số", "Số đạt", "Số lượng đạt", "Đã thực hiện", "Số đã thực hiện", "Số lượng đã thực hiện", "Đạt"),
    "denominator": ("Mẫu số", "Tổng số", "Tổng", "Tổng số lượng", "Tổng số phải thực hiện", "Số phải thực hiện"),
    "ratio_pct": ("Tỷ lệ", "Tỷ lệ (%)", "Tỷ lệ đạt", "Tỷ lệ đạt (%)", "Đạt tỷ lệ (%)", "Tỉ lệ (%)"),
    "previous_pct": ("Kỳ trước", "Kết quả kỳ trước", "Tháng trước", "Tỷ lệ kỳ trước (%)"),
    "evidence": ("Minh chứng", "Tài liệu minh chứng", "Tài liệu kiểm chứng", "Căn cứ, minh chứng"),
    "note": ("Ghi chú", "Nguyên nhân chưa đạt", "Lý do chưa đạt", "Nguyên nhân chưa đạt, ghi chú", "Giải trình"),
    "lead": ("Chủ trì", "Đơn vị chủ trì", "Cơ quan chủ trì", "Phòng chủ trì"),
    "coordinating": ("Phối hợp", "Đơn vị phối hợp", "Cơ quan phối hợp"),
    "start_date": ("Ngày bắt đầu", "Bắt đầu", "Thời gian bắt đầu"),
    "due_date": ("Hạn hoàn thành", "Thời hạn", "Thời hạn hoàn thành", "Thời gian hoàn thành theo kế hoạch", "Hạn"),
    "status": ("Trạng thái", "Tình trạng", "Tình hình thực hiện", "Tình trạng thực hiện"),
    "progress_pct": ("Tiến độ", "Tiến độ (%)", "Mức độ hoàn thành (%)", "Tỷ lệ hoàn thành (%)"),
    "done_date": ("Ngày hoàn thành", "Thời gian hoàn thành thực tế", "Ngày hoàn thành thực tế"),
    "product": ("Sản phẩm", "Kết quả, sản phẩm", "Sản phẩm đầu ra", "Sản phẩm hoàn thành", "Văn bản, sản phẩm"),
    "difficulty": ("Khó khăn, vướng mắc", "Khó khăn", "Vướng mắc", "Tồn tại, hạn chế", "Nội dung khó khăn"),
    "cause": ("Nguyên nhân",),
    "proposal": ("Kiến nghị", "Đề xuất, kiến nghị", "Đề xuất", "Kiến nghị, đề xuất", "Giải pháp đề nghị"),
    "settled_by": ("Cơ quan giải quyết", "Cơ quan có thẩm quyền", "Đơn vị giải quyết", "Cơ quan xử lý"),
    "is_beyond_authority": ("Vượt thẩm quyền", "Vượt thẩm quyền (đánh dấu x)"),
}
"""By the key of a column."""

LINES: Mapping[str, tuple[str, ...]] = {
    "unit_name": ("Đơn vị báo cáo", "Tên đơn vị", "Cơ quan báo cáo", "Đơn vị"),
    "period": ("Kỳ báo cáo", "Tháng báo cáo", "Báo cáo tháng", "Kỳ"),
    "cutoff_date": ("Số liệu tính đến ngày", "Ngày chốt số liệu", "Số liệu tính đến", "Thời điểm chốt số liệu"),
    "prepared_by": ("Người lập biểu", "Người lập", "Người báo cáo"),
    "phone": ("Điện thoại", "Số điện thoại"),
    "email": ("Thư điện tử", "Email"),
    "approved_by": ("Lãnh đạo phê duyệt", "Người duyệt", "Thủ trưởng đơn vị"),
    "approved_date": ("Ngày phê duyệt", "Ngày duyệt"),
}
"""By the key of a line of information."""

FOREIGN = ("Đơn vị tính", "ĐVT", "Lũy kế", "Lũy kế từ đầu năm", "Mức độ")
"""Columns that official forms have and ours need not: known, and left alone."""
