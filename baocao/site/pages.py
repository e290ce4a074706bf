"""Các trang: every file of the site, from what is stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
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
from baocao.workspace.workspace import Workspace

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


def pages_of(workspace: Workspace, clock: Clock, asked: Collection[str] = ()) -> dict[str, bytes]:
    """Every file of the site by its path within it; the ``asked`` units have a page in any case."""
    facts = read_facts(workspace, clock, asked)
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
