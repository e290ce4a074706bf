"""The reading rules: what can be wrong with a file before any figure in it is judged. Names are fixed by the forms."""

from baocao.domain.received.finding import Rule, Severity

_CRITICAL, _WARNING, _INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO

FILE_UNREADABLE = Rule(
    "file_unreadable",
    _CRITICAL,
    "Không mở được tệp: {reason}.",
    "Hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại dưới dạng .xlsx rồi gửi lại.",
)
FILE_UNSAFE = Rule(
    "file_unsafe",
    _CRITICAL,
    "Tệp bị từ chối vì lý do an toàn: {reason}.",
    "Hãy tải biểu mẫu mới, chép số liệu sang, lưu dưới dạng .xlsx rồi gửi lại.",
)
FILE_ENCRYPTED = Rule(
    "file_encrypted",
    _CRITICAL,
    "Tệp được đặt mật khẩu mở nên hệ thống không đọc được.",
    "Hãy bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc), lưu lại rồi gửi.",
)
FORM_UNKNOWN = Rule(
    "form_unknown",
    _CRITICAL,
    "Không nhận ra biểu mẫu{shown}; cần một trong các mã: {expected}.",
    "Hãy dùng đúng biểu mẫu do hệ thống gửi và không sửa dòng “{label}”.",
)
FORM_VERSION = Rule(
    "form_version",
    _CRITICAL,
    "Ô {cell} ghi mã biểu mẫu “{value}”, không phải phiên bản đang dùng “{expected}”.",
    "Hãy tải biểu mẫu “{expected}” và chép số liệu sang.",
)
UNIT_MISMATCH = Rule(
    "unit_mismatch",
    _CRITICAL,
    "{where}: mã đơn vị đang {shown}; cần {expected}.",
    "Hãy dùng biểu mẫu được gửi cho chính đơn vị mình, giữ nguyên mã đơn vị.",
)
PERIOD_MISMATCH = Rule(
    "period_mismatch",
    _CRITICAL,
    "{where}: kỳ báo cáo đang {shown}; cần {expected}.",
    "Hãy dùng đúng biểu mẫu của kỳ báo cáo, giữ nguyên dòng kỳ báo cáo.",
)
SHEET_MISSING = Rule(
    "sheet_missing",
    _CRITICAL,
    "Thiếu trang “{expected}”.",
    "Hãy khôi phục trang này từ biểu mẫu gốc, đặt đúng tên “{expected}”.",
)
COLUMN_MISSING = Rule(
    "column_missing",
    _CRITICAL,
    "Trang “{sheet}” thiếu cột “{expected}” (hoặc tiêu đề cột đã bị sửa).",
    "Hãy khôi phục tiêu đề cột đúng như biểu mẫu gốc.",
)
ROW_MISSING = Rule(
    "row_missing",
    _CRITICAL,
    "Trang “{sheet}” thiếu dòng “{expected}” (đáng lẽ ở ngay sau ô {cell}).",
    "Hãy khôi phục dòng này, ghi đúng như biểu mẫu gốc.",
)
ROW_DUPLICATE = Rule(
    "row_duplicate",
    _CRITICAL,
    "Mã “{value}” ở ô {cell} đã có ở ô {first}.",
    "Mỗi mã chỉ được một dòng; hãy xóa dòng thừa.",
)
ROW_UNKNOWN = Rule(
    "row_unknown",
    _WARNING,
    "Ô {cell} ghi mã “{value}” không có trong biểu mẫu; dòng này không được tính.",
    "Nếu là gõ nhầm, hãy sửa lại mã; nếu là dòng ghi chú, hãy chuyển ra ngoài cột mã.",
)
NOT_A_NUMBER = Rule(
    "not_a_number",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải là số; cần {expected}.",
    "Hãy chỉ ghi chữ số, ví dụ 1234 hoặc 85,5.",
)
AMBIGUOUS_NUMBER = Rule(
    "ambiguous_number",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, có thể hiểu theo hai cách; cần {expected}.",
    "Hãy ghi lại không có dấu ngăn hàng nghìn, dùng dấu phẩy cho phần thập phân (1234 hoặc 1,2).",
)
NOT_WHOLE = Rule(
    "not_whole",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải số nguyên; cần {expected}.",
    "Hãy ghi số lượng đếm được, không có phần thập phân.",
)
COUNT_LIMIT = Rule(
    "count_limit",
    _CRITICAL,
    "Ô {cell} ghi {value}, quá lớn so với số có thể có; cần {expected}.",
    "Có thể do giữ phím hoặc dán nhầm; hãy ghi lại đúng số.",
)
NOT_A_DATE = Rule(
    "not_a_date",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải là ngày hợp lệ; cần {expected}.",
    "Hãy ghi ngày như 18/10/2022.",
)
NOT_IN_LIST = Rule(
    "not_in_list",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không có trong danh sách; cần một trong: {expected}.",
    "Hãy chọn lại giá trị trong danh sách của ô.",
)
CELL_ERROR = Rule(
    "cell_error",
    _CRITICAL,
    "Ô {cell} đang báo lỗi {value}; cần {expected}.",
    "Hãy sửa công thức hoặc ghi thẳng giá trị.",
)
LEGACY_FONT = Rule(
    "legacy_font",
    _WARNING,
    "Trang “{sheet}” có chữ dùng phông cũ {value} (từ ô {cell}), đọc bằng Unicode sẽ sai dấu.",
    "Hãy chuyển mã sang Unicode (ví dụ bằng UniKey) và dùng phông Times New Roman.",
)
NAME_TWICE = Rule(
    "name_twice",
    _CRITICAL,
    "{what} “{value}” có hai lần: {places}; hệ thống không tự chọn.",
    "Hãy giữ lại {expected}, xóa hoặc đổi tên phần thừa, kể cả phần đang ẩn.",
)
CELLS_MERGED = Rule(
    "cells_merged",
    _INFO,
    "Ô {cell} gộp đến ô {last}: “{value}” được tính cho cả {count} dòng.",
    "Nếu không đúng, hãy bỏ gộp ô và ghi riêng từng dòng.",
)
COUNTS_MERGED = Rule(
    "cells_merged",
    _CRITICAL,
    "Ô {cell} bị gộp với ô {first} (đang ghi “{value}”) nên không biết số nào của dòng nào.",
    "Hãy bỏ gộp ô và ghi {expected} riêng cho từng dòng.",
)
TOTAL_ROW = Rule(
    "total_row",
    _INFO,
    "Ô {cell} ghi “{value}” là dòng tổng nên không được tính thêm vào bảng.",
    "Hãy xóa dòng này; hệ thống tự cộng.",
)
TOTAL_DISAGREES = Rule(
    "total_disagrees",
    _WARNING,
    "Dòng tổng tại ô {cell} ghi {value} nhưng các dòng trong bảng cộng lại là {expected}; hệ thống lấy theo các dòng.",
    "Hãy kiểm tra lại số tiền từng dòng, rồi xóa dòng tổng; hệ thống tự cộng.",
)
NONE_ROW = Rule(
    "none_row",
    _INFO,
    "Ô {cell} ghi “{value}”, được hiểu là không có nội dung nên dòng này không được tính.",
    "Khi không có nội dung, chỉ cần để trống bảng.",
)
TABLE_END = Rule(
    "table_end",
    _INFO,
    "Từ ô {cell} (“{value}”) trở xuống là phần ký tên nên không đọc vào bảng.",
    "Không cần ghi phần ký tên ở trang này.",
)
ROW_AFTER_TABLE = Rule(
    "row_after_table",
    _WARNING,
    "Ô {cell} ghi “{value}” nằm dưới phần ký tên nên dòng này không được tính.",
    "Nếu là số liệu, hãy chuyển dòng lên trên phần ký tên rồi gửi lại.",
)
CHARACTER_UNPRINTABLE = Rule(
    "character_unprintable",
    _WARNING,
    "Ô {cell} có ký tự không in được: {value}; trong báo cáo sẽ hiện “�”.",
    "Hãy xóa ký tự đó hoặc gõ lại bằng bàn phím.",
)

BY_NAME = {
    rule.name: rule
    for rule in (
        FILE_UNREADABLE,
        FILE_UNSAFE,
        FILE_ENCRYPTED,
        FORM_UNKNOWN,
        FORM_VERSION,
        UNIT_MISMATCH,
        PERIOD_MISMATCH,
        SHEET_MISSING,
        COLUMN_MISSING,
        ROW_MISSING,
        ROW_DUPLICATE,
        ROW_UNKNOWN,
        NOT_A_NUMBER,
        AMBIGUOUS_NUMBER,
        NOT_WHOLE,
        COUNT_LIMIT,
        NOT_A_DATE,
        NOT_IN_LIST,
        CELL_ERROR,
        LEGACY_FONT,
        NAME_TWICE,
        CELLS_MERGED,
        TOTAL_ROW,
        TOTAL_DISAGREES,
        NONE_ROW,
        TABLE_END,
        ROW_AFTER_TABLE,
        CHARACTER_UNPRINTABLE,
    )
}
"""Every reading rule by its stable name."""
