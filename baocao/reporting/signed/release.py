"""Phát hành bản ký số: where BAOCAO_RELEASE is ``signed``, a report goes out as the signed and numbered file."""

import hashlib
from pathlib import Path

from baocao.domain.planned.period import Period
from baocao.domain.received.numbering import Numbered
from baocao.domain.signature import Demand, Signature
from baocao.narrative.phrases import lower_first
from baocao.reporting.preparation import prepare_report, publish_in
from baocao.reporting.prepared import Prepared, latest_report
from baocao.reporting.report_mail import PDF_FILE, SIGNED_FILE
from baocao.reporting.sealing import seal_pdf
from baocao.signatures.verifying import read_trust, signers_of
from baocao.store import audit
from baocao.store.engine.database import reading, writing
from baocao.store.published import releases
from baocao.store.published.releases import Release
from baocao.store.reports import ReportState
from baocao.system.clock import Clock
from baocao.system.errors import NotDueError, UsageError, reason_of
from baocao.system.files import write_atomically
from baocao.system.locks import held
from baocao.workspace.past import seal
from baocao.workspace.workspace import Workspace

RELEASE = Demand("Phát hành phải có họ tên người làm (--by).")
_LONGEST_NUMBER = 80


def release(
    workspace: Workspace, period: Period, source: Path | None, numbered: Numbered, signed: Signature, clock: Clock
) -> Release:
    """Verify a signed report and let it go out: its mails carry the signed file, the register has its number.

    ``source`` is the signed file; without it the only one in ``{HOME}/release/<period>/``.

    Raises:
        NotDueError: no report of the period waits for its signature, or the figures have changed since.
        UsageError: the file is refused, with the reason; or the number is none, or taken.
    """
    data = _data(source or _left(workspace, period))
    prepared, version = _waiting(workspace, period, clock)
    ours = _data(prepared.folder / PDF_FILE)
    signers = signers_of(data, ours, read_trust(workspace.settings.signers), clock.now)
    if workspace.settings.seal_p12 is not None:
        data = seal_pdf(data, workspace.settings.seal_p12, workspace.settings.seal_password_file)
    one = Release(
        period=period,
        version=version,
        number=_free(numbered, register(workspace)),
        dated=numbered.dated,
        subject=f"Báo cáo {lower_first(prepared.paper.story.subject)}",
        signers=tuple((signer.name, signer.at.isoformat() if signer.at else "") for signer in signers),
        sha256=hashlib.sha256(data).hexdigest(),
        released_by=signed.name,
        released_at=clock.now,
    )
    write_atomically(prepared.folder / SIGNED_FILE, data)
    with held(workspace.reports_lock), writing(workspace.engine) as connection:
        if not publish_in(connection, workspace, prepared, clock, number=one.number):
            raise NotDueError(f"Báo cáo kỳ {period.short} vừa được người khác phát hành; xem baocao report register.")
        releases.add(connection, one)
        details = {"number": one.number, "dated": one.dated.isoformat(), "sha256": one.sha256}
        audit.record(connection, signed, "release_report", f"report/{period}/v{one.version}", details, period=period)
    seal(prepared.folder)
    return one


def _waiting(workspace: Workspace, period: Period, clock: Clock) -> tuple[Prepared, int]:
    """The report that waits for its signature, made anew from the same figures, and its version."""
    record = latest_report(workspace, period)
    if record is None or record.state is not ReportState.SIGNING:
        state = record.state.label if record else "chưa lập"
        raise NotDueError(f"Báo cáo kỳ {period.short} không chờ bản ký số ({state}); xem baocao status.")
    prepared = prepare_report(workspace, period, clock, is_draft=False)
    if prepared.record is None or prepared.record.state is not ReportState.SIGNING:
        raise NotDueError(
            f"Số liệu kỳ {period.short} đã đổi sau khi trình ký, bản ký này không còn đúng. "
            f"Hãy chạy lại: baocao report --period {period}, rồi ký bản mới."
        )
    return prepared, prepared.record.version


def register(workspace: Workspace) -> list[Release]:
    """Every signed report that went out, in order: number, date, subject, signers."""
    with reading(workspace.engine) as connection:
        return releases.every(connection)


def _left(workspace: Workspace, period: Period) -> Path:
    folder = workspace.home / "release" / str(period)
    found = sorted(folder.glob("*.pdf")) if folder.is_dir() else []
    if len(found) != 1:
        raise UsageError(f"Cần một tệp đã ký: nêu --file, hoặc để đúng một tệp .pdf trong {folder} (có {len(found)}).")
    return found[0]


def _data(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"Không đọc được {path}: {reason_of(error)}.") from None


def _free(numbered: Numbered, taken: list[Release]) -> str:
    number = " ".join(numbered.number.split())
    if not number or len(number) > _LONGEST_NUMBER:
        raise UsageError("Số văn bản đang trống hoặc quá dài; hãy ghi như 123/BC-STTTT ở --number.")
    for one in taken:
        if (one.number, one.dated.year) == (number, numbered.dated.year):
            raise UsageError(f"Số {number} năm {one.dated.year} đã cấp cho báo cáo kỳ {one.period.short}.")
    return number
