"""What a check needs is loaded before anybody asks.

Not only for its time: a library that one thread imports is half there for the others (SQLAlchemy, of which Great
Expectations takes more than we do).
"""

import logging
from pathlib import Path
from tempfile import TemporaryDirectory

from baocao.system.errors import BaocaoError
from baocao.workbook.blank.blank import write_blank
from baocao.workbook.blank.occasion import NOTHING_KNOWN
from baocao.workspace.workspace import Workspace
from expectations.single import check_content, read_content

log = logging.getLogger(__name__)


def warm(workspace: Workspace) -> None:
    """Check a blank form once; nothing is stored, and nothing is said where it does not work."""
    plan = workspace.plan
    period, unit = plan.periods[0], plan.units[0]
    try:
        with TemporaryDirectory(prefix="khoi-dong-") as folder:
            path = Path(folder) / "m.xlsx"
            write_blank(plan, plan.form_of(period), unit, period, NOTHING_KNOWN, path)
            check_content(workspace, read_content(workspace, path), unit.code, period)
    except BaocaoError as error:
        log.warning("not warmed up: %s", error)
