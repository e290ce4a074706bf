"""October of the pilot, as the flows live through it: when it is collected and reported, and its units' files."""

from datetime import datetime
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.workspace.workspace import Workspace
from support.stores.inboxes import UNITS
from support.workbooks import samples

OCTOBER = Period(2022, 10)
COLLECTED = datetime(2022, 10, 19, 17)
REPORTED = datetime(2022, 10, 24, 8)


def lay(workspace: Workspace, unit: str, name: str = "bao-cao.xlsx", period: str = "2022-10", seed: int = 0) -> Path:
    """Lay a unit's clean report of a period into its folder."""
    path = workspace.settings.inbox_folder / unit / name
    filled = samples.clean_filled(samples.plan(), unit, period, seed)
    return samples.write_filled(path, samples.plan(), unit, period, filled)


def lay_all(workspace: Workspace) -> None:
    """Lay October's report of every unit."""
    for unit in UNITS:
        lay(workspace, unit)
