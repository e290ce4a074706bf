"""Proxies and certificates of an office's environment: nothing that we say to ourselves goes through them."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from support import ROOT
from support.servers.prefects import clean_environment

from baocao.operations.doctor.troubles import check_network
from baocao.system.proxies import free_the_loopback, obstacles, proxy_hint, proxy_of

DEAD = "http://127.0.0.1:9"  # the port of «discard», where nobody listens
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def clear(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return monkeypatch


@pytest.mark.parametrize(
    "environment",
    [
        {"http_proxy": DEAD, "HTTPS_PROXY": DEAD},
        {"ALL_PROXY": DEAD, "no_proxy": "noi-bo.example"},
        {"ALL_PROXY": "socks://127.0.0.1:9/"},
        {"all_proxy": "socks5h://127.0.0.1:9"},
        {"SSL_CERT_FILE": "/khong/co.pem", "NO_PROXY": "*"},
        {"SSL_CERT_DIR": "/khong/co", "http_proxy": "127.0.0.1:9"},
    ],
    ids=str,
)
def test_a_client_reaches_the_loopback_whatever_is_set(clear: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in environment.items():
        clear.setenv(name, value)
    for name in ("NO_PROXY", "no_proxy"):
        clear.setenv(name, os.environ.get(name, ""))  # so that the change below ends with the test
    free_the_loopback()
    first = dict(os.environ)
    free_the_loopback()
    assert dict(os.environ) == first
    for address in ("http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/"):
        with httpx.Client() as client:
            assert isinstance(client._transport_for_url(httpx.URL(address)), httpx.HTTPTransport)
            assert client._transport_for_url(httpx.URL(address)) is client._transport


def test_exceptions_of_the_operator_stay(clear: pytest.MonkeyPatch) -> None:
    assert clear
    environment = {"NO_PROXY": "a.example, b.example", "no_proxy": "c.example"}
    free_the_loopback(environment)
    assert environment["NO_PROXY"] == environment["no_proxy"] == "a.example,b.example,c.example,127.0.0.1,localhost,::1"


def test_what_is_dropped_is_told_without_its_password(caplog: pytest.LogCaptureFixture) -> None:
    environment = {"ALL_PROXY": "socks5://ten:mat-khau@proxy.example:1080"}
    with caplog.at_level(logging.WARNING):
        free_the_loopback(environment)
    assert "ALL_PROXY" not in environment
    assert "ALL_PROXY" in caplog.text
    assert "mat-khau" not in caplog.text


def test_doctor_names_the_variable(clear: pytest.MonkeyPatch) -> None:
    clear.delenv("SSL_CERT_FILE", raising=False)
    clear.delenv("PREFECT_API_URL", raising=False)
    clear.setenv("http_proxy", DEAD)
    assert check_network().blame == 0
    clear.setenv("PREFECT_API_URL", "http://may-chu.example:4200/api")
    assert "http_proxy" in check_network().detail
    clear.setenv("SSL_CERT_FILE", "/khong/co.pem")
    clear.setenv("all_proxy", "socks://127.0.0.1:9")
    found = check_network()
    assert (found.blame, "SSL_CERT_FILE" in found.detail, "all_proxy" in found.detail) == (2, True, True)
    assert {one.variable for one in obstacles(os.environ)} == {"SSL_CERT_FILE", "all_proxy"}


def test_the_sentence_names_the_proxy_in_between(clear: pytest.MonkeyPatch) -> None:
    clear.setenv("http_proxy", DEAD)
    assert proxy_of("http://127.0.0.1:4200/api") == ""
    assert "http_proxy" in proxy_hint("http://may-chu.example:4200/api")
    assert "may-chu.example" in proxy_hint("http://may-chu.example:4200/api")
    clear.setenv("no_proxy", "may-chu.example")
    assert proxy_hint("http://may-chu.example:4200/api") == ""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_a_command_does_its_work_behind_all_of_them(tmp_path: Path) -> None:
    proxies = {
        "http_proxy": DEAD,
        "HTTP_PROXY": DEAD,
        "ALL_PROXY": "socks://127.0.0.1:9/",
        "NO_PROXY": "",
        "no_proxy": "",
    }
    home = {"BAOCAO_HOME": str(tmp_path), "BAOCAO_PLAN": str(ROOT / "plans/ninh-binh-2022")}
    done = subprocess.run(
        [sys.executable, "-m", "deployments.cli", "collect", "--period", "2022-10", "--as-of", "2022-10-18T09:00"],
        env={**clean_environment(), **home, **proxies, "SSL_CERT_FILE": "/khong/co.pem"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr
