"""Nộp: a file becomes a receipt by the same intake as every other, and the collection is started."""

from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.responses import Response

from baocao.domain.received.submission import Receipt, ReceiptState, Submission
from baocao.intake.folder import is_workbook, suffix_of
from baocao.intake.handing_in import take_in_handed
from baocao.mail.letters.promise import promise
from baocao.store import receipts
from baocao.store.engine.database import reading
from baocao.store.submissions import by_receipt, findings_of
from baocao.system.errors import UsageError
from portal.room.visit import Visit, go_to, missing
from portal.unit.checking import Sent, findings_table, laid, sent_file
from portal.unit.month import unit_asked

_SAYS = {
    ReceiptState.DUPLICATE: "Tệp này giống hệt tệp đã nhận trước đó; số liệu không thay đổi.",
    ReceiptState.QUARANTINED: "Tệp được tạm giữ để cán bộ tổng hợp xem; chưa được tính.",
    ReceiptState.BLANK: "Đây là biểu mẫu chưa điền; chưa tính là một lần nộp. Hãy điền số liệu rồi nộp lại.",
    ReceiptState.EARLY: "Tệp của một kỳ chưa mở; được giữ và tự xử lý khi kỳ đó mở.",
    ReceiptState.DOCUMENT: "Đã nhận văn bản PDF; kết quả kiểm tra chữ ký số gửi qua thư.",
    ReceiptState.TRIED: "Tệp chỉ được kiểm tra thử, chưa nộp.",
}


def hand_in(visit: Visit) -> Response:
    """Archive and record the file, then start its collection; the very file sent again gives the same receipt."""
    if not visit.known.units and not visit.known.is_coordinator:
        missing()
    sent, unit = sent_file(visit), unit_asked(visit)
    _ensure_wanted(visit, sent)
    number = take_in_handed(visit.workspace, unit, sent.name, sent.data, visit.clock)
    one, submission = _state(visit, number)
    if one.state is ReceiptState.TAKEN:
        visit.house.works.collect(one.name)
    if visit.wants_json:
        return visit.say({"receipt": number, "verdict": submission.verdict.value if submission else None})
    return go_to(f"/bien-nhan/{number}")


def _ensure_wanted(visit: Visit, sent: Sent) -> None:
    """The form, or a document that is taken: one's answer in Word, or the signed one beside the workbook."""
    with TemporaryDirectory(prefix="nop-") as folder:
        path = laid(Path(folder), sent)
        if not (is_workbook(path) or suffix_of(path) in visit.workspace.documents_taken):
            raise UsageError(f"“{sent.name}” không phải tệp Excel. Hãy nộp biểu mẫu đã điền, tệp có đuôi .xlsx.")


def _state(visit: Visit, number: int) -> tuple[Receipt, Submission | None]:
    with reading(visit.workspace.engine) as connection:
        one = receipts.shown(connection, number)
        if one is None or not visit.known.may_see(one.unit):
            missing()
        return one, by_receipt(connection, [number]).get(number)


def receipt(visit: Visit) -> Response:
    """What became of a file that was handed in; looks again by itself while it is being checked."""
    one, submission = _state(visit, int(visit.path("number")))
    verdict = submission.verdict.value if submission else None
    if visit.wants_json:
        return visit.say({"receipt": one.id, "verdict": verdict, "state": one.state.value})
    is_open = one.state is ReceiptState.TAKEN
    with reading(visit.workspace.engine) as connection:
        found = findings_of(connection, [submission.id]).get(submission.id, []) if submission else []
    return visit.show(
        "bien-nhan.html.j2",
        f"Biên nhận số {one.id}",
        receipt=one,
        submission=submission,
        is_open=is_open,
        is_worked_on=is_open and visit.house.works.is_there(),
        promise=promise(
            visit.workspace.schedule(one.period), visit.clock.now, is_watched=visit.workspace.settings.is_watched
        ),
        says=_SAYS.get(one.state, ""),
        findings=findings_table(found, "Nội dung kiểm tra") if found else None,
    )
