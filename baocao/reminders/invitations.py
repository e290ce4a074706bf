"""Thư mời và đôn đốc: the blank form, reminders, and the escalation at the close. Pure: values in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.wording import date_text, moment_text
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.letters.promise import promise
from baocao.mail.letters.tables import finding_groups


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which report is asked for. ``last_day`` is the last working day before the deadline; ``holiday`` names the days
    off that the deadline falls into, empty where it does not; ``now`` is when it is asked for, aware."""

    plan: Plan
    schedule: Schedule
    last_day: date
    now: datetime
    holiday: str = ""

    @property
    def what(self) -> str:
        """The form and its period, as a subject says it."""
        return f"{self.plan.forms[self.schedule.form].title.capitalize()} kỳ {self.schedule.period.short}"


def form_letter(occasion: Invitation, unit: Unit, file_name: str) -> Letter:
    """At the opening: the blank form, pre-filled, and by when it is wanted."""
    return _letter("form", f"Biểu mẫu {_lower(occasion.what)}: {unit.name}", occasion, unit=unit, file_name=file_name)


def reminder_letter(
    occasion: Invitation,
    unit: Unit,
    standing: UnitStanding,
    findings: Sequence[Finding],
    file_name: str,
    *,
    is_last: bool,
) -> Letter:
    """Before the deadline: what is missing, or what was returned and not yet mended; the blank form goes with it."""
    is_returned = standing.state is UnitState.REJECTED
    state = "chờ sửa" if is_returned else "chưa nhận được"
    head = "Nhắc lần cuối" if is_last else "Nhắc nộp"
    return _letter(
        "reminder",
        f"{head}: {_lower(occasion.what)} – {state}",
        occasion,
        unit=unit,
        standing=standing,
        is_returned=is_returned,
        is_held=standing.state is UnitState.QUARANTINED,
        is_last=is_last,
        groups=finding_groups(findings) if is_returned else (),
        file_name=file_name,
        wanted=occasion.plan.forms[occasion.schedule.form].sheets if standing.state is UnitState.MISSING else (),
    )


def moved_letter(occasion: Invitation, unit: Unit, before: datetime, last_day_before: date) -> Letter:
    """A date that was told has moved: the new one, and the old one (in the plan's zone)."""
    deadline = date_text(occasion.schedule.submit_before.date())
    return _letter(
        "moved",
        f"Đổi ngày: {_lower(occasion.what)}, nay nộp trước ngày {deadline}",
        occasion,
        unit=unit,
        before=f"trước ngày {date_text(before.date())} (chậm nhất hết ngày làm việc {date_text(last_day_before)})",
    )


def missed_letter(occasion: Invitation, unit: Unit, standing: UnitStanding, findings: Sequence[Finding]) -> Letter:
    """After the close, to a unit without an accepted report: it can still send one, and until when it counts."""
    is_returned = standing.state is UnitState.REJECTED
    return _letter(
        "missed",
        f"Đã khóa sổ, chưa có báo cáo của quý cơ quan: {_lower(occasion.what)}",
        occasion,
        unit=unit,
        standing=standing,
        is_returned=is_returned,
        is_held=standing.state is UnitState.QUARANTINED,
        groups=finding_groups(findings) if is_returned else (),
        report_at=moment_text(occasion.schedule.report_at),
    )


def escalation_letter(occasion: Invitation, lacking: Sequence[UnitStanding], expected: int) -> Letter:
    """At the close, to the coordinator: who has no accepted report."""
    subject = f"Đã khóa sổ, còn {len(lacking)} đơn vị chưa có báo cáo: {_lower(occasion.what)}"
    return _letter("escalation", subject, occasion, lacking=lacking, expected=expected)


def _letter(name: str, subject: str, occasion: Invitation, **values: object) -> Letter:
    return render_letter(
        name,
        subject,
        occasion.plan,
        occasion=occasion,
        period=occasion.schedule.period,
        form_title=occasion.plan.forms[occasion.schedule.form].title.capitalize(),
        deadline=date_text(occasion.schedule.submit_before.date()),
        last_day=date_text(occasion.last_day),
        promise=promise(occasion.schedule, occasion.now),
        **values,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
