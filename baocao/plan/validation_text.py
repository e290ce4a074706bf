"""What pydantic refuses, said in Vietnamese for whoever keeps a plan or the settings."""

from collections.abc import Mapping
from typing import Any

_LIST, _TABLE, _WHOLE, _NUMBER = "phải là danh sách", "phải là bảng “khóa: giá trị”", "phải là số nguyên", "phải là số"
_DAY, _TRUTH = "phải là ngày, viết như 2022-08-31", "phải là true hoặc false"
_MESSAGES = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường không có trong mẫu; hãy xóa hoặc sửa tên",
    "value_error": "{error}",
    "enum": "chỉ nhận {expected}",
    "literal_error": "chỉ nhận {expected}",
    "string_type": "phải là chữ",
    "string_pattern_mismatch": "không đúng dạng {pattern}",
    "bool_parsing": _TRUTH,
    "bool_type": _TRUTH,
    "float_parsing": _NUMBER,
    "float_type": _NUMBER,
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_from_float": _WHOLE,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
    "time_parsing": "phải là giờ, viết như 08:00",
    "time_type": "phải là giờ, viết như 08:00",
    "tuple_type": _LIST,
    "list_type": _LIST,
    "dict_type": _TABLE,
    "model_type": _TABLE,
    "too_short": "phải có ít nhất {min_length} mục",
    "less_than_equal": "phải nhỏ hơn hoặc bằng {le}",
    "greater_than_equal": "phải lớn hơn hoặc bằng {ge}",
    "greater_than": "phải lớn hơn {gt}",
}


def fault_text(fault: Mapping[str, Any]) -> str:
    """What is wrong with a value, from one of the errors of a ``ValidationError``; never the value itself."""
    context = {key: str(value).replace(" or ", " hoặc ") for key, value in fault.get("ctx", {}).items()}
    message = _MESSAGES.get(fault["type"])
    return str(fault["msg"]) if message is None else message.format_map(context)
