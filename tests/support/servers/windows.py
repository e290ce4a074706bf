"""The window on a real port, in a thread of the test; and people before it, with cookies of their own."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn

from baocao.domain.planned.period import Period
from baocao.system.clock import Clock
from baocao.workspace.workspace import Workspace
from portal.app import build_app
from portal.room.house import House
from portal.room.visit import SESSION
from portal.room.works import Stopped
from support.servers.smtp import free_port
from support.stores.houses import clock_at, house

LINK = re.compile(r"https?://\S+/vao/[\w-]+")
SHOWN = re.compile('name="truoc" value="([^"]*)"')
COORDINATOR = "canbo.tonghop@ninhbinh.example"
CSRF = re.compile(r'<meta name="csrf" content="(\w+)">')


@dataclass
class NotedWorks:
    """Stands for Prefect: notes what it is asked for."""

    is_up: bool = True
    files: list[str] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    failed: list[Stopped] = field(default_factory=list)

    def is_there(self) -> bool:
        return self.is_up

    def collect(self, name: str) -> bool:
        self.files.append(name)
        return self.is_up

    def report(self, period: Period) -> bool:
        self.periods.append(period)
        return self.is_up

    def stopped(self) -> list[Stopped]:
        return self.failed

    def again(self, run: str) -> None:
        self.failed = [one for one in self.failed if one.run != run]


class Hand:
    """A clock that the test sets."""

    def __init__(self, workspace: Workspace, text: str) -> None:
        self.clock = clock_at(workspace, text)

    def read(self) -> Clock:
        return Clock(self.clock.now, is_simulated=False)

    def set(self, workspace: Workspace, text: str) -> None:
        self.clock = clock_at(workspace, text)


@dataclass
class Window:
    """A running window. ``hand`` sets its clock."""

    workspace: Workspace
    house: House
    works: NotedWorks
    hand: Hand
    visitors: list[httpx.Client] = field(default_factory=list)

    def visitor(self) -> "Visitor":
        """A browser of its own."""
        client = httpx.Client(base_url=self.house.address, timeout=120, headers={"Accept": "text/html"})
        self.visitors.append(client)
        return Visitor(client, self)

    def signed_in(self, address: str) -> "Visitor":
        """Somebody who came in by the link that was mailed."""
        one = self.visitor()
        link = one.ask_for_link(address)
        assert link, f"no link for {address}"
        assert one.post(link.removeprefix(self.house.address)).status_code == 303
        return one

    def until(self, is_so: Callable[[], bool], seconds: float = 20) -> None:
        """What is done after an answer is waited for."""
        deadline = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < deadline, f"not within {seconds} s"
            time.sleep(0.02)

    def letters_to(self, address: str) -> list[str]:
        """The texts of the letters in the outbox to an address, in the order of writing."""
        found = sorted(self.workspace.outbox_folder.glob("*.eml"), key=lambda one: one.stat().st_mtime_ns)
        return [text for path in found if (text := _text_to(path, address))]


@dataclass
class Visitor:
    """One browser, by hand: it keeps cookies and copies the hidden field of the page that it saw last."""

    client: httpx.Client
    window: Window
    csrf: str = ""

    def get(self, path: str, **more: Any) -> httpx.Response:
        answer = self.client.get(path, **more)
        self.csrf = next(iter(CSRF.findall(answer.text)), self.csrf)
        return answer

    def post(self, path: str, **more: Any) -> httpx.Response:
        """With the token of the last page; a ``data`` without it is sent as it is."""
        start = "/" if SESSION in self.client.cookies else "/dang-nhap"
        self.get(path if path.startswith("/vao/") else start)
        data = {"csrf": self.csrf, **more.pop("data", {})}
        return self.client.post(path, data=data, **more)

    def decide(self, kind: str, **fields: str) -> tuple[int, str]:
        """Fill in a form of the desk, read what will follow, confirm; the last status, and what was said."""
        asked = self.post(f"/quyet-dinh/{kind}", data=fields)
        if asked.status_code != 200:
            return asked.status_code, asked.text
        assert "Việc này sẽ làm gì" in asked.text
        shown = {"xac_nhan": "1", "truoc": SHOWN.findall(asked.text)[0]}
        return self.post(f"/quyet-dinh/{kind}", data={**fields, **shown}).status_code, asked.text

    def send(self, path: str, file: Path | tuple[str, bytes], **fields: str) -> httpx.Response:
        """A file in the field ``tep``."""
        name, data = file if isinstance(file, tuple) else (file.name, file.read_bytes())
        return self.post(path, files={"tep": (name, data)}, data=fields)

    def json(self, method: str, path: str, **more: Any) -> httpx.Response:
        """As a program asks, with the token in the header."""
        if not self.csrf:
            self.get("/")
        headers = {"Accept": "application/json", "X-CSRF-Token": self.csrf}
        return self.client.request(method, path, headers=headers, **more)

    def ask_for_link(self, address: str) -> str:
        """Ask for a link; the one of the newest letter, empty where none came."""
        before = len(self.window.letters_to(address))
        assert self.post("/dang-nhap", data={"email": address}).status_code == 200
        until = time.monotonic() + 10
        while time.monotonic() < until:  # it is written after the answer
            letters = self.window.letters_to(address)
            if len(letters) > before:
                return LINK.findall(letters[-1])[0]
            time.sleep(0.02)
        return ""


def _text_to(path: Path, address: str) -> str:
    message = message_from_bytes(path.read_bytes(), policy=default)
    body = message.get_body(("plain",))
    return body.get_content() if body and address.lower() in str(message["to"]).lower() else ""


@contextmanager
def window_on(workspace: Workspace, at: str, *, read_now: Callable[[], Clock] | None = None) -> Iterator[Window]:
    """The window of a home at a local moment, listening on the loopback."""
    port = free_port()
    hand, works = Hand(workspace, at), NotedWorks()
    house = House(workspace, f"http://127.0.0.1:{port}", works, read_now or hand.read)
    server = uvicorn.Server(uvicorn.Config(build_app(house), port=port, log_level="error", lifespan="off"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    window = Window(workspace, house, works, hand)
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield window
    finally:
        for one in window.visitors:
            one.close()
        server.should_exit = True
        thread.join(20)


@contextmanager
def new_window(folder: Path, at: str, **settings: Any) -> Iterator[Window]:
    """The window of a new home with the shipped plan, at a local moment."""
    home = folder / "home"
    workspace = house(home, f"sqlite:///{home / 'baocao.db'}", **settings)
    with window_on(workspace, at) as opened:
        yield opened
    workspace.engine.dispose()
