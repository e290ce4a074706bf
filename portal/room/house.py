"""What the window works with: the workspace, who starts work, the seal, the postman, the drawer of checked files."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from threading import Lock

from anyio import CapacityLimiter

from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace
from portal.room.drawer import Drawer
from portal.room.judging import Judge
from portal.room.postman import Postman
from portal.room.seal import Seal
from portal.room.works import NoWorks, Works

log = logging.getLogger(__name__)

HEAVY_AT_ONCE = 24


@dataclass
class House:
    """One window on one home. ``address`` is how browsers reach it: ``https://baocao.tinh.example``, no slash."""

    workspace: Workspace
    address: str
    works: Works = field(default_factory=NoWorks)
    read_now: Callable[[], Clock] | None = None
    drawer: Drawer = field(default_factory=Drawer)
    heavy: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(HEAVY_AT_ONCE))
    """Who checks files or draws forms; the others wait their turn, and all other pages are answered meanwhile."""
    errands: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2, "errands"))
    deciding: Lock = field(default_factory=Lock)
    """One decision at a time: who decides second is told what the first one did."""

    @cached_property
    def seal(self) -> Seal:
        """The key of sessions, links and forms."""
        return Seal(self.workspace.home)

    @cached_property
    def judge(self) -> Judge:
        """Who checks files."""
        return Judge(self.workspace)

    @cached_property
    def postman(self) -> Postman:
        """Who sends the mail of the window."""
        return Postman(self.workspace, self.clock)

    @property
    def is_behind_tls(self) -> bool:
        """Whether browsers reach it by HTTPS."""
        return self.address.startswith("https:")

    def later(self, errand: Callable[[], None]) -> None:
        """Do it after the answer, in another thread: how long it takes tells a visitor nothing."""
        self.errands.submit(_done, errand)

    def clock(self) -> Clock:
        """The moment that a request takes for now."""
        return self.read_now() if self.read_now else self.workspace.clock()


def _done(errand: Callable[[], None]) -> None:
    try:
        errand()
    except Exception:
        log.exception("what was to be done after an answer was not done")
