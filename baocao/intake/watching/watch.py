"""What the watches of folder and mailbox share: they look, tell what is new, and are told whether that was heard."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from baocao.system.errors import BaocaoError

log = logging.getLogger(__name__)

Arrived = Callable[[frozenset[str]], bool]
"""Takes the names of what has come; whether somebody will take it in. What nobody heard of is told again."""

Away = Callable[[BaocaoError | None], None]
"""Takes why nothing can be seen at present; None when it is seen again. Called at each look; tells people once."""


@dataclass
class Seen:
    """What lay there at the last look and was told; a thing that stays is told once, whatever the reason it stays."""

    arrived: Arrived
    _told: frozenset[str] = field(default_factory=frozenset)

    def look(self, there: frozenset[str]) -> None:
        """Tell what was not there before."""
        new = there - self._told
        if not new or self.arrived(new):
            self._told = there
        else:
            self._told &= there


@dataclass
class Patience:
    """Tells that something is away when it stays away for ``seconds``, once; and when it is back.

    That it is there is told at first, too: an earlier process may have told that it was away.
    """

    tell: Away
    seconds: float
    _since: float | None = None
    _is_told: bool | None = None

    def away(self, error: BaocaoError, *, at_once: bool = False) -> None:
        """It is away just now."""
        log.warning("cannot watch: %s", error)
        self._since = monotonic() if self._since is None else self._since
        if not self._is_told and (at_once or monotonic() - self._since >= self.seconds):
            self._is_told = True
            self.tell(error)

    def back(self) -> None:
        """It is there."""
        if self._is_told is not False:
            self.tell(None)
        self._since, self._is_told = None, False


def pause(bell: Event, leaving: Event, seconds: float) -> bool:
    """Wait until the bell rings, so many seconds have passed, or all are told to leave; whether it rang."""
    until = monotonic() + seconds
    while not leaving.is_set() and (left := until - monotonic()) > 0:
        if bell.wait(min(left, 1.0)):
            bell.clear()
            return True
    return False
