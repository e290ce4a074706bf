"""Cấp lại Mã nộp: a code that others may have read is made void, and the unit gets a form with a new one."""

from pathlib import Path

from baocao.decisions.overrides import decision_letter, unit_of
from baocao.domain.planned.period import Period
from baocao.domain.planned.unit import Unit
from baocao.domain.signature import Signature
from baocao.intake.filing.returned import XLSX
from baocao.mail.letters.addressing import letter_to
from baocao.mail.letters.compose import Outgoing
from baocao.mail.outbox import enqueue
from baocao.reminders.blank_forms import known_in, lay_form
from baocao.store import audit, codes
from baocao.store.engine.database import writing
from baocao.workspace.workspace import Workspace


def renew_code(workspace: Workspace, unit: str, period: Period, signed: Signature) -> int:
    """Make a unit's code for a period void, lay the form with a new one and mail it; returns how often it was done.

    One transaction makes the old code void, writes that into the audit book and puts the mail into the outbox: stopped
    at any moment, all of it was done or nothing, and the command can be typed again. A file with the old code is still
    taken from the unit's folder and from its authentic address, which need no code.

    Raises:
        UsageError: the plan has no such unit or period.
        OutsideServiceError: the disk does not take the mail; the old code still holds.
    """
    office = unit_of(workspace, unit)
    workspace.schedule(period)
    with writing(workspace.engine) as connection:
        number = codes.renew(connection, unit, period)
        details = {"number": number}
        subject = f"{unit}/{period}"
        audit.record(connection, signed, "renew_code", subject, details, period=period)
        path = lay_form(workspace, unit, period, known_in(connection, workspace, unit, period))
        message = _message(workspace, office, period, number, path, signed)
        enqueue(connection, [message], workspace.outbox_folder, signed.at)
    return number


def _message(
    workspace: Workspace, office: Unit, period: Period, number: int, path: Path, signed: Signature
) -> Outgoing:
    said = (
        f"Mã nộp báo cáo kỳ {period.short} của quý cơ quan đã được thay; mã cũ không còn dùng được. "
        "Biểu mẫu kèm theo thư này mang mã mới: xin nhập vào biểu mẫu này, hoặc chép mã mới sang tệp đang làm."
    )
    subject = f"Mã nộp mới, báo cáo kỳ {period.short}: {office.name}"
    letter = decision_letter(workspace, office, subject, said, signed)
    key, file = f"form/{period}/{office.code}/ma-{number}", (path.name, path.read_bytes(), XLSX)
    return letter_to(workspace, [office], key, letter, period=period, unit=office.code, attachments=(file,))
