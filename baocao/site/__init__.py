"""Trang tin: a static site of what is stored, that works from disk; no outside hosts, no build step."""

from baocao.site.build import build_site, is_current

__all__ = ["build_site", "is_current"]
