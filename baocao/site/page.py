"""A page: where it lies, its template, and what the template shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the site. ``path`` is relative to the site's folder; ``root`` leads back to it."""

    path: str
    template: str
    title: str
    context: Mapping[str, Any]

    @property
    def root(self) -> str:
        """The way from the page to the site's folder: empty, or ``../``."""
        return "../" * self.path.count("/")


def unit_path(unit: str) -> str:
    """Where a unit's page lies; codes are letters, digits and dashes."""
    return f"don-vi/{unit}.html"
