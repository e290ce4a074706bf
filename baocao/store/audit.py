"""Nhật ký: who decided what, when and why. Rows are only ever added."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from baocao.domain.planned.period import Period
from baocao.domain.signature import Signature
from baocao.store.schema.audit import audit

_LABELS = {
    "override": "Đổi kết quả",
    "extend": "Gia hạn",
    "ask_extension": "Xin gia hạn",
    "decline_extension": "Không gia hạn",
    "release": "Nhận tệp tạm giữ",
    "remind": "Nhắc nộp",
    "rerun": "Chạy lại",
    "retry": "Gửi lại thư",
    "resolve": "Kết luận về thư",
    "restate": "Đính chính báo cáo",
    "redirect": "Gửi lại tới địa chỉ đúng",
    "approve": "Duyệt báo cáo",
    "refuse": "Không duyệt báo cáo",
    "explain": "Giải trình cảnh báo",
    "accept_explanation": "Chấp nhận giải trình",
    "answer_proposal": "Trả lời kiến nghị",
    "close_proposal": "Kết thúc kiến nghị",
    "release_report": "Phát hành bản ký số",
    "renew_code": "Cấp lại Mã nộp",
    "restore": "Khôi phục từ bản sao",
    "apply_plan": "Đổi kế hoạch",
}


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One decision of a person. ``subject`` is what it is about (``SCT/2022-10/v1``); ``at`` is aware, in UTC.

    ``channel``: by which way it was decided (:class:`baocao.domain.signature.Channel`); None in rows of older homes.
    """

    id: int
    at: datetime
    who: str
    action: str
    subject: str
    period: str | None
    reason: str
    details: Mapping[str, Any]
    channel: str | None = None

    @property
    def label(self) -> str:
        """The action for people; an action without a Vietnamese name shows its own."""
        return _LABELS.get(self.action, self.action)

    def as_row(self) -> dict[str, Any]:
        """The entry as ``audit --json`` prints it."""
        return {
            "id": self.id,
            "at": self.at.isoformat(),
            "who": self.who,
            "action": self.action,
            "subject": self.subject,
            "period": self.period,
            "reason": self.reason,
            "details": dict(self.details),
        }


def record(
    connection: Connection,
    signed: Signature,
    action: str,
    subject: str,
    details: Mapping[str, Any] | None = None,
    *,
    period: Period | None = None,
) -> int:
    """Add a signed row in the transaction that does what it tells of; ``details`` is plain JSON.

    Returns the row's number.
    """
    number: int = connection.execute(
        insert(audit)
        .values(
            at=signed.at,
            who=signed.name,
            action=action,
            subject=subject,
            period=str(period) if period else None,
            reason=signed.reason,
            details=dict(details or {}),
            channel=signed.channel,
        )
        .returning(audit.c.id)
    ).scalar_one()
    return number


def last_details(connection: Connection, action: str) -> Mapping[str, Any] | None:
    """What the last decision of a kind wrote down; None where there was none."""
    query = select(audit.c.details).where(audit.c.action == action).order_by(audit.c.id.desc()).limit(1)
    return connection.execute(query).scalar_one_or_none()


def entries(connection: Connection, period: Period | None = None) -> list[AuditEntry]:
    """Every entry, or those of one period, in the order in which they were written."""
    query = select(audit).order_by(audit.c.id)
    if period is not None:
        query = query.where(audit.c.period == str(period))
    return [AuditEntry(**row) for row in connection.execute(query).mappings()]
