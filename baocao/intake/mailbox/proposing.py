"""Trả lời kiến nghị bằng thư: a reply in the thread of a report, or of a reminder, answers proposals or says them done.

Whoever the report is sent to answers; who put a proposal, or carries it out, may say that it is done. Only persons are
heard for whose addresses our own mail server vouches, as for submissions (faults.md, 25).
"""

from dataclasses import dataclass

from baocao.decisions.proposals import ANSWER, CLOSING, address_of, answer_in, close_in
from baocao.decisions.signing import sign
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.received.replied import Said, read_said
from baocao.domain.reported.followed import Followed
from baocao.domain.signature import Channel
from baocao.domain.wording import date_text
from baocao.intake.mailbox.deciding import Decision, of_reply
from baocao.intake.mailbox.replying import ReceivedMail
from baocao.mail.letters.compose import Outgoing
from baocao.message.incoming import Author
from baocao.message.opening import Opened
from baocao.message.sender import units_of
from baocao.store.engine.names import Connection
from baocao.store.outbox.messages import newest_in_thread
from baocao.store.published import proposals
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace

_ANSWERING = frozenset({RecipientRole.REPORT, RecipientRole.APPROVER, RecipientRole.COORDINATOR})
_KINDS = ("report", "proposal")


@dataclass(frozen=True, slots=True)
class ProposalReply:
    """Who says what about which proposals. ``may_answer``: the report is sent to this address."""

    opened: Opened
    name: str
    may_answer: bool
    said: tuple[Said, ...]

    @property
    def decision(self) -> Decision:
        """What becomes of the message itself."""
        why = (
            f"Thư trả lời kiến nghị mang địa chỉ của {self.name} nhưng không được máy chủ thư xác nhận, nên chưa ghi "
            "gì. Hãy hỏi lại nơi gửi rồi ghi bằng lệnh: baocao proposal answer."
        )
        return of_reply(self.opened, why)

    def heed(self, connection: Connection, occasion: ReceivedMail) -> list[Outgoing]:
        """Keep what an authentic reply says, in the caller's transaction, and answer it with what was kept."""
        kept = [_keep(connection, occasion, self, one) for one in self.said]
        followed = "Các báo cáo sau nêu câu trả lời đến khi việc xong. Trả lời lại thư này thì lời sau thay lời trước."
        return [occasion.answer("proposal-reply", self.name, "Trả lời kiến nghị", " ".join(kept), followed)]


def proposal_reply(connection: Connection, workspace: Workspace, opened: Opened) -> ProposalReply | None:
    """The reply that a message is; None where it is none: a machine, no thread of ours, no word on a proposal."""
    said = read_said(opened.lines)
    if not said or opened.author is not Author.PERSON or opened.notice is not None:
        return None
    if not any(newest_in_thread(connection, kind, opened.thread) for kind in _KINDS):
        return None
    readers = [one for one in workspace.plan.recipients if one.email.lower() == opened.sender]
    units = units_of(workspace.plan, opened.sender)
    names = [*(one.name for one in readers), *(one.name for one in units), opened.sender]
    may_answer = any(_ANSWERING & set(one.roles) for one in readers)
    return ProposalReply(opened, names[0], may_answer, tuple(said))


def _keep(connection: Connection, occasion: ReceivedMail, reply: ProposalReply, said: Said) -> str:
    """A sentence on what was kept, or why not."""
    one = proposals.one_of(connection, said.number)
    if one is None or not _may(occasion.workspace, reply, one, said):
        return f"Kiến nghị số {said.number}: chưa ghi, vì không có kiến nghị này hoặc không phải nơi được hỏi."
    try:
        if said.is_done:
            signed = sign(reply.name, said.text, occasion.clock, Channel.MAIL, CLOSING)
            close_in(connection, said.number, signed, is_alone=_is_of_unit(occasion.workspace, reply, one))
            return f"Đã ghi: kiến nghị số {said.number} đã xong, {said.text}."
        signed = sign(reply.name, said.text, occasion.clock, Channel.MAIL, ANSWER)
        answer_in(connection, occasion.workspace, said.number, signed, said.owner, said.due)
    except UsageError as error:
        return f"Kiến nghị số {said.number}: chưa ghi. {error}"
    who = f"; thực hiện: {said.owner}" if said.owner else ""
    due = f"; hạn {date_text(said.due)}" if said.due else ""
    return f"Đã ghi: {reply.name} trả lời kiến nghị số {said.number}: {said.text}{who}{due}."


def _may(workspace: Workspace, reply: ProposalReply, one: Followed, said: Said) -> bool:
    if reply.may_answer or not said.is_done:
        return reply.may_answer
    return _is_owner(workspace, reply, one) or _is_of_unit(workspace, reply, one)


def _is_owner(workspace: Workspace, reply: ProposalReply, one: Followed) -> bool:
    owner = address_of(workspace, one.answer.owner) if one.answer else None
    return owner is not None and owner[1].lower() == reply.opened.sender


def _is_of_unit(workspace: Workspace, reply: ProposalReply, one: Followed) -> bool:
    """Whether it is said by the unit that put it, and by nobody who settles it or carries it out."""
    own = {unit.code for unit in units_of(workspace.plan, reply.opened.sender)}
    return one.unit in own and not reply.may_answer and not _is_owner(workspace, reply, one)
