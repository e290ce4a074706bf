"""How pages look: the site's style and pieces of pages, and the window's own frame around them."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import baocao.site

HERE = Path(__file__).parents[1]
SITE = Path(baocao.site.__file__).parent


def rendered(template: str, values: Mapping[str, Any]) -> str:
    """A page as text: all that is put into it is escaped."""
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader([HERE / "templates", SITE / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
