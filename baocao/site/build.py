"""Dựng trang: the site's files from the store, there in full or not at all; the same facts give the same bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baocao.domain.wording import moment_text
from baocao.site.board import board_page
from baocao.site.facts import SiteFacts, read_facts
from baocao.site.indicators import indicators_page
from baocao.site.page import Page
from baocao.site.published import reports_page
from baocao.site.timeline import timeline_page
from baocao.site.unit.page import unit_page
from baocao.system.clock import Clock
from baocao.system.errors import UsageError
from baocao.system.files import write_folder
from baocao.workspace.workspace import Workspace

FOLDER = "site"
_HERE = Path(__file__).parent
_PAGES = (
    ("index.html", "Tổng quan"),
    ("chi-tieu.html", "Chỉ tiêu"),
    ("bao-cao.html", "Báo cáo"),
    ("lich.html", "Lịch"),
)


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages share."""

    name: str
    owner: str
    is_sample: bool
    as_of: str
    pages: tuple[tuple[str, str], ...] = _PAGES


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
    facts = read_facts(workspace, clock, asked)
    folder = workspace.home / FOLDER
    write_folder(folder, site_files(facts), "trang tin", durable=False)
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


def site_files(facts: SiteFacts) -> dict[str, bytes]:
    """Every file of the site by its path within it."""
    site = Site(
        name=f"Theo dõi {facts.plan.short_title}",
        owner=facts.plan.unit_by_code[facts.plan.coordinator].name,
        is_sample=facts.plan.is_sample,
        as_of=moment_text(facts.now),
    )
    static = {f"static/{path.name}": path.read_bytes() for path in sorted((_HERE / "static").iterdir())}
    return static | {page.path: _render(site, page) for page in _pages(facts)}


def _pages(facts: SiteFacts) -> Iterator[Page]:
    yield board_page(facts)
    yield indicators_page(facts)
    yield reports_page(facts)
    yield timeline_page(facts)
    for unit in facts.units:
        yield unit_page(facts, unit)


def _render(site: Site, page: Page) -> bytes:
    template = _environment().get_template(page.template)
    return template.render(site=site, page=page, **page.context).encode()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return environment
