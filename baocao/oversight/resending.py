"""What people do about mails that did not clearly arrive; each act is written into the audit book."""

from baocao.domain.delivery import DeliveryState, Message
from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.mail.sending.delivery import deliver_all
from baocao.oversight.redirecting import redirect
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.outbox import deliveries, messages
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace


def send_again(workspace: Workspace, key: str, recipient: str | None, signed: Signature) -> Message:
    """Let a message go out again, at once, with the same bytes and Message-ID; whatever else is due goes with it.

    Returns the message as it stands afterwards.

    Raises:
        UsageError: there is no such message, or nothing of it can be sent again.
        OutsideServiceError: the mail server cannot be reached; the message waits in the outbox.
    """
    with writing(workspace.engine) as connection:
        message = messages.show(connection, key)
        again = deliveries.retry(connection, key, recipient)
        audit.record(connection, signed, "retry", key, {"recipients": again}, period=_period(message))
    return _sent(workspace, key, signed)


def send_elsewhere(workspace: Workspace, key: str, recipient: str | None, to: str, signed: Signature) -> Message:
    """Let a message go out, at once, to the corrected address ``to`` in place of ``recipient``.

    Returns the message as it stands afterwards.

    Raises:
        UsageError: there is no such message, the address is malformed or has it already, or it is not clear which
            recipient's address was wrong.
        OutsideServiceError: the mail server cannot be reached; the message waits in the outbox.
    """
    with writing(workspace.engine) as connection:
        message = messages.show(connection, key)
        wrong, right = redirect(connection, message, recipient, to, signed.name)
        details = {"from": wrong, "to": right}
        audit.record(connection, signed, "redirect", key, details, period=_period(message))
    return _sent(workspace, key, signed)


def _sent(workspace: Workspace, key: str, signed: Signature) -> Message:
    deliver_all(workspace, Clock(signed.at, is_simulated=False))
    with reading(workspace.engine) as connection:
        return messages.show(connection, key)


def conclude(workspace: Workspace, key: str, recipient: str, state: DeliveryState, signed: Signature) -> None:
    """Write down what a person found out about a delivery that is not settled; the reason is how it is known.

    Raises:
        UsageError: it is not said how it is known, or there is nothing to conclude on.
    """
    with writing(workspace.engine) as connection:
        message = messages.show(connection, key)
        before = next((one.state for one in message.deliveries if one.recipient == recipient), None)
        note = f"{signed.name}: {signed.reason}" if signed.reason else ""
        deliveries.resolve(connection, key, recipient, state, note, signed.at)
        details = {"recipient": recipient, "from": before, "to": state}
        audit.record(connection, signed, "resolve", key, details, period=_period(message))


def _period(message: Message) -> Period | None:
    return Period.parse(message.period) if message.period else None
