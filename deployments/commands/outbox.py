"""``baocao outbox``: mails and their delivery states."""

from typing import Annotated

import typer

from deployments.commands.common import JsonOption, MaybePeriodOption, print_json
from deployments.vietnamese import Command, group

app = group("Xem thư đã gửi, chờ gửi.")


@app.command("list", cls=Command)
def list_all(period: MaybePeriodOption = None, as_json: JsonOption = False) -> None:
    """Liệt kê thư và trạng thái gửi."""
    from baocao.mail.outbox import list_messages
    from baocao.store.database import reading
    from baocao.workspace import open_workspace

    with reading(open_workspace().engine) as connection:
        messages = list_messages(connection, period=period)
    if as_json:
        print_json([message.as_row() for message in messages])
        return
    from rich.console import Console
    from rich.table import Table

    table = Table()
    for header in ("Khóa", "Tiêu đề", "Người nhận", "Trạng thái"):
        table.add_column(header, overflow="fold")
    for message in messages:
        for delivery in message.deliveries:
            table.add_row(message.key, message.subject, delivery.recipient, delivery.state.label)
    Console().print(table, markup=False)


@app.command(cls=Command)
def show(
    key: Annotated[str, typer.Argument(help="Khóa của thư, lấy từ lệnh outbox list.")], as_json: JsonOption = False
) -> None:
    """Xem một thư: người nhận, trạng thái, nội dung."""
    from baocao.mail.outbox import show as show_message
    from baocao.mail.reading import plain_text
    from baocao.store.database import reading
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    with reading(workspace.engine) as connection:
        message = show_message(connection, key)
    if as_json:
        print_json(message.as_row())
        return
    path = workspace.outbox_folder / message.eml_file
    print(f"{message.subject}\n{path}")
    for delivery in message.deliveries:
        print(f"  {delivery.recipient}: {delivery.state.label} {delivery.last_error or ''}".rstrip())
    print()
    print(plain_text(path.read_bytes()))
