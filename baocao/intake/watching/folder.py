"""The inbox folders: the kernel tells of changes; a look every few seconds finds what it does not tell.

A network share tells nothing of what other machines lay there, so there it is only looked.
"""

import logging
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread

import psutil
from watchfiles import watch

from baocao.intake.folder import STABLE_SECONDS
from baocao.intake.sources import files_waiting
from baocao.intake.watching.watch import Arrived, Away, Patience, Seen, pause
from baocao.system.errors import OutsideServiceError, reason_of
from baocao.workspace.workspace import Workspace

log = logging.getLogger(__name__)

POLL_SECONDS = 10.0
LOOK_SECONDS = 20.0
"""Between looks where changes are told: for those that were missed (a folder made anew, too many of them at once)."""
PATIENCE_SECONDS = 120.0
_SETTLED = STABLE_SECONDS + 0.5
_SILENT = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "gluster", "fuse", "vboxsf", "davfs", "virtiofs", "ncpfs")


def tells_changes(folder: Path) -> bool:
    """Whether the file system of a folder tells of all changes: not one that other machines write to."""
    place = folder.resolve()
    holders = [one for one in psutil.disk_partitions(all=True) if place.is_relative_to(one.mountpoint)]
    kind = max(holders, key=lambda one: len(one.mountpoint)).fstype.lower() if holders else ""
    return not kind.startswith(_SILENT)


def watch_folder(workspace: Workspace, arrived: Arrived, away: Away, leaving: Event) -> None:
    """Tell of files that may be taken in, until told to leave.

    A file is told of when it has lain still as long as the intake asks. A folder that cannot be read is waited for.
    """
    inbox, bell = workspace.settings.inbox_folder, Event()
    is_told = workspace.settings.watch == "auto" and tells_changes(inbox)
    if is_told:
        Thread(target=_listen, args=(inbox, bell, leaving), name="watch-folder-changes", daemon=True).start()
    seen, patience = Seen(arrived), Patience(away, PATIENCE_SECONDS)
    while not leaving.is_set():
        try:
            seen.look(_waiting(workspace))
            patience.back()
        except OSError as error:
            reason = f"Không đọc được thư mục nhận {inbox}: {reason_of(error)}."
            patience.away(OutsideServiceError(reason))
        if pause(bell, leaving, LOOK_SECONDS if is_told else POLL_SECONDS):
            leaving.wait(_SETTLED)


def _waiting(workspace: Workspace) -> frozenset[str]:
    """The files that may be taken in by now.

    Raises:
        OSError: the inbox cannot be made or read.
    """
    inbox = workspace.settings.inbox_folder
    inbox.mkdir(parents=True, exist_ok=True)
    return frozenset(one.ref for one in files_waiting(workspace, datetime.now(UTC)))


def _listen(inbox: Path, bell: Event, leaving: Event) -> None:
    """Ring at every change below the inbox; where it goes away, it is waited for."""
    while not leaving.is_set():
        try:
            inbox.mkdir(parents=True, exist_ok=True)
            for _ in watch(inbox, stop_event=leaving, watch_filter=None, rust_timeout=2000, raise_interrupt=False):
                bell.set()
        except (OSError, RuntimeError) as error:  # the folder went away, or the kernel watches no more folders
            log.warning("changes of the inbox are not told at present: %s", error)
        leaving.wait(POLL_SECONDS)
