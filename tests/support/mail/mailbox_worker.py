"""A process that takes mail in, for tests that kill it or let two of them meet."""

import multiprocessing
import os
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from unittest.mock import patch

from baocao.intake.mailbox.emptying import take_in_mailbox
from baocao.system.clock import Clock
from baocao.workspace.settings import Settings
from baocao.workspace.workspace import Workspace
from support import ROOT, TESTS

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["support.mail.mailbox_worker", "pytest"])  # pytest is what each process starts as


def start(settings: Settings, certificate: Path, clock: Clock, period: Any) -> ForkServerProcess:
    """Start taking in, and wait until it has begun; the process is the caller's to end."""
    begun = _CONTEXT.Event()
    process = _CONTEXT.Process(target=_run, args=(settings, certificate, clock, period, begun))
    with patch.dict(os.environ, PYTHONPATH=f"{TESTS}{os.pathsep}{ROOT}"):  # else the server preloads nothing
        process.start()
    begun.wait(30)
    return process


def _run(settings: Settings, certificate: Path, clock: Clock, period: Any, begun: Any) -> None:
    os.environ["SSL_CERT_FILE"] = str(certificate)
    workspace = Workspace(settings)
    assert workspace.engine
    begun.set()
    take_in_mailbox(workspace, period, clock)
