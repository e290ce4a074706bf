"""The environment of an office network: proxies and certificates that would stand between us and our own server.

Python's clients of HTTP take them from the environment: a request to 127.0.0.1 then goes through the proxy, and some
spellings and missing files stop every request, even one that needs neither.
"""

import logging
import os
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_EXCEPTIONS = ("NO_PROXY", "no_proxy")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_SCHEMES = ("http", "https")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A variable that no client of ours can work with. The value is not told: it may hold a password."""

    variable: str
    problem: str
    remedy: str


def obstacles(environment: MutableMapping[str, str]) -> Iterator[Obstacle]:
    """The variables that stop every request: a proxy of a kind unknown here, certificates that are not there."""
    for name in (spelling for proxy in _PROXIES for spelling in (proxy, proxy.lower())):
        scheme, separator, _ = environment.get(name, "").partition("://")
        if separator and scheme.lower() not in _SCHEMES:
            problem = f"{name} là proxy loại “{scheme}://”, chương trình không dùng được"
            yield Obstacle(name, problem, f"Bỏ {name}, hoặc đặt proxy loại http://")
    for name in _CERTIFICATES:
        if environment.get(name) and not Path(environment[name]).exists():
            problem = f"{name} trỏ tới {environment[name]}, không có trên máy này"
            yield Obstacle(name, problem, f"Sửa {name} cho đúng tệp chứng thư, hoặc bỏ biến này")


def free_the_loopback(environment: MutableMapping[str, str] = os.environ) -> None:
    """Let no request to this machine go through a proxy, and drop what would stop every request. Idempotent.

    Children inherit it. What is dropped is told in the log.
    """
    for one in list(obstacles(environment)):
        _log.warning("%s; tạm bỏ qua. %s.", one.problem, one.remedy)
        del environment[one.variable]
    told = [part.strip() for name in _EXCEPTIONS for part in environment.get(name, "").split(",") if part.strip()]
    wanted = ",".join(dict.fromkeys([*told, *LOOPBACK]))
    for name in _EXCEPTIONS:
        environment[name] = wanted


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def proxy_of(address: str) -> str:
    """The name of the variable whose proxy stands between us and an address; empty where none does."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if is_loopback(host) or proxy_bypass(host):
        return ""
    known = getproxies()
    kind = next((kind for kind in (parts.scheme, "all") if kind in known), "")
    return next((name for name in (f"{kind}_proxy", f"{kind.upper()}_PROXY") if kind and os.environ.get(name)), "")


def proxy_hint(address: str) -> str:
    """A sentence for whoever does not reach an address: a proxy stands in between. Empty where none does."""
    if not (variable := proxy_of(address)):
        return ""
    host = urlsplit(address).hostname
    return f" Biến {variable} đang đưa kết nối qua proxy; nếu không cần, hãy thêm {host} vào NO_PROXY."
