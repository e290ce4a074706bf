"""Mail of the window goes out at once, by one thread at a time, whatever the number of visitors."""

import logging
from collections.abc import Callable
from threading import Lock

from baocao.mail.sending.delivery import deliver_all
from baocao.system.clock import Clock
from baocao.system.errors import BaocaoError
from baocao.workspace.workspace import Workspace

log = logging.getLogger(__name__)


class Postman:
    """Empties the outbox; what cannot go out now waits there for the next run."""

    def __init__(self, workspace: Workspace, read_now: Callable[[], Clock]) -> None:
        """Nothing is sent yet."""
        self._workspace, self._read_now = workspace, read_now
        self._lock = Lock()
        self._is_asked = False

    def deliver(self) -> None:
        """Send what is due. Asked while another thread is at it, that one looks again."""
        self._is_asked = True
        while self._is_asked and self._lock.acquire(blocking=False):
            try:
                self._is_asked = False
                deliver_all(self._workspace, self._read_now())
            except BaocaoError as error:
                log.warning("mail of the window waits in the outbox: %s", error)
            finally:
                self._lock.release()
