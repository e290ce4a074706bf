"""Letters of which nobody knows whether they arrived, since whoever sent them was killed just then."""

from collections import Counter
from datetime import datetime
from email import message_from_bytes

from baocao.domain.delivery import DeliveryState
from baocao.store.engine.database import writing
from baocao.store.outbox.deliveries import resolve, retry
from baocao.store.outbox.messages import list_messages
from baocao.workspace.workspace import Workspace
from support.servers.smtp import SmtpServer


def tell_fates(workspace: Workspace, server: SmtpServer, now: datetime) -> int:
    """What a person does: asks at the other end, and says so or lets it be sent again. Returns how many there were."""
    arrived = copies(server)
    with writing(workspace.engine) as connection:
        doubtful = [
            (one.key, one.message_id, to.recipient)
            for one in list_messages(connection)
            for to in one.deliveries
            if to.state is DeliveryState.UNCERTAIN
        ]
        for key, identifier, recipient in doubtful:
            if arrived[identifier, recipient]:
                resolve(connection, key, recipient, DeliveryState.SENT, "đã nhận", now)
            else:
                retry(connection, key, recipient)
    return len(doubtful)


def copies(server: SmtpServer) -> Counter[tuple[str, str]]:
    """How often the server took each message for each address."""
    return Counter(
        (str(message_from_bytes(one.content)["Message-ID"]), recipient)
        for one in server.received
        for recipient in one.recipients
    )
