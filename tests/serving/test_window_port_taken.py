"""A window under ``serve`` whose port is taken: the operators read which one, and it opens once the port is free."""

import socket
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import httpx
import pytest
from support import ROOT
from support.servers.prefects import wait_until
from support.servers.smtp import SmtpServer, free_port

from baocao.oversight.troubles import open_troubles
from deployments.serving.keeping import WINDOW, kept

pytestmark = pytest.mark.slow


def test_a_taken_port_is_told_and_tried_again(
    server: SmtpServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, port = tmp_path / "home", free_port()
    given = {
        "HOME": str(home),
        "PLAN": str(ROOT / "plans" / "ninh-binh-2022"),
        "PORTAL_PORT": str(port),
        "SMTP_HOST": server.host,
        "SMTP_PORT": str(server.port),
        "SMTP_SECURITY": "none",
    }
    for name, value in given.items():
        monkeypatch.setenv(f"BAOCAO_{name}", value)

    def is_up() -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{port}/suc-khoe").status_code == 200
        except httpx.TransportError:
            return False

    with socket.socket() as other, kept(home, WINDOW):
        other.bind(("127.0.0.1", port))
        other.listen()
        wait_until(lambda: bool(server.received), 60)
        letter = message_from_bytes(server.received[0].content, policy=default)
        body = letter.get_body(("plain",))
        assert body
        assert f"cổng {port}" in body.get_content()
        assert [one.what for one in open_troubles(home) if f"cổng {port}" in one.what]
        other.close()
        wait_until(is_up, 60)
