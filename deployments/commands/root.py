"""The commands, gathered."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from deployments.commands import board, cycle, doctor, outbox, plan, running, safekeeping, site, workbook
from deployments.commands.submissions import deciding, finding, submission
from deployments.vietnamese import Command, group

app = group(
    "Thu, kiểm tra, tổng hợp và gửi báo cáo triển khai kế hoạch. Thêm --debug để xem chi tiết lỗi.", name="baocao"
)
COMMANDS: tuple[Callable[..., Any], ...] = (
    workbook.template,
    workbook.check,
    cycle.send_templates,
    cycle.remind,
    cycle.collect,
    cycle.escalate,
    cycle.report,
    cycle.assignments,
    cycle.assess,
    cycle.catch_up,
    board.status,
    board.export,
    site.site,
    deciding.audit,
    running.serve,
    running.watch,
    running.retry,
    running.deploy,
    doctor.doctor,
    safekeeping.backup,
    safekeeping.restore,
    cycle.demo,
)


def _tell_version(is_asked: bool) -> None:
    """Print the program's version and the newest migration that it knows, then end."""
    if is_asked:
        from importlib.metadata import version

        from baocao.store.engine.database import head_revision

        print(f"baocao {version('baocao')}, cơ sở dữ liệu {head_revision()}")
        raise typer.Exit


@app.callback()
def main(
    _is_asked: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="In phiên bản rồi thoát.")
    ] = False,
) -> None:
    """Its words are the group's own help."""


for command in COMMANDS:
    app.command(cls=Command)(command)
app.add_typer(plan.app, name="plan")
app.add_typer(outbox.app, name="outbox")
app.add_typer(submission.app, name="submission")
app.add_typer(finding.app, name="finding")
