"""Tạm giữ: a person lets a file out of the quarantine, to be checked and counted for the unit that the person names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from baocao.decisions.overrides import unit_of
from baocao.domain.planned.period import Period
from baocao.domain.received.holding import likely_unit, release_command
from baocao.domain.received.submission import QUARANTINE_RULES, Content, Receipt, ReceiptState
from baocao.domain.signature import Signature
from baocao.isolation.process import ReaderPool, read_one
from baocao.store import audit
from baocao.store.archive import archive_path
from baocao.store.engine.database import reading, writing
from baocao.store.engine.names import Connection
from baocao.store.receipts import in_quarantine, let_out, one_of
from baocao.system.errors import UsageError
from baocao.workspace.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits for a decision."""

    receipt: Receipt

    def as_row(self) -> dict[str, Any]:
        """The file as ``submission held --json`` prints it. ``unit`` and ``period`` are what it is most likely for."""
        one = self.receipt
        return {
            "number": one.id,
            "name": one.name,
            "unit": likely_unit(one),
            "period": str(one.said_period or one.period),
            "form": one.said_form,
            "came_as": {"unit": one.unit, "period": str(one.period)},
            "received_at": one.received_at.isoformat(),
            "why": one.note,
            "release": release_command(one),
        }


def held_files(workspace: Workspace) -> list[Held]:
    """Every file that lies in the quarantine and waits for a person, in the order of arrival.

    What a file says of itself was not written down before homes knew of arrival; such a file is read once more.
    """
    with reading(workspace.engine) as connection:
        found = in_quarantine(connection)
    old = [one for one in found if one.arrived_at is None and one.origin is None and one.said_form is None]
    paths = [archive_path(workspace.home, one.sha256, one.name) for one in old]
    with ReaderPool(workspace.plan, workers=1) as pool:
        said = dict(zip((one.id for one in old), pool.read_all(paths), strict=True))
    return [Held(_with_words_of(one, said[one.id]) if one.id in said else one) for one in found]


def _with_words_of(one: Receipt, says: Content) -> Receipt:
    return replace(one, said_unit=says.unit, said_period=says.period, said_form=says.form)


def release(
    workspace: Workspace,
    receipt_id: int,
    signed: Signature,
    *,
    unit: str | None = None,
    period: Period | None = None,
    despite_content: bool = False,
) -> Receipt:
    """Open a quarantined receipt again; the next collection checks it as any other and answers the unit.

    ``unit`` defaults to that of the receipt where the workbook says nothing else, ``period`` to what the workbook says
    of itself, else to that of the receipt. What contradicts the workbook needs ``despite_content``, which is kept in
    the audit book. Received when it was, it stays on time or late, and in its place in the order of arrival. Written
    into the audit book in the same transaction. Returns the receipt as it is now.

    Raises:
        UsageError: there is no such receipt, it is not in quarantine, it is not known for which unit it is to count,
            or it says that it is something else.
    """
    with reading(workspace.engine) as connection:
        held = _held(connection, receipt_id)
    says = read_one(archive_path(workspace.home, held.sha256, held.name), workspace.plan)
    code, for_period = _meant_for(workspace, unit or _unit_said(held, says), period or says.period or held.period)
    against = list(_contradictions(workspace, says, code, for_period))
    if against and not despite_content:
        raise UsageError(
            f"Tệp số {receipt_id} {' và '.join(against)}. Nếu chắc chắn vẫn tính cho {code} kỳ "
            f"{for_period.short}, hãy thêm --despite-content; điều này được ghi vào nhật ký."
        )
    note = f"{signed.name} cho tính: {signed.reason}"
    with writing(workspace.engine) as connection:
        before = _held(connection, receipt_id)
        taken = replace(before, unit=code, period=for_period, state=ReceiptState.TAKEN)
        after = replace(taken, released_by=signed.name, note=note)
        let_out(connection, after)
        _write_down(connection, before, after, signed, against)
    return after


def _meant_for(workspace: Workspace, unit: str, period: Period) -> tuple[str, Period]:
    """The unit and the period, where the one reports in the other."""
    office = unit_of(workspace, unit)
    workspace.schedule(period)
    if not office.reports_in(period):
        raise UsageError(f"{office.code} không báo cáo kỳ {period.short}; hãy nêu đơn vị nối tiếp bằng --unit.")
    return office.code, period


def _unit_said(held: Receipt, says: Content) -> str:
    """The unit of the folder or address that a file came by, where the file says nothing else."""
    hint = f" (theo nội dung tệp: --unit {says.unit})" if says.unit else ""
    if held.unit is None:
        raise UsageError(f"Chưa rõ tệp số {held.id} là của đơn vị nào; hãy nêu bằng --unit{hint}.")
    if says.unit not in (None, held.unit):
        raise UsageError(
            f"Tệp số {held.id} đến theo đường của {held.unit} nhưng ghi đơn vị khác; hãy nêu --unit{hint}."
        )
    return held.unit


def _contradictions(workspace: Workspace, says: Content, unit: str, period: Period) -> Iterator[str]:
    """What the workbook says of itself against these, as ends of a sentence.

    Raises:
        UsageError: it is filled in another form than the period's, so that nothing of it could be counted.
    """
    form = workspace.plan.form_of(period)
    if says.form is not None and says.form != form.key:
        raise UsageError(
            f"Tệp theo biểu {workspace.plan.forms[says.form].label}, còn kỳ {period.short} dùng biểu {form.label}, nên "
            "không tính được cho kỳ này; hãy đề nghị đơn vị gửi đúng biểu mẫu."
        )
    said = {finding.rule: finding.value for finding in says.findings if finding.rule in QUARANTINE_RULES}
    whose = says.unit or said.get("unit_mismatch")
    when = says.period.short if says.period else said.get("period_mismatch")
    if whose and whose != unit:
        yield f"ghi là của đơn vị {whose}, không phải {unit}"
    if when and when != period.short:
        yield f"ghi là của kỳ {when}, không phải {period.short}"


def _held(connection: Connection, receipt_id: int) -> Receipt:
    held = one_of(connection, receipt_id)
    if held is None:
        raise UsageError(f"Không có tệp nào mang số tiếp nhận {receipt_id}; xem số trong thư báo tạm giữ.")
    if held.state is not ReceiptState.QUARANTINED:
        raise UsageError(f"Tệp số {receipt_id} (“{held.name}”) không bị tạm giữ; không có gì để cho tính.")
    return held


def _write_down(connection: Connection, before: Receipt, after: Receipt, signed: Signature, against: list[str]) -> None:
    details: dict[str, Any] = {
        "name": before.name,
        "sha256": before.sha256,
        "unit": after.unit,
        "held_because": before.note,
    }
    details |= {"despite_content": against} if against else {}
    subject = f"receipt/{before.id}"
    audit.record(connection, signed, "release", subject, details, period=after.period)
