"""The reading rules: what can be wrong with a file before any figure in it is judged. Names are fixed by the forms."""

from baocao.domain.received.finding import Rule, Severity

_CRITICAL, _WARNING, _INFO = Severity.CRITICAL, Severity.WARNING, Severity.INFO

_FORM = "Kế hoạch, mục V.2: các đơn vị báo cáo theo mẫu ban hành kèm Kế hoạch."
_COUNTS = "Quy ước của hệ thống: tỷ lệ tính từ số lượng đếm được, nên ô số liệu chỉ chứa số."
_OWN_SUMS = "Quy ước của hệ thống: tổng do hệ thống cộng từ các dòng; dòng tổng tính thêm sẽ làm số tiền tăng gấp đôi."
_SIGNED = "Quy ước của hệ thống: bảng kết thúc ở phần ký tên; chữ ký không phải là khó khăn hay khoản chi."

FILE_UNREADABLE = Rule(
    "file_unreadable",
    _CRITICAL,
    "Không mở được tệp: {reason}.",
    "Hãy mở tệp bằng Excel hoặc LibreOffice, lưu lại dưới dạng .xlsx rồi gửi lại.",
    "Quy ước của hệ thống: chỉ số liệu đọc được từng ô mới kiểm tra và tổng hợp được.",
)
FILE_UNSAFE = Rule(
    "file_unsafe",
    _CRITICAL,
    "Tệp bị từ chối vì lý do an toàn: {reason}.",
    "Hãy tải biểu mẫu mới, chép số liệu sang, lưu dưới dạng .xlsx rồi gửi lại.",
    "Quy ước của hệ thống: tệp nhận từ ngoài không được làm hại hoặc làm ngưng việc tổng hợp của các đơn vị khác.",
)
FILE_ENCRYPTED = Rule(
    "file_encrypted",
    _CRITICAL,
    "Tệp được đặt mật khẩu mở nên hệ thống không đọc được.",
    "Hãy bỏ mật khẩu (Tệp → Thông tin → Bảo vệ sổ làm việc), lưu lại rồi gửi.",
    "Quy ước của hệ thống: hệ thống không giữ mật khẩu của đơn vị nên không mở được tệp có mật khẩu mở.",
)
FORM_UNKNOWN = Rule(
    "form_unknown",
    _CRITICAL,
    "Không nhận ra biểu mẫu{shown}; cần một trong các mã: {expected}.",
    "Hãy dùng đúng biểu mẫu do hệ thống gửi và không sửa dòng “{label}”.",
    _FORM,
)
FORM_VERSION = Rule(
    "form_version",
    _CRITICAL,
    "Ô {cell} ghi mã biểu mẫu “{value}”, không phải phiên bản đang dùng “{expected}”.",
    "Hãy tải biểu mẫu “{expected}” và chép số liệu sang.",
    _FORM,
)
UNIT_MISMATCH = Rule(
    "unit_mismatch",
    _CRITICAL,
    "{where}: mã đơn vị đang {shown}; cần {expected}.",
    "Hãy dùng biểu mẫu được gửi cho chính đơn vị mình, giữ nguyên mã đơn vị.",
    "Kế hoạch, mục II.1 và V.2: từng đơn vị triển khai thí điểm tự tổng hợp và chịu trách nhiệm về báo cáo của mình.",
)
PERIOD_MISMATCH = Rule(
    "period_mismatch",
    _CRITICAL,
    "{where}: kỳ báo cáo đang {shown}; cần {expected}.",
    "Hãy dùng đúng biểu mẫu của kỳ báo cáo, giữ nguyên dòng kỳ báo cáo.",
    "Kế hoạch, mục V.2: báo cáo định kỳ trước ngày 20 hằng tháng, mỗi tháng một báo cáo.",
)
SHEET_MISSING = Rule(
    "sheet_missing",
    _CRITICAL,
    "Thiếu trang “{expected}”.",
    "Hãy khôi phục trang này từ biểu mẫu gốc, đặt đúng tên “{expected}”.",
    _FORM,
)
COLUMN_MISSING = Rule(
    "column_missing",
    _CRITICAL,
    "Trang “{sheet}” thiếu cột “{expected}” (hoặc tiêu đề cột đã bị sửa).",
    "Hãy khôi phục tiêu đề cột đúng như biểu mẫu gốc.",
    _FORM,
)
ROW_MISSING = Rule(
    "row_missing",
    _CRITICAL,
    "Trang “{sheet}” thiếu dòng “{expected}” (đáng lẽ ở ngay sau ô {cell}).",
    "Hãy khôi phục dòng này, ghi đúng như biểu mẫu gốc.",
    _FORM,
)
ROW_CODE_CHANGED = Rule(
    "row_missing",
    _CRITICAL,
    "Ô {cell} {shown}; mã đúng của dòng này là “{expected}”.",
    "Hãy ghi lại “{expected}” vào ô này.",
    _FORM,
)
ROW_DUPLICATE = Rule(
    "row_duplicate",
    _CRITICAL,
    "Mã “{value}” ở ô {cell} đã có ở ô {first}.",
    "Mỗi mã chỉ được một dòng; hãy xóa dòng thừa.",
    "Quy ước của hệ thống: mỗi chỉ tiêu, nhiệm vụ chỉ có một số liệu; hệ thống không tự chọn giữa hai dòng.",
)
ROW_UNKNOWN = Rule(
    "row_unknown",
    _WARNING,
    "Ô {cell} ghi mã “{value}” không có trong biểu mẫu; dòng này không được tính.",
    "Nếu là gõ nhầm, hãy sửa lại mã; nếu là dòng ghi chú, hãy chuyển ra ngoài cột mã.",
    "Quy ước của hệ thống: chỉ chỉ tiêu, nhiệm vụ có trong Kế hoạch mới được tính, dòng khác được báo lại.",
)
ROW_TEXT_CHANGED = Rule(
    "row_unknown",
    _WARNING,
    "Ô {cell} ghi “{value}”, khác biểu mẫu (“{expected}”); dòng được đọc theo vị trí.",
    "Hãy khôi phục nội dung như biểu mẫu gốc, hoặc kiểm tra số liệu có đúng dòng không.",
    "Quy ước của hệ thống: dòng của biểu mẫu chính thức nhận biết theo nội dung; nội dung đổi thì phải nói rõ.",
)
FORM_EARLIER = Rule(
    "form_version",
    _WARNING,
    "Tệp theo biểu {value}, bản trước của {expected}; số liệu vẫn được đọc.",
    "Kỳ sau hãy dùng biểu mẫu mới do hệ thống gửi.",
    _FORM,
)
NOT_A_NUMBER = Rule(
    "not_a_number",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải là số; cần {expected}.",
    "Hãy chỉ ghi số.",
    _COUNTS,
)
AMBIGUOUS_NUMBER = Rule(
    "ambiguous_number",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, có thể hiểu theo hai cách; cần {expected}.",
    "Hãy ghi lại không có dấu ngăn hàng nghìn.",
    "Quy ước của hệ thống: “1,234” có thể là một nghìn hoặc một phẩy hai; hệ thống không đoán số liệu.",
)
NOT_WHOLE = Rule(
    "not_whole",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải số nguyên; cần {expected}.",
    "Hãy ghi số lượng đếm được, không có phần thập phân.",
    _COUNTS,
)
COUNT_LIMIT = Rule(
    "count_limit",
    _CRITICAL,
    "Ô {cell} ghi {value}, quá lớn so với số có thể có; cần {expected}.",
    "Có thể do giữ phím hoặc dán nhầm; hãy ghi lại đúng số.",
    "Quy ước của hệ thống: số lượng của một đơn vị không thể lớn hơn mức trong kế hoạch; số lớn hơn là do gõ nhầm.",
)
NOT_A_DATE = Rule(
    "not_a_date",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không phải là ngày hợp lệ; cần {expected}.",
    "Hãy ghi ngày như 18/10/2022.",
    "Kế hoạch, mục V.2: phải xác định rõ thời gian, tiến độ hoàn thành; ngày không hợp lệ thì không xét được hạn.",
)
NOT_IN_LIST = Rule(
    "not_in_list",
    _CRITICAL,
    "Ô {cell} ghi “{value}”, không có trong danh sách; cần một trong: {expected}.",
    "Hãy chọn lại giá trị trong danh sách của ô.",
    "Quy ước của hệ thống: chỉ giá trị trong danh sách mới cộng được giữa các đơn vị.",
)
CELL_ERROR = Rule(
    "cell_error",
    _CRITICAL,
    "Ô {cell} đang báo lỗi {value}; cần {expected}.",
    "Hãy sửa công thức hoặc ghi thẳng giá trị.",
    "Quy ước của hệ thống: ô báo lỗi không chứa số liệu nào để tính.",
)
LEGACY_FONT = Rule(
    "legacy_font",
    _WARNING,
    "Trang “{sheet}” có chữ dùng phông cũ {value} (từ ô {cell}), đọc bằng Unicode sẽ sai dấu.",
    "Hãy chuyển mã sang Unicode (ví dụ bằng UniKey) và dùng phông Times New Roman.",
    "Nghị định số 30/2020/NĐ-CP, Phụ lục I, Phần I, mục I: văn bản dùng bộ mã Unicode, phông chữ Times New Roman.",
)
NAME_TWICE = Rule(
    "name_twice",
    _CRITICAL,
    "{what} “{value}” có hai lần: {places}; hệ thống không tự chọn.",
    "Hãy giữ lại {expected}, xóa hoặc đổi tên phần thừa, kể cả phần đang ẩn.",
    "Quy ước của hệ thống: hai phần cùng tên thì không biết phần nào là số liệu thật; hệ thống không tự chọn.",
)
CELLS_MERGED = Rule(
    "cells_merged",
    _INFO,
    "Ô {cell} gộp đến ô {last}: “{value}” được tính cho cả {count} dòng.",
    "Nếu không đúng, hãy bỏ gộp ô và ghi riêng từng dòng.",
    "Quy ước của hệ thống: lời ghi gộp nhiều dòng được hiểu là chung cho các dòng, và nói rõ để đơn vị kiểm tra.",
)
COUNTS_MERGED = Rule(
    "cells_merged",
    _CRITICAL,
    "Ô {cell} bị gộp với ô {first} (đang ghi “{value}”) nên không biết số nào của dòng nào.",
    "Hãy bỏ gộp ô và ghi {expected} riêng cho từng dòng.",
    "Quy ước của hệ thống: một số gộp nhiều dòng thì không biết là của dòng nào; hệ thống không đoán số liệu.",
)
TOTAL_ROW = Rule(
    "total_row",
    _INFO,
    "Ô {cell} ghi “{value}” là dòng tổng nên không được tính thêm vào bảng.",
    "Hãy xóa dòng này; hệ thống tự cộng.",
    _OWN_SUMS,
)
TOTAL_DISAGREES = Rule(
    "total_disagrees",
    _WARNING,
    "Dòng tổng tại ô {cell} ghi {value} nhưng các dòng trong bảng cộng lại là {expected}; hệ thống lấy theo các dòng.",
    "Hãy kiểm tra lại số tiền từng dòng, rồi xóa dòng tổng; hệ thống tự cộng.",
    _OWN_SUMS,
)
NONE_ROW = Rule(
    "none_row",
    _INFO,
    "Ô {cell} ghi “{value}”, được hiểu là không có nội dung nên dòng này không được tính.",
    "Khi không có nội dung, chỉ cần để trống bảng.",
    "Quy ước của hệ thống: câu “không có” không phải là một khó khăn hay một khoản chi nên không được đếm.",
)
TABLE_END = Rule(
    "table_end",
    _INFO,
    "Từ ô {cell} (“{value}”) trở xuống là phần ký tên nên không đọc vào bảng.",
    "Không cần ghi phần ký tên ở trang này.",
    _SIGNED,
)
ROW_AFTER_TABLE = Rule(
    "row_after_table",
    _WARNING,
    "Ô {cell} ghi “{value}” nằm dưới phần ký tên nên dòng này không được tính.",
    "Nếu là số liệu, hãy chuyển dòng lên trên phần ký tên rồi gửi lại.",
    _SIGNED,
)
CHARACTER_UNPRINTABLE = Rule(
    "character_unprintable",
    _WARNING,
    "Ô {cell} có ký tự không in được: {value}; trong báo cáo sẽ hiện “�”.",
    "Hãy xóa ký tự đó hoặc gõ lại bằng bàn phím.",
    "Quy ước của hệ thống: chữ của đơn vị đi nguyên vào báo cáo in; ký tự không có phông in phải được báo trước.",
)

VALUE_READ = Rule(
    "value_read",
    _INFO,
    "Ô {cell} ghi “{value}”, được hiểu là {expected}.",
    "Nếu không đúng, hãy ghi lại; kỳ sau xin ghi thẳng như vậy.",
    "Quy ước của hệ thống: lời ghi chỉ có một nghĩa và không đổi kết quả thì được hiểu theo nghĩa đó, và nói rõ.",
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
        VALUE_READ,
    )
}
"""Every reading rule by its stable name."""
