"""Phát hành bằng thư trả lời: the signed PDF as a reply to the request for it, its number and date in the text.

Only a person whom the request went to is heard, and only where our own mail server vouches for the address, as for
submissions (faults.md, 25).
"""

import re
from dataclasses import dataclass

from baocao.decisions.signing import sign
from baocao.domain.planned.period import Period
from baocao.domain.received.numbering import read_numbered
from baocao.domain.signature import Channel
from baocao.domain.wording import date_text
from baocao.intake.mailbox.deciding import Decision, of_reply
from baocao.intake.mailbox.replying import ReceivedMail
from baocao.mail.letters.compose import Outgoing
from baocao.message.incoming import Author
from baocao.message.opening import Opened
from baocao.reporting.signed.asking import KIND, asked
from baocao.store import archive
from baocao.store.engine.database import reading
from baocao.store.outbox.messages import newest_in_thread
from baocao.store.published import releases
from baocao.store.published.releases import Release
from baocao.system.errors import BaocaoError
from baocao.system.names import clean_name
from baocao.workspace.workspace import Workspace

_KEY = re.compile(rf"{KIND}/(?P<period>\d{{4}}-\d\d)/v(?P<version>\d+)/.*")
_HOW = "Xin trả lời thư chờ ký số, ghi ở đầu thư “Số 123/BC-STTTT ngày 25/10/2022” và kèm đúng một tệp PDF đã ký."


@dataclass(frozen=True, slots=True)
class ReleaseReply:
    """A reply to a request for a signed file: who answers about which version of which report."""

    opened: Opened
    name: str
    period: Period
    version: int

    @property
    def decision(self) -> Decision:
        """What becomes of the message itself."""
        why = (
            f"Thư trả lời chờ ký số mang địa chỉ của {self.name} nhưng không được máy chủ thư xác nhận, nên chưa phát "
            f"hành gì. Hãy hỏi lại người gửi rồi làm bằng lệnh: baocao report release --period {self.period}."
        )
        return of_reply(self.opened, why)


def release_reply(workspace: Workspace, opened: Opened) -> ReleaseReply | None:
    """The reply that a message is; None where it is none: another sender, a machine, or no thread of ours."""
    if workspace.settings.release != "signed" or opened.author is not Author.PERSON or opened.notice is not None:
        return None
    names = {one.email.lower(): one.name for one in asked(workspace)}
    if opened.sender not in names:
        return None
    with reading(workspace.engine) as connection:
        found = _KEY.fullmatch(newest_in_thread(connection, KIND, opened.thread) or "")
    if found is None:
        return None
    return ReleaseReply(opened, names[opened.sender], Period.parse(found["period"]), int(found["version"]))


def heed_release(occasion: ReceivedMail, reply: ReleaseReply) -> Outgoing:
    """Do what an authentic reply says, in transactions of its own, and answer it with what followed.

    Idempotent: of a report that went out it tells number and date, whoever released it.
    """
    done = _released(occasion.workspace, reply)
    if done is not None:
        said, followed = _told(done), "Bản ký này không được gửi thêm lần nữa."
    else:
        said, followed = _release(occasion, reply)
    heading = f"Phát hành báo cáo kỳ {reply.period.short}"
    return occasion.answer("release-reply", reply.name, heading, said, followed)


def _released(workspace: Workspace, reply: ReleaseReply) -> Release | None:
    with reading(workspace.engine) as connection:
        known = releases.every(connection)
    return next((one for one in known if (one.period, one.version) == (reply.period, reply.version)), None)


def _release(occasion: ReceivedMail, reply: ReleaseReply) -> tuple[str, str]:
    from baocao.reporting.signed.release import RELEASE, release  # noqa: PLC0415 - rare, and its libraries are heavy

    workspace, documents = occasion.workspace, reply.opened.found.documents
    numbered = read_numbered(reply.opened.lines)
    if numbered is None or len(documents) != 1:
        missing = "thiếu số hoặc ngày văn bản" if numbered is None else f"kèm {len(documents)} tệp PDF"
        return f"Chưa phát hành: thư {missing}.", _HOW
    (one,) = documents
    path = archive.archive_path(workspace.home, archive.digest(one.data), clean_name(one.name))
    try:
        signed = sign(f"{reply.name} ({reply.opened.sender})"[:200], "", occasion.clock, Channel.MAIL, RELEASE)
        done = release(workspace, reply.period, path, numbered, signed, occasion.clock)
    except BaocaoError as error:
        return f"Chưa phát hành. {error}", _HOW
    return _told(done), "Báo cáo được gửi tới các nơi nhận ngay sau thư này."


def _told(one: Release) -> str:
    names = ", ".join(name for name, _ in one.signers)
    return (
        f"Đã phát hành báo cáo kỳ {one.period.short} (lần {one.version}), số {one.number} ngày {date_text(one.dated)}; "
        f"người ký: {names}."
    )
