"""What can be decided in the window: who may, what it asks of the signature, what follows, and what does it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from baocao.decisions.proposals import ANSWER, CLOSING
from baocao.decisions.signing import APPROVAL, BY_HAND, CONCLUSION, CORRECTION, OPERATION, REFUSAL
from baocao.domain.planned.plan import RecipientRole
from baocao.domain.signature import Demand, Signature
from baocao.reporting.signed.release import RELEASE
from portal.desk import deadlines, files, mails, papers, proposals, releasing, runs
from portal.room.visit import Visit

_COORDINATOR = frozenset({RecipientRole.COORDINATOR})
_APPROVERS = _COORDINATOR | {RecipientRole.APPROVER}
_OPERATORS = _COORDINATOR | {RecipientRole.OPERATOR}


def _nothing(_visit: Visit) -> list[tuple[str, str]]:
    return []


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of decision, by the functions of the command line.

    ``state``: what is decided on, as it stands now, as a text that changes with it. ``follows``: sentences on what
    will happen. ``act`` does it; both raise what the library raises. ``keep``: more fields for the confirmation, such
    as the number under which a file is kept for it.
    """

    title: str
    roles: frozenset[RecipientRole]
    demand: Demand
    state: Callable[[Visit], str]
    follows: Callable[[Visit], list[str]]
    act: Callable[[Visit, Signature], None]
    keep: Callable[[Visit], list[tuple[str, str]]] = _nothing


KINDS: Mapping[str, Kind] = {
    "approve": Kind(
        "Duyệt báo cáo", _APPROVERS, APPROVAL, papers.state, papers.follows_approval, papers.approve_report
    ),
    "refuse": Kind(
        "Không duyệt báo cáo", _APPROVERS, REFUSAL, papers.state, papers.follows_refusal, papers.refuse_report
    ),
    "release_report": Kind(
        "Phát hành bản ký số", _APPROVERS, RELEASE, papers.state, releasing.follows, releasing.release, releasing.keep
    ),
    "restate": Kind(
        "Đính chính báo cáo", _COORDINATOR, CORRECTION, papers.state, papers.follows_restating, papers.restate
    ),
    "release": Kind(
        "Cho tính tệp tạm giữ", _COORDINATOR, BY_HAND, files.held_state, files.follows_release, files.release
    ),
    "override": Kind(
        "Đổi kết quả một lần nộp", _COORDINATOR, BY_HAND, files.version_state, files.follows_override, files.override
    ),
    "extend": Kind("Gia hạn", _COORDINATOR, BY_HAND, deadlines.state, deadlines.follows_extension, deadlines.extend),
    "decline_extension": Kind(
        "Không gia hạn", _COORDINATOR, BY_HAND, deadlines.state, deadlines.follows_no, deadlines.decline
    ),
    "remind": Kind(
        "Nhắc nộp ngay",
        _COORDINATOR,
        OPERATION,
        deadlines.reminder_state,
        deadlines.follows_reminder,
        deadlines.remind_now,
    ),
    "accept_explanation": Kind(
        "Chấp nhận giải trình",
        _COORDINATOR,
        BY_HAND,
        files.explanation_state,
        files.follows_acceptance,
        files.accept_explanation,
    ),
    "answer_proposal": Kind(
        "Ghi trả lời kiến nghị", _APPROVERS, ANSWER, proposals.state, proposals.follows_answer, proposals.answer
    ),
    "close_proposal": Kind(
        "Kết thúc kiến nghị", _COORDINATOR, CLOSING, proposals.state, proposals.follows_closing, proposals.close
    ),
    "resolve": Kind(
        "Kết luận về thư", _OPERATORS, CONCLUSION, mails.state, mails.follows_conclusion, mails.conclude_on
    ),
    "redirect": Kind("Gửi tới địa chỉ đúng", _OPERATORS, BY_HAND, mails.state, mails.follows_redirect, mails.redirect),
    "retry": Kind("Gửi lại thư", _OPERATORS, OPERATION, mails.state, mails.follows_retry, mails.retry),
    "renew_code": Kind("Cấp lại Mã nộp", _COORDINATOR, BY_HAND, files.code_state, files.follows_renewal, files.renew),
    "rerun": Kind("Chạy lại", _OPERATORS, OPERATION, runs.state, runs.follows, runs.again),
}
"""By the name under which the audit book keeps it."""
