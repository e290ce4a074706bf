"""Who sent a message: only our own mail server's word counts (RFC 8601; faults.md, 25)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.message.incoming import Incoming

_COMMENT = re.compile(r"\([^()]*\)")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_RESULT = re.compile(r"([a-z][a-z0-9_-]*)\s*(?:/\s*[0-9]+\s*)?=\s*([a-z]+)")
_PROPERTY = re.compile(r"([a-z]+)\s*\.\s*([a-z0-9_-]+)\s*=\s*(\S+)")
_LONGEST = 16_384


@dataclass(frozen=True, slots=True)
class Result:
    """One method's result: ``spf``, ``dkim`` or ``dmarc``, ``pass`` or another, and its properties (``header.d``)."""

    method: str
    value: str
    properties: dict[str, str]


def is_authentic(message: Incoming, authserv: str) -> bool:
    """Whether our mail server says that the message is from the address that it names in From.

    ``authserv`` is the server's authserv-id; without one, nothing is authentic. Only the topmost header of that id
    counts: our server puts its own above everything that came with the message, so others are forged or of others.
    """
    server = authserv.strip().lower()
    if not server or not message.sender:
        return False
    domain = message.sender.rpartition("@")[2]
    headers = [str(one) for one in message.root.get_all("authentication-results", [])]
    ours = next((one for one in headers if _authserv_id(one) == server), None)
    return ours is not None and _passes(list(results(ours)), domain)


def _passes(found: Iterable[Result], domain: str) -> bool:
    """DMARC decides where it was judged; else an aligned DKIM signature or SPF pass is enough."""
    found = list(found)
    judged = [one for one in found if one.method == "dmarc" and one.value in ("pass", "fail")]
    if judged:
        return all(one.value == "pass" and one.properties.get("header.from") == domain for one in judged)
    return any(one.value == "pass" and _is_aligned(_proven(one), domain) for one in found)


def _proven(result: Result) -> str:
    """The domain that a result proves; empty where it proves none that matters."""
    if result.method == "spf":
        return result.properties.get("smtp.mailfrom", "").rpartition("@")[2]
    if result.method == "dkim":
        return result.properties.get("header.d") or result.properties.get("header.i", "").rpartition("@")[2]
    return ""


def _is_aligned(proven: str, domain: str) -> bool:
    """The same domain, or one that the proven domain is above; never a bare top-level domain."""
    return "." in proven and (domain == proven or domain.endswith(f".{proven}"))


def _authserv_id(header: str) -> str:
    first = _plain(header).partition(";")[0].split()
    return first[0].lower() if first else ""


def results(header: str) -> Iterator[Result]:
    """The results in an Authentication-Results header, in small letters."""
    for statement in _plain(header).lower().split(";")[1:]:
        found = _RESULT.match(statement.strip())
        if found:
            rest = statement.strip()[found.end() :]
            yield Result(found[1], found[2], {f"{kind}.{name}": value for kind, name, value in _PROPERTY.findall(rest)})


def _plain(header: str) -> str:
    """Without comments (which may be nested) and without quotes; quoted signs that mean something else are dropped."""
    text = _QUOTED.sub(lambda found: re.sub(r"[;()\s\\]", "", found[1]), " ".join(header[:_LONGEST].split()))
    for _ in range(20):
        shorter = _COMMENT.sub(" ", text)
        if shorter == text:
            return text
        text = shorter
    return ""


def units_of(plan: Plan, address: str) -> tuple[Unit, ...]:
    """The units that an address may send for, in the plan's order."""
    wanted = address.strip().lower()
    return tuple(
        unit for unit in plan.units if wanted and wanted in (one.strip().lower() for one in (unit.email, *unit.senders))
    )
