"""The pages whose address ``serve`` prints ask no other host, whatever a browser chose once."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support.servers.prefects import wait_until
from support.servers.serving import log_of, new_house, serving
from support.servers.smtp import smtp_server

from tools.browser import CHROMIUM, Browser

PAGES = ("/", "/dashboard", "/runs", "/flows", "/deployments", "/v2", "/v2/deployments", "/settings")
CHOICE = "document.cookie = 'prefect_ui_version=v2; path=/'; localStorage.setItem('prefect-ui-version', 'v2')"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What a served house prints."""
    with smtp_server() as mail:
        house = new_house(tmp_path_factory.mktemp("trang"), mail)
        with serving(house):
            printed = re.search(r"Trang theo dõi: (\S+)", log_of(house).read_text())
            assert printed is not None
            yield printed.group(1)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")
def test_prefects_pages_ask_no_other_host(address: str, tmp_path: Path) -> None:
    asked: set[str] = set()
    with Browser() as browser:
        for choice in ("", CHOICE):
            for path in PAGES:
                with browser.open(f"{address}{path}", 1200) as visit:
                    wait_until(lambda: len(str(visit.evaluate("document.body.innerText"))) > 20, 60)
                    visit.evaluate("new Promise(done => setTimeout(done, 1500))")
                    if choice:
                        visit.evaluate(choice)
                    asked |= {
                        one.netloc for one in map(urlsplit, visit.requests) if one.scheme in ("http", "https", "ws")
                    }
                    (tmp_path / f"{path.strip('/').replace('/', '-') or 'dau'}.png").write_bytes(visit.picture(700))
    assert asked == {urlsplit(address).netloc}
