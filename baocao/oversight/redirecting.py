"""Gửi lại tới địa chỉ đúng: the same message, same bytes and Message-ID, to an address that a person corrected."""

from collections.abc import Sequence

from baocao.domain.delivery import Delivery, DeliveryState, Message
from baocao.domain.mailbox import checked_mailbox
from baocao.store.engine.names import Connection
from baocao.store.outbox.deliveries import send_instead
from baocao.system.errors import UsageError


def redirect(connection: Connection, message: Message, recipient: str | None, to: str, who: str) -> tuple[str, str]:
    """Add a delivery to the address ``to`` and settle the one to the wrong address, in the caller's transaction.

    ``recipient`` is the wrong address; it may be left out where only one delivery of the message did not arrive. A
    delivery that was sent stays sent: it lies in a stranger's mailbox. Returns the wrong and the right address.

    Raises:
        UsageError: the address is malformed, or has the message already; or it is not clear which one was wrong.
    """
    address = checked_mailbox("Địa chỉ mới", ("", to.strip()))[1]
    known = {one.recipient.lower(): one for one in message.deliveries}
    if address.lower() in known:
        state = known[address.lower()].label.lower()
        raise UsageError(
            f"Thư “{message.key}” đã có nơi nhận {address} ({state}); gửi lại: baocao outbox retry {message.key}"
        )
    wrong = _wrong(message, recipient)
    send_instead(connection, message.key, wrong, address, f"{who}: gửi lại tới {address}")
    return wrong.recipient, address


def _wrong(message: Message, recipient: str | None) -> Delivery:
    """The delivery to the wrong address."""
    here = [one for one in message.deliveries if one.replaced_by is None]
    if recipient is None:
        here = [one for one in here if one.state is not DeliveryState.SENT]
    else:
        here = [one for one in here if one.recipient.lower() == recipient.strip().lower()]
    if len(here) != 1:
        raise UsageError(_ask(message.key, message.deliveries))
    if here[0].state is DeliveryState.SENDING:
        raise UsageError(f"Thư “{message.key}” đang được gửi tới {here[0].recipient}; hãy chờ rồi chạy lại.")
    return here[0]


def _ask(key: str, deliveries: Sequence[Delivery]) -> str:
    addresses = ", ".join(one.recipient for one in deliveries)
    return f"Thư “{key}” gửi tới {addresses}; hãy nêu địa chỉ sai bằng --recipient."
