"""What the commands share: options, the clock, printing, running a flow."""

import getpass
import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from baocao.domain.planned.period import Period
from baocao.system.errors import UsageError
from baocao.system.files import write_atomically


def parse_period(text: str) -> Period:
    """A period from the command line; wrong ones end with the usage message."""
    try:
        return Period.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def parse_moment(text: str) -> datetime:
    """A moment from the command line: ISO 8601; without a zone it is the plan's local time."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"“{text}” không đúng dạng ngày giờ; hãy viết như 2022-10-19T17:00.") from None


def parse_day(text: str) -> date:
    """A day from the command line: ``30/11/2022`` or ``2022-11-30``."""
    for form in ("%d/%m/%Y", "%Y-%m-%d"):
        with suppress(ValueError):
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a day has no zone
    raise typer.BadParameter(f"“{text}” không phải ngày; hãy viết như 30/11/2022.")


PeriodOption = Annotated[Period, typer.Option("--period", help="Kỳ báo cáo, ví dụ 2022-10.", parser=parse_period)]
MaybePeriodOption = Annotated[
    Period | None, typer.Option("--period", help="Kỳ báo cáo, ví dụ 2022-10.", parser=parse_period)
]
AsOfOption = Annotated[
    datetime | None,
    typer.Option("--as-of", help="Tính tại thời điểm (giờ địa phương), ví dụ 2022-10-19T17:00.", parser=parse_moment),
]
JsonOption = Annotated[bool, typer.Option("--json", help="In một tài liệu JSON ra đầu ra chuẩn, không in gì khác.")]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="Tệp ghi ra.")]


def login_name() -> str:
    """Who sits at this machine, for the audit book."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "không rõ"


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=1))


def write_output(path: Path, data: bytes) -> None:
    """Write a file that the person asked for.

    Raises:
        UsageError: its folder does not exist.
    """
    if not path.parent.is_dir():
        raise UsageError(f"Không có thư mục {path.parent}; hãy tạo trước hoặc chọn nơi khác.")
    write_atomically(path, data)
