"""``baocao outbox``: mails and their delivery states."""

from typing import Annotated

import typer

from baocao.decisions.signing import CONCLUSION, OPERATION, sign
from baocao.domain.delivery import DeliveryState
from baocao.mail.reading import plain_text
from baocao.oversight.resending import conclude, send_again, send_elsewhere
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import list_messages
from baocao.store.outbox.messages import show as show_message
from baocao.system.errors import OutsideServiceError
from baocao.workspace.workspace import open_workspace
from deployments.commands.shared.common import AsOfOption, JsonOption, MaybePeriodOption, login_name, print_json
from deployments.commands.shared.homes import existing_home

KeyArgument = Annotated[str, typer.Argument(help="Khóa của thư, lấy từ lệnh outbox list.")]
RESOLUTIONS = ("sent", "refused")


def list_all(period: MaybePeriodOption = None, as_json: JsonOption = False) -> None:
    """Liệt kê thư và trạng thái gửi."""
    with reading(existing_home().engine) as connection:
        messages = list_messages(connection, period=period)
    if as_json:
        print_json([message.as_row() for message in messages])
        return
    for message in messages:
        print(f"{message.key}\n  {message.subject}")  # the key alone on its line: whole, however narrow the terminal
        for delivery in message.deliveries:
            print(f"  {delivery.told()}")
    if not messages:
        print("Sổ thư đi chưa có thư nào.")


def show(key: KeyArgument, as_json: JsonOption = False) -> None:
    """Xem một thư: người nhận, trạng thái, nội dung."""
    workspace = existing_home()
    with reading(workspace.engine) as connection:
        message = show_message(connection, key)
    if as_json:
        print_json(message.as_row())
        return
    path = workspace.outbox_folder / message.eml_file
    print(f"{message.subject}\n{path}")
    for delivery in message.deliveries:
        print(f"  {delivery.told()}")
    if any(delivery.is_open for delivery in message.deliveries):
        print(f"Gửi lại: baocao outbox retry {key}")
        print(f"Gửi tới địa chỉ đúng: baocao outbox retry {key} --to ĐỊA-CHỈ --name “Họ tên” --reason “Lý do”")
        print(f"Kết luận: baocao outbox resolve {key} --recipient … --state sent|refused --note “…” --name “Họ tên”")
    print()
    print(plain_text(path.read_bytes()))


def retry(
    key: KeyArgument,
    recipient: Annotated[str | None, typer.Option("--recipient", help="Một nơi nhận; bỏ trống là tất cả.")] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Địa chỉ đúng, thay cho --recipient; kèm --name và --reason.")
    ] = None,
    name: Annotated[str | None, typer.Option("--name", help="Họ tên người quyết định gửi lại.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Lý do đổi địa chỉ; được lưu vào nhật ký.")] = "",
    as_of: AsOfOption = None,
) -> int:
    """Gửi lại ngay thư bị từ chối, tạm hoãn hoặc chưa rõ; --to gửi tới địa chỉ đúng. Không gửi hai lần tới một nơi."""
    workspace = open_workspace()
    clock = workspace.clock(as_of)
    if to is None:
        message = send_again(workspace, key, recipient, sign(name or login_name(), "", clock, demand=OPERATION))
    else:
        message = send_elsewhere(workspace, key, recipient, to, sign(name or "", reason, clock))
        print("Địa chỉ trong kế hoạch chưa đổi; hãy sửa recipients.yaml hoặc plan.yaml để các thư sau gửi đúng.")
    for delivery in message.deliveries:
        print(delivery.told())
    asked = (to.strip(),) if to else (recipient,) if recipient else tuple(one.recipient for one in message.deliveries)
    unsent = [one for one in message.deliveries if one.state != "sent" and one.recipient in asked]
    return OutsideServiceError.exit_code if unsent else 0


def resolve(
    key: KeyArgument,
    recipient: Annotated[str, typer.Option("--recipient", help="Địa chỉ nơi nhận.")],
    state: Annotated[str, typer.Option("--state", help="sent (đã đến) hoặc refused (sẽ không đến).")],
    note: Annotated[str, typer.Option("--note", help="Xác nhận thế nào, ví dụ: văn thư gọi điện báo đã nhận.")],
    name: Annotated[str, typer.Option("--name", help="Họ tên người kết luận.")],
    as_of: AsOfOption = None,
) -> None:
    """Ghi kết luận về một thư chưa rõ: đã đến nơi, hoặc sẽ không gửi nữa."""
    if state not in RESOLUTIONS:
        raise typer.BadParameter(f"--state: “{state}” không có; hãy chọn một trong {', '.join(RESOLUTIONS)}")
    workspace = open_workspace()
    signed = sign(name, note, workspace.clock(as_of), demand=CONCLUSION)
    conclude(workspace, key, recipient, DeliveryState(state), signed)
    print(f"{key}, {recipient}: {DeliveryState(state).label}.")
