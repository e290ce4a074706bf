"""A whole house for tests of what works on a home and its database: settings, plan, folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from baocao.system.clock import Clock, read_clock
from baocao.workspace.settings import Settings, load_settings
from baocao.workspace.workspace import Workspace, open_workspace
from support import ROOT


def house(home: Path, database_url: str, **settings: Any) -> Workspace:
    """A workspace on an empty home with the shipped plan, free of this process's environment."""
    plan = ROOT / "plans" / "ninh-binh-2022"
    return Workspace(load_settings(home=home, plan=plan, database_url=database_url, _env_file=None, **settings))


def signing_house(folder: Path, authority: bytes) -> Workspace:
    """A house in a folder that releases reports signed by people of this authority (PEM)."""
    trusted = folder / "tin-cay.pem"
    trusted.write_bytes(authority)
    return house(folder / "home", f"sqlite:///{folder / 'baocao.db'}", release="signed", signers=trusted)


@contextmanager
def lived_in(settings: Settings, patch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """The house of these settings is the process's own within the block, for whoever asks ``open_workspace``.

    Only the settings are exchanged: a module that is first imported within the block keeps nothing of it.
    """
    patch.setattr("baocao.workspace.workspace.load_settings", lambda: settings)
    open_workspace.cache_clear()
    workspace = open_workspace()
    try:
        yield workspace
    finally:
        workspace.engine.dispose()
        open_workspace.cache_clear()


def clock_at(workspace: Workspace, text: str) -> Clock:
    """The clock at a local moment, in ISO 8601."""
    return read_clock(datetime.fromisoformat(text), workspace.zone)
