"""Dựng trang: the site's files from the store, there in full or not at all; the same facts give the same bytes."""

from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path

from baocao.system.clock import Clock
from baocao.system.errors import UsageError
from baocao.system.files import write_folder
from baocao.workspace.workspace import Workspace

FOLDER = "site"


def build_site(workspace: Workspace, clock: Clock, asked: Collection[str] = ()) -> Path:
    """Build ``{HOME}/site/`` anew from what is stored; gives the path of its first page.

    Every unit has a page; where there are very many, only those that need a look, and the ``asked`` ones. Idempotent:
    the same facts at the same moment give the same bytes.

    Raises:
        UsageError: the plan has no such unit as asked for.
        OutsideServiceError: the files could not be written; the site stays as it was.
    """
    unknown = sorted(set(asked) - set(workspace.plan.unit_by_code))
    if unknown:
        raise UsageError(f"Kế hoạch không có đơn vị “{unknown[0]}”; hãy xem mã đơn vị bằng lệnh baocao status.")
    from baocao.site.pages import pages_of  # noqa: PLC0415 - pandas, which a run that finds nothing has no need of

    folder = workspace.home / FOLDER
    write_folder(folder, pages_of(workspace, clock, asked), "trang tin", durable=False)
    return folder / "index.html"


def is_current(workspace: Workspace, clock: Clock) -> bool:
    """Whether the site was built since the last date of the calendar and today; what has come is another matter.

    Under a simulated clock nobody can tell, and it is not.
    """
    try:
        built = datetime.fromtimestamp((workspace.home / FOLDER / "index.html").stat().st_mtime, UTC)
    except FileNotFoundError:
        return False
    dates = (at for one in workspace.calendar.values() for at in (one.open_at, one.close_at, one.report_at))
    is_of_today = workspace.local(built).date() == workspace.local(clock.now).date()
    return not clock.is_simulated and is_of_today and not any(built < at <= clock.now for at in dates)
