"""Duyệt bằng thư trả lời: an approver's reply in the thread of a request is a decision, once and for those facts.

Only a person at one of the approvers' addresses is heard, and only where our own mail server vouches for the address,
as for submissions (faults.md, 25).
"""

import re
from dataclasses import dataclass, replace

from baocao.domain.approving import Opinion, read_opinion
from baocao.domain.planned.period import Period
from baocao.domain.signature import Channel
from baocao.domain.wording import moment_text
from baocao.intake.mailbox.deciding import Decision, of_reply
from baocao.intake.mailbox.replying import ReceivedMail
from baocao.mail.letters.compose import Outgoing
from baocao.message.incoming import Author
from baocao.message.opening import Opened
from baocao.reporting.approval import BASIS_SHOWN, KIND, approvers, decide_in, sign_decision
from baocao.store import reports
from baocao.store.engine.names import Connection
from baocao.store.outbox.messages import newest_in_thread
from baocao.store.reports import ReportRecord, ReportState
from baocao.workspace.workspace import Workspace

_KEY = re.compile(rf"{KIND}/(?P<period>\d{{4}}-\d\d)/v(?P<version>\d+)/(?P<basis>[0-9a-f]{{{BASIS_SHOWN}}})(?:/.*)?")


@dataclass(frozen=True, slots=True)
class ApprovalReply:
    """A reply to a request for approval: who answers about which version of which report, made from which facts."""

    opened: Opened
    name: str
    period: Period
    version: int
    basis: str

    @property
    def decision(self) -> Decision:
        """What becomes of the message itself."""
        why = (
            f"Thư trả lời trình duyệt mang địa chỉ của {self.name} nhưng không được máy chủ thư xác nhận, nên chưa ghi "
            f"quyết định nào. Hãy hỏi lại người duyệt rồi ghi bằng lệnh: baocao report --period {self.period} "
            "--approve “Họ tên” (hoặc --refuse “Họ tên” --reason “Lý do”)."
        )
        return of_reply(self.opened, why)

    def heed(self, connection: Connection, occasion: ReceivedMail) -> list[Outgoing]:
        """Do what an authentic reply says, in the caller's transaction, and answer it with what followed."""
        record = reports.latest(connection, self.period)
        what = f"báo cáo kỳ {self.period.short} (lần {self.version})"
        said, followed = _outdated(occasion.workspace, self, record, what), ""
        if not said:
            verdict = read_opinion(self.opened.first_line)
            if verdict is None or not (verdict.is_approved or verdict.reason):
                said, followed = _not_understood(verdict, what)
            else:
                said, followed = _decided(connection, occasion, self, verdict, what)
        heading = f"Ý kiến về báo cáo kỳ {self.period.short}"
        answer = occasion.answer("approval-reply", self.name, heading, said, followed)
        return [replace(answer, period=self.period)]


def approval_reply(connection: Connection, workspace: Workspace, opened: Opened) -> ApprovalReply | None:
    """The reply that a message is; None where it is none: another sender, a machine, or no thread of ours."""
    names = {one.email.lower(): one.name for one in approvers(workspace)}
    if opened.author is not Author.PERSON or opened.notice is not None or opened.sender not in names:
        return None
    found = _KEY.fullmatch(newest_in_thread(connection, KIND, opened.thread) or "")
    if found is None:
        return None
    period, version = Period.parse(found["period"]), int(found["version"])
    return ApprovalReply(opened, names[opened.sender], period, version, found["basis"])


def _outdated(workspace: Workspace, reply: ApprovalReply, record: ReportRecord | None, what: str) -> str:
    """Why the reply decides nothing any more; empty where it does."""
    if record is None or (record.version, record.basis[:BASIS_SHOWN]) != (reply.version, reply.basis):
        return (
            f"Bản trình {what} mà thư này trả lời không còn dùng, vì số liệu đã thay đổi sau đó. Chưa ghi ý kiến; "
            "xin trả lời thư trình của bản mới."
        )
    if record.state is ReportState.PUBLISHED:
        at = moment_text(workspace.local(record.sent_at)) if record.sent_at else ""
        by = f" theo ý kiến duyệt của {record.decided_by}" if record.decided_by else ""
        return f"{what[0].upper()}{what[1:]} đã phát hành lúc {at}{by}; không còn gì chờ duyệt."
    return ""


def _not_understood(verdict: Opinion | None, what: str) -> tuple[str, str]:
    fault = "Chưa rõ ý kiến" if verdict is None else "Không duyệt thì cần nêu lý do"
    return (
        f"{fault}, nên chưa ghi quyết định nào về {what}.",
        "Xin trả lời lại, dòng đầu chỉ ghi “Đồng ý”, hoặc “Không duyệt: …” kèm lý do trên cùng dòng.",
    )


def _decided(
    connection: Connection, occasion: ReceivedMail, reply: ApprovalReply, verdict: Opinion, what: str
) -> tuple[str, str]:
    workspace = occasion.workspace
    state = ReportState.APPROVED if verdict.is_approved else ReportState.REFUSED
    signed = sign_decision(reply.name, verdict.reason, occasion.clock, Channel.MAIL, is_approved=verdict.is_approved)
    decide_in(connection, workspace, reply.period, state, signed)
    at = moment_text(workspace.local(occasion.arrival.now))
    if verdict.is_approved:
        return (
            f"Đã ghi: {reply.name} DUYỆT {what}, lúc {at}.",
            "Báo cáo được phát hành và gửi tới các nơi nhận ngay sau thư này; họ tên người duyệt in trong báo cáo.",
        )
    return (
        f"Đã ghi: {reply.name} KHÔNG DUYỆT {what}, lúc {at}. Lý do: {verdict.reason}",
        "Báo cáo không được gửi đi. Cán bộ tổng hợp đã được báo bằng thư; sửa xong, báo cáo được trình lại.",
    )
