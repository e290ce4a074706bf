"""``baocao watch``: folder and mailbox watched until told to end, each in a thread of its own."""

import logging
import signal
from collections.abc import Callable
from threading import Event, Thread

from baocao.intake.watching.folder import watch_folder
from baocao.intake.watching.mailbox import watch_mailbox
from baocao.intake.watching.watch import Arrived, Away
from baocao.mail.trouble import Trouble
from baocao.oversight.troubles import settle_troubles
from baocao.system.errors import BaocaoError
from baocao.workspace.workspace import Workspace
from deployments.watching.arrivals import Announcer
from flows.support.alerts import tell

log = logging.getLogger(__name__)

AGAIN_SECONDS = 30.0
_REMEDY = "Lịch thu hằng giờ, hằng ngày vẫn chạy; hãy sửa nguyên nhân, việc canh tự tiếp tục"
_WATCHES: dict[str, tuple[str, Callable[[Workspace, Arrived, Away, Event], None]]] = {
    "folder": ("thư mục", watch_folder),
    "mailbox": ("hộp thư", watch_mailbox),
}


def watch_all(workspace: Workspace, leaving: Event) -> None:
    """Watch every way in which files come, until told to leave."""
    announcer = Announcer(workspace.plan)
    for intake in workspace.settings.intake:
        Thread(target=_watch, args=(workspace, announcer, intake, leaving), name=f"watch-{intake}", daemon=True).start()
    leaving.wait()


def leave_when_told(leaving: Event) -> None:
    """SIGTERM and Ctrl-C end the watch in order."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: leaving.set())


def _watch(workspace: Workspace, announcer: Announcer, intake: str, leaving: Event) -> None:
    """One watch for ever: what it did not foresee is told once, and it begins again."""
    place, watch = _WATCHES[intake]
    away = _teller(workspace, place)
    while not leaving.is_set():
        try:
            watch(workspace, lambda names: announcer.announce(place, names), away, leaving)
        except Exception as error:
            log.exception("the watch of %s broke off", intake)
            away(BaocaoError(f"Lỗi của chương trình ({type(error).__name__}: {error})."))
            leaving.wait(AGAIN_SECONDS)


def _teller(workspace: Workspace, place: str) -> Away:
    flow = f"canh-{'thu-muc' if place == 'thư mục' else 'hop-thu'}"

    def told(error: BaocaoError | None) -> None:
        if error is None:
            settle_troubles(workspace.home, flow, "")
        else:
            tell(f"Không canh được {place}", str(error), [(flow, "", Trouble(f"Canh {place}: {error}", _REMEDY))])

    return told
