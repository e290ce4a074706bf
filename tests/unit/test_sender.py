"""Whose word counts: only our own mail server's, about the one address that the message names."""

from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.workbooks.samples import plan

from baocao.message.incoming import Incoming
from baocao.message.sender import is_authentic, results, units_of

OURS = "mx.tinh.example"
AT = "vanthu@so.tinh.example"


def message(*headers: str, sender: str = AT) -> Incoming:
    lines = [*(f"Authentication-Results: {one}" for one in headers), f"From: {sender}", "", "Nội dung"]
    return Incoming("\r\n".join(lines).encode())


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; dmarc=pass header.from=so.tinh.example",
        f"{OURS.upper()}; DMARC=Pass (p=REJECT) Header.From=SO.tinh.example",
        f"{OURS} 1; dkim=pass (2048-bit key; unprotected) header.d=so.tinh.example header.i=@so.tinh.example",
        f"{OURS}; dkim=fail header.d=so.tinh.example; dkim=pass header.d=tinh.example",
        f"{OURS}; dkim=pass header.i=@so.tinh.example header.s=chon-lua",
        f"{OURS}; spf=pass (nested (comment; dmarc=fail)) smtp.mailfrom={AT}",
        f"{OURS}; spf=pass smtp.mailfrom=so.tinh.example smtp.helo=mx.khac.example",
        f"{OURS};\r\n\tspf=none smtp.mailfrom=x@khac.example;\r\n\tdkim=pass header.d=so.tinh.example",
        f"{OURS}; dmarc=none header.from=so.tinh.example; spf=pass smtp.mailfrom={AT}",
        f'{OURS}; dkim=pass reason="good signature; dmarc=fail" header.d="so.tinh.example"',
    ],
)
def test_our_server_vouches(header: str) -> None:
    assert is_authentic(message(header), OURS)


@pytest.mark.parametrize(
    "header",
    [
        f"{OURS}; none",
        f"{OURS}",
        "",
        "; dmarc=pass header.from=so.tinh.example",
        "mx.khac.example; dmarc=pass header.from=so.tinh.example",
        f"{OURS}.khac.example; dmarc=pass header.from=so.tinh.example",
        f"x{OURS}; dmarc=pass header.from=so.tinh.example",
        f"{OURS}; dmarc=pass header.from=khac.example",
        f"{OURS}; dmarc=pass",
        f"{OURS}; dmarc=fail header.from=so.tinh.example; spf=pass smtp.mailfrom={AT}",
        f"{OURS}; dmarc=pass header.from=so.tinh.example; dmarc=fail header.from=so.tinh.example",
        f"{OURS}; spf=pass smtp.mailfrom=x@khac.example",
        f"{OURS}; spf=softfail smtp.mailfrom={AT}",
        f"{OURS}; spf=pass smtp.helo=so.tinh.example",
        f"{OURS}; dkim=pass header.d=khac.example",
        f"{OURS}; dkim=pass header.d=inh.example",
        f"{OURS}; dkim=pass header.d=example",
        f"{OURS}; dkim=pass header.d=xso.tinh.example",
        f"{OURS}; iprev=pass policy.iprev=10.0.0.1",
        f"{OURS}; auth=pass smtp.auth={AT}",
        f"{OURS}; spf=pass smtp.mailfrom=x@khac.example (dmarc=pass header.from=so.tinh.example)",
        f'{OURS}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=so.tinh.example "@khac.example',
        f'{OURS}; spf=pass smtp.mailfrom="x) ; dmarc=pass header.from=so.tinh.example ("@khac.example',
        f"{OURS}; spf=pass ({'(' * 60}x{')' * 60}) smtp.mailfrom={AT}",
    ],
)
def test_nobody_vouches(header: str) -> None:
    assert not is_authentic(message(header), OURS)


def test_only_the_topmost_of_ours_counts() -> None:
    good, bad = f"{OURS}; dmarc=pass header.from=so.tinh.example", f"{OURS}; dmarc=fail header.from=so.tinh.example"
    assert is_authentic(message("mx.khac.example; dmarc=fail", good, bad), OURS)
    assert not is_authentic(message(bad, good), OURS)
    assert not is_authentic(message(f"{OURS}; none", good), OURS)


def test_without_a_trusted_server_nothing_counts() -> None:
    assert not is_authentic(message(f"{OURS}; dmarc=pass header.from=so.tinh.example"), "")
    assert not is_authentic(message("; dmarc=pass header.from=so.tinh.example"), " ")


@pytest.mark.parametrize(
    "sender",
    [
        f"{AT}, x@khac.example",
        f"Nhóm: {AT}, x@khac.example;",
        "undisclosed-recipients:;",
        "Văn thư",
        f"{AT}\r\nFrom: x@khac.example",
        f'"{AT}" <x@khac.example>',
        f"{AT} <x@khac.example>",
        f"<{AT}> x@khac.example",
        f"{AT}(x@khac.example",
        f"<{AT}>x@khac.example",
        "",
    ],
)
def test_a_name_that_is_not_one_address_is_nobodys(sender: str) -> None:
    found = message(f"{OURS}; dmarc=pass header.from=so.tinh.example", sender=sender)
    assert not is_authentic(found, OURS) or found.sender == ""


@pytest.mark.parametrize(
    "sender", [AT, AT.upper(), f"Văn thư Sở <{AT}>", f'"Sở, Văn thư" <{AT}>', f"=?utf-8?B?U+G7nw==?= <{AT}>"]
)
def test_one_address_in_every_dress(sender: str) -> None:
    assert message(sender=sender).sender == AT


@given(st.text(max_size=200))
def test_no_header_breaks_the_reading(text: str) -> None:
    list(results(f"{OURS}; {text}"))
    raw = f"Authentication-Results: {text}\r\nFrom: {text}\r\nSubject: {text}\r\n\r\n".encode("utf-8", "surrogatepass")
    found = Incoming(raw)
    is_authentic(found, OURS)
    assert not any(category(sign) in ("Cc", "Cs", "Zl", "Zp") for sign in found.subject)


def test_units_by_address() -> None:
    shipped = plan()
    unit = shipped.unit_by_code["SCT"]
    clerk = unit.model_copy(update={"senders": ("Chi.Lan@soct.example",)})
    shared = shipped.model_copy(update={"units": (*(one for one in shipped.units if one != unit), clerk)})
    assert [one.code for one in units_of(shared, "chi.lan@soct.example")] == ["SCT"]
    assert [one.code for one in units_of(shared, unit.email.upper())] == ["SCT"]
    assert units_of(shared, "") == units_of(shared, unit.head_email) == ()
