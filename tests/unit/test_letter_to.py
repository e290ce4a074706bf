"""Every letter is written in one way: nobody but the mail room puts a message together by hand."""

import ast
from types import SimpleNamespace
from typing import cast

import pytest
from support import ROOT

from baocao.domain.planned.period import Period
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.answers import Letter
from baocao.workspace.workspace import Workspace

ROOMS = ("baocao", "expectations", "tasks", "flows", "portal", "deployments")


def test_a_letter_has_its_recipients_in_the_plan_s_order_and_its_kind_by_its_key() -> None:
    unit = SimpleNamespace(name="Sở Công Thương", email="sct@example.vn")
    workspace = cast(Workspace, SimpleNamespace(plan=SimpleNamespace(code="NB"), sender=("Sở TT&TT", "tt@example.vn")))
    head = ("Lãnh đạo Sở Công Thương", "lanhdao@example.vn")

    message = letter_to(
        workspace, [unit, head], "remind/2022-10/1/SCT", Letter("Nhắc", "Chữ", "<p>Chữ</p>"), period=Period(2022, 10)
    )

    assert message.recipients == (("Sở Công Thương", "sct@example.vn"), head)
    assert (message.kind, message.plan, message.sender) == ("remind", "NB", ("Sở TT&TT", "tt@example.vn"))
    assert (message.subject, message.text, message.html) == ("Nhắc", "Chữ", "<p>Chữ</p>")
    assert letter_to(workspace, [head], "render/2022-10/v1", Letter("a", "b", "c"), kind="alert").kind == "alert"


@pytest.mark.slow
def test_nobody_but_the_mail_room_makes_a_message_or_a_way_out() -> None:
    assert _calls({"Outgoing"}, "baocao/mail/letters") == []
    assert _calls({"transport_of"}, "baocao/mail/sending") == []


def _calls(names: set[str], room: str) -> list[str]:
    return sorted(
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for place in ROOMS
        for path in (ROOT / place).rglob("*.py")
        if not path.is_relative_to(ROOT / room)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names
    )
