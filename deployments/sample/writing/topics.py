"""What offices write about an indicator, by words of its name: causes, remedies, proofs, lessons, adjustments."""

from dataclasses import dataclass

from baocao.domain.planned.indicator import Figure
from baocao.workbook.cells import fold


@dataclass(frozen=True, slots=True)
class Topic:
    """Phrases that fit into sentences: lower case, no full stop. ``proofs`` are titles of what proves a figure,
    with the kind of document where its number belongs (``{BC}``)."""

    words: tuple[str, ...]
    causes: tuple[str, ...]
    remedies: tuple[str, ...]
    proofs: tuple[str, ...]
    lesson: str
    adjustment: str


TOPICS: tuple[Topic, ...] = (
    Topic(
        ("quy trình", "csdlqg", "cơ sở dữ liệu quốc gia"),
        ("một số thủ tục mới được công bố, quy trình điện tử đang trình phê duyệt",
         "dữ liệu trên cơ sở dữ liệu quốc gia chưa khớp với quyết định công bố của tỉnh"),
        ("hoàn thiện quy trình nội bộ, đối soát lại từng thủ tục với Văn phòng UBND tỉnh",
         "phân công từng phòng rà soát danh mục, cập nhật dứt điểm"),
        ("Quyết định {QĐ} phê duyệt quy trình nội bộ", "Báo cáo rà soát thủ tục hành chính {BC}"),
        "Giao mỗi phòng một đầu mối theo dõi thủ tục; cập nhật ngay khi có quyết định công bố",
        "Cho phép 30 ngày kể từ ngày công bố để chuẩn hóa, đồng bộ thủ tục mới",
    ),
    Topic(
        ("số hóa",),
        ("máy quét tại Bộ phận Một cửa chưa đủ, hồ sơ giấy khổ lớn phải quét thủ công",
         "công chức tiếp nhận còn kiêm nhiệm, hồ sơ dồn vào cuối tuần chưa số hóa kịp"),
        ("bổ sung máy quét, số hóa ngay khi tiếp nhận, không để tồn sang ngày sau",
         "phân công thêm người hỗ trợ số hóa, đối chiếu hằng tuần"),
        ("Trích xuất Hệ thống thông tin giải quyết thủ tục hành chính",
         "Báo cáo kết quả số hóa hồ sơ {BC}"),
        "Số hóa ngay tại khâu tiếp nhận nhanh hơn nhiều so với số hóa bù về sau",
        "Không tính hồ sơ có bản vẽ khổ lớn; có lộ trình riêng cho hồ sơ tiếp nhận qua bưu chính",
    ),
    Topic(
        ("trực tuyến", "dvctt", "mức độ 4", "dịch vụ công"),
        ("người dân, doanh nghiệp còn thói quen nộp hồ sơ trực tiếp",
         "một số thủ tục phải nộp bản giấy có chứng thực nên chưa đủ điều kiện làm trực tuyến toàn trình",
         "chức năng thanh toán trực tuyến của một số thủ tục đang được kiểm thử"),
        ("bố trí người hướng dẫn nộp trực tuyến tại Bộ phận Một cửa, tuyên truyền trên Trang thông tin điện tử",
         "rà soát, cắt giảm thành phần hồ sơ, đề nghị cấu hình lại biểu mẫu điện tử"),
        ("Trích xuất Cổng dịch vụ công của tỉnh", "Báo cáo kết quả giải quyết thủ tục hành chính {BC}"),
        "Hướng dẫn tận nơi trong lần nộp đầu tiên; người đã nộp trực tuyến một lần thường không quay lại nộp giấy",
        "Đặt mục tiêu riêng cho nhóm thủ tục ít phát sinh hồ sơ",
    ),
    Topic(
        ("định danh",),
        ("công chức mới tuyển dụng, tiếp nhận chưa được cấp tài khoản",
         "một số tài khoản phải xác minh lại thông tin cá nhân"),
        ("lập danh sách đề nghị cấp bổ sung, kích hoạt ngay khi nhận tài khoản",
         "đối chiếu danh sách với Văn phòng, cấp dứt điểm"),
        ("Danh sách tài khoản {DS}",),
        "Gắn việc cấp tài khoản định danh với thủ tục tiếp nhận công chức",
        "Tính cả viên chức, người lao động được giao xử lý công việc",
    ),
    Topic(
        ("ký số", "chữ ký số", "văn bản"),
        ("một số công chức chưa được cấp chữ ký số chuyên dùng, văn bản vẫn ký tay rồi quét",
         "chữ ký số của một số cán bộ hết hạn, đang chờ gia hạn"),
        ("đề nghị cấp mới, gia hạn chữ ký số; văn thư không phát hành văn bản chưa ký số",
         "tập huấn ký số trên thiết bị di động cho lãnh đạo các phòng"),
        ("Trích xuất Hệ thống quản lý văn bản và điều hành",),
        "Lãnh đạo ký số trước thì toàn cơ quan làm theo; văn thư là khâu kiểm soát",
        "Tách riêng văn bản gửi nội bộ với văn bản gửi bên ngoài khi tính tỷ lệ",
    ),
    Topic(
        ("hồ sơ công việc",),
        ("một số phòng vẫn lập hồ sơ giấy song song, chưa nộp lưu trữ điện tử",
         "công chức chưa quen lập hồ sơ trên phần mềm, hồ sơ kéo dài nhiều năm chưa chuyển đổi"),
        ("ban hành danh mục hồ sơ điện tử, giao Văn phòng kiểm tra hằng tuần",
         "hướng dẫn trực tiếp từng phòng lập, đóng hồ sơ trên phần mềm"),
        ("Trích xuất danh mục hồ sơ trên Hệ thống quản lý văn bản và điều hành",),
        "Có danh mục hồ sơ từ đầu năm thì việc lập hồ sơ điện tử đi vào nền nếp",
        "Quy định rõ hồ sơ được loại trừ, nhất là hồ sơ thuộc phạm vi bí mật nhà nước",
    ),
    Topic(
        ("bồi dưỡng", "tập huấn", "kỹ năng"),
        ("lớp tập huấn đợt sau chưa mở, một số người đi công tác, nghỉ chế độ",
         "lớp học chia theo đợt để bảo đảm công việc thường xuyên"),
        ("cử đủ người tham gia đợt tiếp theo, học bù trên nền tảng trực tuyến",
         "tổ chức lớp bổ sung vào chiều thứ Sáu"),
        ("Báo cáo kết quả tập huấn {BC}",),
        "Lớp học ngắn, cầm tay chỉ việc trên chính phần mềm đang dùng hiệu quả hơn lớp đông người",
        "Tính theo từng năm; người mới tuyển dụng được tập huấn trong 3 tháng đầu",
    ),
    Topic(
        ("thư công vụ", "thư điện tử", "sso", "đăng nhập"),
        ("một số người quên mật khẩu, chưa đăng nhập lại hộp thư công vụ",
         "một số hệ thống dùng chung chưa kết nối đăng nhập một lần"),
        ("hỗ trợ khôi phục mật khẩu tại chỗ, nhắc danh sách chưa đăng nhập hằng tuần",
         "đề nghị kết nối nốt các hệ thống còn lại"),
        ("Thống kê tài khoản thư công vụ",),
        "Thông báo nội bộ chỉ gửi qua thư công vụ thì mọi người đều phải dùng",
        "Quy định rõ ngưỡng “thường xuyên”, ví dụ đăng nhập ít nhất 3 ngày mỗi tuần",
    ),
    Topic(
        ("báo cáo",),
        ("một số chế độ báo cáo của bộ, ngành chưa có trên hệ thống để kết nối",
         "biểu mẫu báo cáo thống kê vừa thay đổi, phải cấu hình lại"),
        ("rà soát danh mục, đề nghị cấu hình bổ sung các biểu mẫu còn thiếu",
         "nhập thử song song một kỳ rồi chuyển hẳn"),
        ("Danh mục chế độ báo cáo đã kết nối {DS}",),
        "Thống nhất danh mục trước khi kết nối, tránh làm lại biểu mẫu",
        "Chỉ tính các chế độ báo cáo do tỉnh ban hành; báo cáo của bộ, ngành có lộ trình riêng",
    ),
    Topic(
        ("chỉ đạo, điều hành",),
        ("hoạt động giao việc, theo dõi kết luận họp còn thực hiện bằng giấy",
         "việc đăng ký xe, phòng họp, văn phòng phẩm chưa thực hiện trên phần mềm"),
        ("đưa việc giao nhiệm vụ, lịch họp lên phần mềm dùng chung",
         "ban hành quy chế sử dụng phần mềm trong nội bộ, dừng hẳn bản giấy"),
        ("Thông báo {TB} về sử dụng phần mềm dùng chung",),
        "Lãnh đạo giao việc trên phần mềm là điều kiện để công chức xử lý trên phần mềm",
        "Ban hành danh mục hoạt động thống nhất cho các đơn vị",
    ),
    Topic(
        ("dữ liệu mở", "bộ dữ liệu"),
        ("một số bộ dữ liệu chưa chuẩn hóa định dạng, chưa xác định tần suất cập nhật",
         "dữ liệu còn phân tán ở các phòng, phải rà soát thông tin được phép công khai"),
        ("chuẩn hóa, công bố trên Cổng dữ liệu của tỉnh",
         "giao từng phòng chịu trách nhiệm cập nhật bộ dữ liệu của mình"),
        ("Danh sách bộ dữ liệu đã công bố {DS}",),
        "Cập nhật tự động từ phần mềm nghiệp vụ bền vững hơn nhập tay",
        "Rà soát lại danh mục dữ liệu mở theo nhu cầu sử dụng thực tế",
    ),
    Topic(
        ("cấp độ", "an toàn"),
        ("hồ sơ đề xuất cấp độ đang được thẩm định",
         "chưa bố trí đủ kinh phí triển khai giải pháp theo phương án đã phê duyệt"),
        ("bám sát đơn vị thẩm định, hoàn thiện hồ sơ theo ý kiến góp ý",
         "ưu tiên triển khai các giải pháp không cần kinh phí trước"),
        ("Quyết định {QĐ} phê duyệt cấp độ an toàn hệ thống thông tin",),
        "Xây dựng hồ sơ cấp độ theo mẫu chung rút ngắn thời gian thẩm định",
        "Chia hai bước: phê duyệt cấp độ trước, hoàn thành giải pháp trong 6 tháng sau",
    ),
    Topic(
        ("bản quyền", "diệt virus", "windows"),
        ("một số máy tính cũ không cài được phiên bản mới, chờ thay thế",
         "gói mua sắm bản quyền đang thực hiện thủ tục theo quy định"),
        ("lập dự toán thay thế máy cũ, trước mắt cài phần mềm diệt virus miễn phí của nhà cung cấp",
         "đẩy nhanh thủ tục mua sắm tập trung"),
        ("Biên bản kiểm kê máy tính, phần mềm",),
        "Kiểm kê đầy đủ từ đầu mới lập được dự toán sát thực tế",
        "Cho phép dùng phần mềm nguồn mở tương đương",
    ),
    Topic(
        ("mục thông tin", "trang thông tin", "cổng thông tin"),
        ("một số chuyên mục trên Trang thông tin điện tử chưa cập nhật thường xuyên",
         "thông tin về quy hoạch, chương trình, dự án chưa đủ theo danh mục phải công khai"),
        ("phân công phòng cung cấp tin theo từng chuyên mục, kiểm tra hằng tuần",
         "rà soát theo danh mục của Nghị định, đăng tải bổ sung"),
        ("Trích xuất Trang thông tin điện tử", "Báo cáo rà soát Trang thông tin điện tử {BC}"),
        "Giao rõ phòng nào cung cấp chuyên mục nào thì thông tin không bị bỏ trống",
        "Thống nhất danh mục mục thông tin bắt buộc chung cho các đơn vị",
    ),
)  # fmt: skip

GENERAL = Topic(
    (),
    ("việc rà soát, thống kê giữa các phòng chưa xong", "nhân lực phụ trách còn kiêm nhiệm"),
    ("đôn đốc các phòng, báo cáo lãnh đạo hằng tuần", "phân công bổ sung, đặt thời hạn cho từng phòng"),
    ("Báo cáo kết quả thực hiện {BC}",),
    "Giao việc kèm thời hạn, sản phẩm cụ thể và kiểm tra hằng tuần",
    "Kéo dài thời hạn thực hiện thêm một quý",
)


def topic_of(figure: Figure) -> Topic:
    """The topic whose words stand in the figure's name, else in what it counts; the general one where none do."""
    for text in (fold(figure.name), fold(f"{figure.numerator} {figure.denominator}")):
        for topic in TOPICS:
            if any(words in text for words in topic.words):
                return topic
    return GENERAL
