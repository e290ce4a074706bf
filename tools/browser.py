"""Debian's headless Chromium, driven by Playwright: opens a page at a width, tells what it did, takes pictures."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = ("--disable-quic",)
_PATIENCE_MS = 120_000
_FAULTS = ("error", "warning", "assert")
_DRAWN = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"


@dataclass
class Visit:
    """What a page did while it was open: messages on its console, errors, addresses asked for."""

    page: Page
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Take down what happens from now on."""
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda told: self.errors.append(told.text) if told.type in _FAULTS else None)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; promises are awaited."""
        return self.page.evaluate(expression)

    def picture(self, height: float | None = None, top: float = 0) -> bytes:
        """The page as PNG, from ``top`` down; whole without a height."""
        width, whole, seen = self.evaluate(
            "[document.documentElement.clientWidth, document.documentElement.scrollHeight, window.innerHeight]"
        )
        shown = min(height or whole, whole - top)
        is_beyond = top + shown > seen  # only then: some pages are never done with drawing themselves anew
        return self.page.screenshot(full_page=is_beyond, clip={"x": 0, "y": top, "width": width, "height": shown})


class Browser:
    """One Chromium with a profile of its own, gone with the ``with`` block."""

    def __enter__(self) -> Self:
        """Start it."""
        if CHROMIUM is None:
            raise RuntimeError("no Chromium found")
        with ExitStack() as stack:
            chromium = stack.enter_context(sync_playwright()).chromium
            self._browser = chromium.launch(executable_path=CHROMIUM, args=_FLAGS, timeout=_PATIENCE_MS)
            stack.callback(self._browser.close)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._open.close()

    @contextmanager
    def open(
        self, page: Path | str, width: int, height: int = 900, *, is_dark: bool = False, has_scripts: bool = True
    ) -> Iterator[Visit]:
        """Open a file or an address at a width in CSS pixels, and wait for it; its scripts can be kept from running."""
        context = self._browser.new_context(
            viewport={"width": width, "height": height},
            is_mobile=width < 600,
            color_scheme="dark" if is_dark else "light",
        )
        context.set_default_timeout(_PATIENCE_MS)
        with context:
            visit = Visit(context.new_page())
            scripts = context.new_cdp_session(visit.page)
            scripts.send("Emulation.setScriptExecutionDisabled", {"value": not has_scripts})
            visit.page.goto(page if isinstance(page, str) else page.resolve().as_uri())
            scripts.send("Emulation.setScriptExecutionDisabled", {"value": False})
            visit.evaluate(_DRAWN)
            yield visit
