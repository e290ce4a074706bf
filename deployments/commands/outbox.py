"""``baocao outbox``: mails and their delivery states."""

from typing import Annotated

import typer

from baocao.errors import OutsideServiceError
from deployments.commands.common import AsOfOption, JsonOption, MaybePeriodOption, login_name, print_json
from deployments.vietnamese import Command, group

app = group("Xem thư đã gửi, chờ gửi; gửi lại hoặc kết luận về thư chưa rõ.")
KeyArgument = Annotated[str, typer.Argument(help="Khóa của thư, lấy từ lệnh outbox list.")]
RESOLUTIONS = ("sent", "refused")


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
def show(key: KeyArgument, as_json: JsonOption = False) -> None:
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


@app.command(cls=Command)
def retry(
    key: KeyArgument,
    recipient: Annotated[str | None, typer.Option("--recipient", help="Một nơi nhận; bỏ trống là tất cả.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Họ tên người quyết định gửi lại.")] = None,
    as_of: AsOfOption = None,
) -> int:
    """Gửi lại ngay thư bị từ chối, tạm hoãn hoặc chưa rõ; không bao giờ gửi lại thư đã gửi."""
    from baocao.clock import read_clock
    from baocao.mail.resending import send_again
    from baocao.workspace import open_workspace

    workspace = open_workspace()
    message = send_again(workspace, key, recipient, name or login_name(), read_clock(as_of, workspace.zone))
    for delivery in message.deliveries:
        print(f"{delivery.recipient}: {delivery.state.label} {delivery.last_error or ''}".rstrip())
    unsent = [one for one in message.deliveries if one.state != "sent" and recipient in (None, one.recipient)]
    return OutsideServiceError.exit_code if unsent else 0


@app.command(cls=Command)
def resolve(
    key: KeyArgument,
    recipient: Annotated[str, typer.Option("--recipient", help="Địa chỉ nơi nhận.")],
    state: Annotated[str, typer.Option("--state", help="sent (đã đến) hoặc refused (sẽ không đến).")],
    note: Annotated[str, typer.Option("--note", help="Xác nhận thế nào, ví dụ: văn thư gọi điện báo đã nhận.")],
    name: Annotated[str, typer.Option("--name", help="Họ tên người kết luận.")],
    as_of: AsOfOption = None,
) -> None:
    """Ghi kết luận về một thư chưa rõ: đã đến nơi, hoặc sẽ không gửi nữa."""
    from baocao.clock import read_clock
    from baocao.mail.record import DeliveryState
    from baocao.mail.resending import conclude
    from baocao.workspace import open_workspace

    if state not in RESOLUTIONS:
        raise typer.BadParameter(f"--state: “{state}” không có; hãy chọn một trong {', '.join(RESOLUTIONS)}")
    workspace = open_workspace()
    conclude(workspace, key, recipient, DeliveryState(state), note, name, read_clock(as_of, workspace.zone))
    print(f"{key}, {recipient}: {DeliveryState(state).label}.")
