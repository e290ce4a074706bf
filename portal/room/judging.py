"""Files that are checked at the same time are judged together: one run of the rules costs the same for many."""

from dataclasses import dataclass
from threading import BoundedSemaphore, Lock

from baocao.domain.received.submission import Checked, Content
from baocao.workspace.workspace import Workspace
from expectations.single import check_contents

OPENED_AT_ONCE = 2
_MOST_TOGETHER = 20


@dataclass
class _Ticket:
    content: Content
    unit: str | None
    checked: Checked | None = None
    error: Exception | None = None


class Judge:
    """Whoever comes first judges all that wait by then; the others find theirs done."""

    def __init__(self, workspace: Workspace) -> None:
        """Nothing waits. ``opening`` bounds the processes that open files."""
        self.opening = BoundedSemaphore(OPENED_AT_ONCE)
        self._workspace = workspace
        self._waiting: list[_Ticket] = []
        self._at_the_list, self._at_work = Lock(), Lock()

    def judge(self, content: Content, unit: str | None) -> Checked:
        """What the rules find; as :func:`expectations.single.check_content`."""
        mine = _Ticket(content, unit)
        with self._at_the_list:
            self._waiting.append(mine)
        while mine.checked is None:
            with self._at_work:
                if mine.checked is None and mine.error is None:
                    self._judge_some()
            if mine.error is not None:
                raise mine.error
        return mine.checked

    def _judge_some(self) -> None:
        with self._at_the_list:
            some, self._waiting = self._waiting[:_MOST_TOGETHER], self._waiting[_MOST_TOGETHER:]
        try:
            found = check_contents(self._workspace, [(one.content, one.unit) for one in some])
        except Exception as error:  # noqa: BLE001 - handed to everyone who waits for it
            for one in some:
                one.error = error
        else:
            for one, checked in zip(some, found, strict=True):
                one.checked = checked
