"""Headless Chromium over its debugging pipe: opens a page at a width, tells what it did, takes pictures."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


@dataclass
class Visit:
    """What a page did while it was open: messages on its console, errors, addresses asked for."""

    browser: "Browser"
    session: str
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    is_loaded: bool = False

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page; promises are awaited."""
        arguments = {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.browser.call("Runtime.evaluate", arguments, self)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def picture(self, height: float | None = None, top: float = 0) -> bytes:
        """The page as PNG, from ``top`` down; whole without a height."""
        metrics = self.browser.call("Page.getLayoutMetrics", {}, self)
        size, seen = metrics["cssContentSize"], metrics["cssLayoutViewport"]["clientHeight"]
        shown = min(height or size["height"], size["height"] - top)
        clip = {"x": 0, "y": top, "width": size["width"], "height": shown}
        is_beyond = top + shown > seen  # only then: some pages are never done with drawing themselves anew
        arguments = {"format": "png", "captureBeyondViewport": is_beyond, "clip": clip | {"scale": 1}}
        return base64.b64decode(self.browser.call("Page.captureScreenshot", arguments, self)["data"])

    def note(self, message: dict[str, Any]) -> None:
        """Take down an event."""
        method, told = message["method"], message["params"]
        if method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Page.loadEventFired":
            self.is_loaded = True
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(told["exceptionDetails"]))
        elif (method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning")) or (
            method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert")
        ):
            self.errors.append(json.dumps(told, ensure_ascii=False))


class Browser:
    """One Chromium with a profile of its own, gone with the ``with`` block."""

    def __enter__(self) -> Self:
        """Start it."""
        if CHROMIUM is None:
            raise RuntimeError("no Chromium found")
        self._profile = tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True)
        theirs_in, ours_out = os.pipe()
        ours_in, theirs_out = os.pipe()
        command = [CHROMIUM, *_FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(  # noqa: S603
            ["/bin/bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "bash", *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in = os.fdopen(ours_out, "wb"), os.fdopen(ours_in, "rb")
        self._number, self._rest = 0, b""
        self._visit: Visit | None = None
        return self

    def __exit__(self, *_: object) -> None:
        """Stop it."""
        self._out.close()
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._in.close()
        self._profile.cleanup()

    @contextmanager
    def open(
        self, page: Path | str, width: int, height: int = 900, *, is_dark: bool = False, has_scripts: bool = True
    ) -> Iterator[Visit]:
        """Open a file or an address at a width in CSS pixels, and wait for it; its scripts can be kept from running."""
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self._visit = visit = Visit(self, session)
        try:
            for domain in ("Page", "Runtime", "Network", "Log"):
                self.call(f"{domain}.enable", {}, visit)
            metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
            self.call("Emulation.setDeviceMetricsOverride", metrics, visit)
            scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
            self.call("Emulation.setEmulatedMedia", {"features": [scheme]}, visit)
            self.call("Emulation.setScriptExecutionDisabled", {"value": not has_scripts}, visit)
            visit.is_loaded = False
            self.call("Page.navigate", {"url": page if isinstance(page, str) else page.resolve().as_uri()}, visit)
            while not visit.is_loaded:  # it may have been told before the answer to the call
                self._read()
            self.call("Emulation.setScriptExecutionDisabled", {"value": False}, visit)
            visit.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")
            yield visit
        finally:
            self._visit = None
            self.call("Target.closeTarget", {"targetId": target})

    def call(self, method: str, arguments: dict[str, Any], visit: Visit | None = None) -> dict[str, Any]:
        """Ask the browser and wait for its answer."""
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": arguments}
        if visit:
            message["sessionId"] = visit.session
        self._out.write(json.dumps(message).encode() + b"\0")
        self._out.flush()
        while True:
            answer = self._read()
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            chunk = self._in.read1(1 << 20)
            if not chunk:
                raise RuntimeError("Chromium has gone")
            self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        if self._visit and message.get("sessionId") == self._visit.session and "method" in message:
            self._visit.note(message)
        return message
