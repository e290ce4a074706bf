"""Giải trình bằng thư trả lời: a unit's reply in the thread of an answer explains the warnings of that version.

Only a person at one of the unit's addresses is heard, and only where our own mail server vouches for the address, as
for submissions; the coordinator still decides whether an explanation is accepted.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from baocao.decisions.explanations import Listed, explain_in, listed_in
from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Severity
from baocao.domain.received.told import Told, read_told
from baocao.domain.signature import Channel
from baocao.domain.wording import enumeration
from baocao.intake.mailbox.replying import ReceivedMail
from baocao.mail.letters.compose import Outgoing
from baocao.mail.letters.threads import in_thread
from baocao.message.opening import Opened
from baocao.message.sender import units_of
from baocao.store.engine.names import Connection
from baocao.store.outbox.messages import newest_in_thread
from baocao.workspace.workspace import Workspace

_KEY = re.compile(r"answer/(?P<period>\d{4}-\d\d)/(?P<unit>[^/]+)/v(?P<version>\d+)(?:/.*)?")
_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ExplanationReply:
    """A unit's reply to the answer about a version, with what it says about its warnings."""

    unit: Unit
    period: Period
    version: int
    told: tuple[Told, ...]


def explanation_reply(connection: Connection, workspace: Workspace, opened: Opened) -> ExplanationReply | None:
    """The explanation that an authentic message without files is; None where it is none."""
    told = read_told(opened.lines)
    found = _KEY.fullmatch(newest_in_thread(connection, "answer", opened.thread) or "") if told else None
    if found is None or not opened.is_authentic:
        return None
    unit = next((one for one in units_of(workspace.plan, opened.sender) if one.code == found["unit"]), None)
    if unit is None:
        return None
    return ExplanationReply(unit, Period.parse(found["period"]), int(found["version"]), tuple(told))


def keep_explanations(connection: Connection, occasion: ReceivedMail, reply: ExplanationReply) -> list[Outgoing]:
    """Keep what a reply explains, in the caller's transaction, and answer it with what was kept and what was not."""
    listed = list(listed_in(connection, reply.period, reply.unit.code))
    open_ones = [one for one in listed if one.finding.severity is Severity.WARNING]
    if not listed or listed[0].submission.version != reply.version:
        said = f"Lần nộp {reply.version} không còn là lần nộp cuối, nên chưa ghi giải trình nào."
        return [_answer(occasion, reply, said, "Xin trả lời thư kiểm tra của lần nộp cuối.")]
    kept, unknown = [], []
    for told in reply.told:
        meant = _meant(open_ones, told.place)
        for one in meant:
            kept.append(_place(one))
            if not (one.explanation and one.explanation.accepted_by):
                _keep(connection, occasion, reply, one, told.text)
        if not meant:
            unknown.append(told.place or "không nêu mã")
    return [_answer(occasion, reply, _said(reply, kept), _followed(open_ones, unknown))]


def _meant(warnings: Sequence[Listed], place: str) -> list[Listed]:
    """The warnings at a cell, or of a row; the only one where no place is named."""
    if not place:
        return list(warnings) if len(warnings) == 1 else []
    return [one for one in warnings if place in ((one.finding.code or "").upper(), one.finding.cell)]


def _keep(connection: Connection, occasion: ReceivedMail, reply: ExplanationReply, one: Listed, text: str) -> None:
    who = f"{reply.unit.name} ({occasion.opened.sender})"[:200]
    signed = sign(who, "trả lời thư kiểm tra", occasion.clock, Channel.MAIL)
    explain_in(connection, reply.period, one, text, signed)


def _place(one: Listed) -> str:
    code, cell = one.finding.code, one.finding.cell
    return f"{code} (ô {cell})" if code and cell else code or cell or "cả tệp"


def _said(reply: ExplanationReply, kept: Sequence[str]) -> str:
    what = f"báo cáo kỳ {reply.period.short} (lần nộp {reply.version})"
    if not kept:
        return f"Chưa ghi giải trình nào về {what}."
    return f"Đã ghi giải trình về {what}: {enumeration(list(dict.fromkeys(kept)))}. Cán bộ tổng hợp sẽ xem xét."


def _followed(warnings: Sequence[Listed], unknown: Sequence[str]) -> str:
    if not unknown:
        return "Được chấp nhận thì cảnh báo đó không nêu lại cho đến khi số liệu thay đổi."
    if not warnings:
        return "Lần nộp này không có cảnh báo nào cần giải trình; lỗi thì sửa trong tệp rồi gửi lại."
    shown = enumeration([_place(one) for one in warnings[:_SHOWN]])
    return (
        f"Không rõ giải trình cho cảnh báo nào: {enumeration(list(dict.fromkeys(unknown)))}. Cảnh báo đang có: "
        f"{shown}. Xin trả lời lại, mỗi cảnh báo một dòng, như “Giải trình B1: lý do”."
    )


def _answer(occasion: ReceivedMail, reply: ExplanationReply, said: str, followed: str) -> Outgoing:
    heading = f"Giải trình cảnh báo kỳ {reply.period.short}"
    letter = occasion.told(heading, said, followed)
    written = replace(occasion.message("explained", [reply.unit], letter), period=reply.period)
    return in_thread(written, reply.unit, occasion.opened.origin)
