"""Decisions on mails that did not clearly arrive."""

from baocao.domain.delivery import DeliveryState, Message
from baocao.domain.signature import Signature
from baocao.oversight import resending
from baocao.store.engine.database import reading
from baocao.store.outbox import messages
from baocao.system.errors import UsageError
from portal.room.visit import Visit

_CONCLUSIONS = {one.value: one for one in (DeliveryState.SENT, DeliveryState.REFUSED)}


def _message(visit: Visit) -> Message:
    with reading(visit.workspace.engine) as connection:
        return messages.show(connection, visit.text("key"))


def state(visit: Visit) -> str:
    """How a mail's deliveries stand."""
    return "; ".join(
        f"{one.recipient} {one.state.value} {one.attempts} {one.note}" for one in _message(visit).deliveries
    )


def _conclusion(visit: Visit) -> DeliveryState:
    if visit.text("state") not in _CONCLUSIONS:
        raise UsageError("Hãy chọn “đã tới” hoặc “không tới”.")
    return _CONCLUSIONS[visit.text("state")]


def follows_conclusion(visit: Visit) -> list[str]:
    """What a conclusion does."""
    arrived = "đã tới" if _conclusion(visit) is DeliveryState.SENT else "không tới"
    subject = _message(visit).subject
    return [f"Thư “{subject}” gửi {visit.text('recipient')} được ghi là {arrived}.", "Thư không được gửi lại nữa."]


def conclude_on(visit: Visit, signed: Signature) -> None:
    """Write down what became of a mail."""
    resending.conclude(visit.workspace, visit.text("key"), visit.text("recipient"), _conclusion(visit), signed)


def follows_retry(visit: Visit) -> list[str]:
    """What sending again does."""
    return [
        f"Thư “{_message(visit).subject}” được gửi lại ngay tới nơi chưa nhận, nguyên văn.",
        "Nơi nhận đã có thư này thì có thể nhận thêm một bản.",
    ]


def retry(visit: Visit, signed: Signature) -> None:
    """Send a mail again."""
    resending.send_again(visit.workspace, visit.text("key"), visit.text("recipient") or None, signed)


def follows_redirect(visit: Visit) -> list[str]:
    """What sending elsewhere does."""
    return [
        f"Thư “{_message(visit).subject}” được gửi ngay tới {visit.text('to')}, thay cho {visit.text('recipient')}.",
        "Chỉ đổi lần gửi này; địa chỉ trong kế hoạch do vận hành sửa.",
    ]


def redirect(visit: Visit, signed: Signature) -> None:
    """Send a mail to the right address."""
    recipient = visit.text("recipient") or None
    resending.send_elsewhere(visit.workspace, visit.text("key"), recipient, visit.text("to"), signed)
