"""A whole house for tests of what works on a home and its database: settings, plan, folders."""

from datetime import datetime
from pathlib import Path
from typing import Any

from baocao.system.clock import Clock, read_clock
from baocao.workspace.settings import load_settings
from baocao.workspace.workspace import Workspace
from support import ROOT


def house(home: Path, database_url: str, **settings: Any) -> Workspace:
    """A workspace on an empty home with the shipped plan, free of this process's environment."""
    plan = ROOT / "plans" / "ninh-binh-2022"
    return Workspace(load_settings(home=home, plan=plan, database_url=database_url, _env_file=None, **settings))


def clock_at(workspace: Workspace, text: str) -> Clock:
    """The clock at a local moment, in ISO 8601."""
    return read_clock(datetime.fromisoformat(text), workspace.zone)
