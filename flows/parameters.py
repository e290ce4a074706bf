"""The parameters that operators see and fill in; described and checked."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

PeriodParameter = Annotated[
    str,
    Field(
        title="Kỳ báo cáo",
        description="Năm và tháng của kỳ, ví dụ 2022-10.",
        pattern=r"^\d{4}-(0[1-9]|1[0-2])$",
        examples=["2022-10"],
    ),
]
AsOfParameter = Annotated[
    datetime | None,
    Field(title="Tính tại thời điểm", description="Bỏ trống là bây giờ; giờ Việt Nam, ví dụ 2022-10-19T17:00."),
]
ReasonParameter = Annotated[
    str, Field(title="Lý do đính chính", description="Khi sửa báo cáo đã phát hành; in trong bảng đính chính.")
]
DraftParameter = Annotated[
    bool, Field(title="Bản dự thảo", description="Dựng báo cáo để xem trước; không đánh số, không gửi thư.")
]
