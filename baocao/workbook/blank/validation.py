"""What Excel itself checks while a form is filled in; the true rules stand elsewhere, this only helps the hand."""

from openpyxl.worksheet.datavalidation import DataValidation

from baocao.domain.planned.form import Column, ColumnType
from baocao.domain.received.finding import clip
from baocao.system.errors import PlanError

_FIRST_DAY = "36526"  # 01/01/2000 as Excel counts days
_TITLE_LIMIT, _TEXT_LIMIT, _LIST_LIMIT = 32, 255, 255


def validation_of(column: Column, prompt: str = "") -> DataValidation | None:
    """The validation of a column's cells, with the given text (else the column's help) as prompt; None where none is
    due.

    Raises:
        PlanError: the column's choices cannot be put into an Excel list.
    """
    text = prompt or column.help
    validation = _rule(column)
    if validation is None:
        return prompt_only(column.header, text) if text else None
    validation.allow_blank = True
    validation.showErrorMessage = True
    validation.errorTitle = clip(column.header, _TITLE_LIMIT)
    return _prompted(validation, column.header, text)


def prompt_only(title: str, text: str) -> DataValidation:
    """No check: a note that shows while the cell is selected."""
    return _prompted(DataValidation(allow_blank=True), title, text)


def _prompted(validation: DataValidation, title: str, text: str) -> DataValidation:
    if text:
        validation.showInputMessage = True
        validation.promptTitle = clip(title, _TITLE_LIMIT)
        validation.prompt = clip(text, _TEXT_LIMIT)
    return validation


def _rule(column: Column) -> DataValidation | None:
    match column.type:
        case ColumnType.COUNT:
            return DataValidation(
                "whole",
                operator="greaterThanOrEqual",
                formula1="0",
                error="Chỉ nhập số nguyên, không âm (ví dụ: 128). Không phát sinh thì ghi 0.",
            )
        case ColumnType.PERCENT:
            return DataValidation(
                "decimal",
                operator="between",
                formula1="0",
                formula2="100",
                error="Chỉ nhập số từ 0 đến 100 (ví dụ: 85,5); không ghi dấu %.",
            )
        case ColumnType.AMOUNT:
            return DataValidation(
                "decimal",
                operator="greaterThan",
                formula1="0",
                error="Chỉ nhập số lớn hơn 0 (ví dụ: 150 hoặc 150,5).",
            )
        case ColumnType.DATE:
            return DataValidation(
                "date",
                operator="greaterThanOrEqual",
                formula1=_FIRST_DAY,
                # Only a warning: Excel set to another language takes 18/10/2022 for text, which the reader understands.
                errorStyle="warning",
                error="Ghi ngày/tháng/năm, như 18/10/2022. Nếu đã ghi đúng như vậy, chọn Yes để tiếp tục.",
            )
        case ColumnType.CHOICE:
            return _list(column, column.choices, f"Chọn một giá trị trong danh sách: {'; '.join(column.choices)}.")
        case ColumnType.MARK:
            return _list(column, ("x",), "Ghi x, hoặc để trống.")
        case _:
            return None


def _list(column: Column, choices: tuple[str, ...], error: str) -> DataValidation:
    joined = ",".join(choices)
    if not choices or len(joined) > _LIST_LIMIT or any(sign in choice for choice in choices for sign in ',"'):
        raise PlanError(
            f"cột “{column.header}”: danh sách lựa chọn phải có ít nhất một mục, không chứa dấu phẩy hay dấu "
            f"ngoặc kép, dài không quá {_LIST_LIMIT} ký tự; hãy sửa choices trong biểu mẫu"
        )
    return DataValidation("list", formula1=f'"{joined}"', error=clip(error, _TEXT_LIMIT))
