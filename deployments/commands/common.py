"""What the commands share: options, the clock, printing, running a flow."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from baocao.domain.period import Period
from baocao.errors import OutsideServiceError, UsageError
from baocao.proxies import proxy_hint

_CHECKING = ("collect", "catch_up")
_LIBRARIES = {"report": ("pandas", "matplotlib.figure", "docxtpl", "openpyxl", "typst")}


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
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "không rõ"


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    print(json.dumps(document, ensure_ascii=False, indent=1))


def run_flow(name: str, **parameters: Any) -> None:
    """Run the very flow that the schedule runs, in this process.

    Without a server of its own nobody listens for its heartbeats, and stopping them takes a second a flow.

    Raises:
        OutsideServiceError: Prefect's server cannot be reached, or went away; what was done before is stored.
    """
    from baocao.workspace import open_workspace
    from deployments.environment import prepare_prefect
    from deployments.ephemeral import server_meanwhile

    prepare_prefect(open_workspace().settings)
    from prefect.settings import PREFECT_API_URL, PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    with temporary_settings(updates={} if PREFECT_API_URL.value() else {PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None}):
        try:
            with server_meanwhile():
                flow = _loaded(name)
            flow(**parameters)
        except Exception as error:
            if not _is_of_the_server(error):
                raise
            raise OutsideServiceError(
                f"Không liên lạc được máy chủ Prefect ({PREFECT_API_URL.value() or 'chạy kèm'}): {error}."
                f"{proxy_hint(PREFECT_API_URL.value() or '')} Việc đã làm vẫn được giữ; hãy khởi động máy chủ, "
                "hoặc bỏ PREFECT_API_URL, rồi chạy lại."
            ) from error


def _is_of_the_server(error: Exception) -> bool:
    """Whether Prefect's own server failed; for the two ways in which it is not reached, Prefect has no exception."""
    from httpx import HTTPStatusError, TransportError

    if isinstance(error, HTTPStatusError):
        return error.response.is_server_error
    return isinstance(error, TransportError) or (type(error) is RuntimeError and "API" in str(error))


def _loaded(name: str) -> Callable[..., Any]:
    """The flow, with the libraries that it would load on its way."""
    from importlib import import_module

    flow: Callable[..., Any] = getattr(import_module(f"flows.{name}"), name)
    if name in _CHECKING:
        from expectations.library import great_expectations

        great_expectations()
    for library in _LIBRARIES.get(name, ()):
        import_module(library)
    return flow


def write_output(path: Path, data: bytes) -> None:
    """Write a file that the person asked for.

    Raises:
        UsageError: its folder does not exist.
    """
    from baocao.files import write_atomically

    if not path.parent.is_dir():
        raise UsageError(f"Không có thư mục {path.parent}; hãy tạo trước hoặc chọn nơi khác.")
    write_atomically(path, data)
