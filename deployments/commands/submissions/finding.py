"""``baocao finding``: what was found, what units explain, and what the coordinator accepts of it."""

from typing import Annotated

import typer

from baocao.decisions.explanations import accept as take
from baocao.decisions.explanations import explain as keep
from baocao.decisions.explanations import listed
from baocao.decisions.signing import sign
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption, JsonOption, PeriodOption, print_json
from deployments.commands.submissions.deciding import NameOption, ReasonOption

NumberArgument = Annotated[str, typer.Argument(help="Số của mục, như “finding list” in ra: SCT-2022-10-1-3.")]


def list_all(
    period: PeriodOption,
    unit: Annotated[str | None, typer.Option("--unit", help="Chỉ một đơn vị.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Liệt kê những gì tìm thấy ở lần nộp cuối của mỗi đơn vị, kèm giải trình."""
    found = listed(open_workspace(), period, unit)
    if as_json:
        print_json([one.as_row() for one in found])
        return
    for one in found:
        print(f"{one.number}  {one.finding.message}")
    if not found:
        print(f"Kỳ {period.short}: không có lỗi hay cảnh báo nào.")


def explain(
    number: NumberArgument,
    period: PeriodOption,
    text: Annotated[str, typer.Option("--text", help="Giải trình của đơn vị.")],
    name: NameOption,
    reason: ReasonOption = "Đơn vị giải trình",
    as_of: AsOfOption = None,
) -> None:
    """Ghi lại giải trình của đơn vị cho một cảnh báo."""
    workspace = open_workspace()
    one = keep(workspace, period, number, text, sign(name, reason, workspace.clock(as_of)))
    print(f"Đã ghi giải trình cho {one.number}; chờ chấp nhận bằng “baocao finding accept”.")


def accept(
    number: NumberArgument, period: PeriodOption, name: NameOption, reason: ReasonOption, as_of: AsOfOption = None
) -> None:
    """Chấp nhận giải trình: cảnh báo này không nêu lại ở các kỳ sau, đến khi giá trị thay đổi."""
    workspace = open_workspace()
    one = take(workspace, period, number, sign(name, reason, workspace.clock(as_of)))
    print(f"Đã chấp nhận giải trình của {one.number}.")
