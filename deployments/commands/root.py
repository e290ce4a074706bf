"""The commands, gathered."""

import typer

from deployments.commands import board, cycle, outbox, plan, workbook

app = typer.Typer(
    name="baocao",
    help="Thu, kiểm tra, tổng hợp và gửi báo cáo triển khai kế hoạch. Thêm --debug để xem chi tiết lỗi.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(plan.app, name="plan")
app.command("template")(workbook.template)
app.command("check")(workbook.check)
app.command("collect")(cycle.collect)
app.command("report")(cycle.report)
app.command("status")(board.status)
app.command("export")(board.export)
app.add_typer(outbox.app, name="outbox")
app.command("demo")(cycle.demo)
