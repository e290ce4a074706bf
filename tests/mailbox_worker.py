"""A process that takes mail in, for tests that kill it or let two of them meet."""

import multiprocessing
import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from baocao.clock import Clock
from baocao.intake.mailbox import take_in_mailbox
from baocao.settings import Settings
from baocao.workspace import Workspace

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["mailbox_worker"])


def start(settings: Settings, certificate: Path, clock: Clock, period: Any) -> ForkServerProcess:
    """Start taking in; the process is the caller's to end."""
    process = _CONTEXT.Process(target=_run, args=(settings, certificate, clock, period))
    process.start()
    return process


def _run(settings: Settings, certificate: Path, clock: Clock, period: Any) -> None:
    os.environ["SSL_CERT_FILE"] = str(certificate)
    take_in_mailbox(Workspace(settings), period, clock)
