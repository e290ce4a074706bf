"""The parameters that operators see and fill in; described and checked."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, ParamSpec, TypeVar, get_type_hints

from pydantic import Field

P = ParamSpec("P")
R = TypeVar("R")

_PERIOD = r"^\d{4}-(0[1-9]|1[0-2])$"
PeriodParameter = Annotated[
    str,
    Field(
        title="Kỳ báo cáo",
        description="Năm và tháng của kỳ, ví dụ 2022-10.",
        pattern=_PERIOD,
        examples=["2022-10"],
    ),
]
MaybePeriodParameter = Annotated[
    Annotated[str, Field(pattern=_PERIOD)] | None,
    Field(title="Kỳ báo cáo", description="Bỏ trống là mọi kỳ đã mở; hoặc năm và tháng của một kỳ, ví dụ 2022-10."),
]
AsOfParameter = Annotated[
    datetime | None,
    Field(title="Tính tại thời điểm", description="Bỏ trống là bây giờ; giờ Việt Nam, ví dụ 2022-10-19T17:00."),
]
RestatementParameter = Annotated[
    bool,
    Field(title="Đính chính", description="Chỉ chọn khi sửa báo cáo đã phát hành; phải nêu lý do ở ô dưới."),
]
ReasonParameter = Annotated[
    str, Field(title="Lý do đính chính", description="Khi sửa báo cáo đã phát hành; in trong bảng đính chính.")
]
ByParameter = Annotated[
    str, Field(title="Người đính chính", description="Họ tên, ghi vào nhật ký cùng lý do.", max_length=200)
]
ByScheduleParameter = Annotated[
    bool,
    Field(
        title="Chạy theo lịch",
        description="Kỳ chưa có báo cáo nào được chấp nhận thì chỉ gửi bản dự thảo cho cán bộ tổng hợp.",
    ),
]
DraftParameter = Annotated[
    bool, Field(title="Bản dự thảo", description="Dựng báo cáo để xem trước; không đánh số, không gửi thư.")
]


def described(function: Callable[P, R]) -> Callable[P, R]:
    """Tell Prefect what each parameter is: it reads the docstring's list of arguments, not the annotations."""
    hints = get_type_hints(function, include_extras=True)
    fields = {name: hint.__metadata__[0] for name, hint in hints.items() if hasattr(hint, "__metadata__")}
    told = (f"    {name}: {field.title}. {field.description}" for name, field in fields.items())
    function.__doc__ = "\n".join((function.__doc__ or "", "", "Args:", *told))
    return function
