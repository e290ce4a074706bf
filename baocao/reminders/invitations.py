"""Thư mời và đôn đốc: the blank form, reminders, and the escalation at the close. Pure: values in, words out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.form import Form, FormKind, Rows
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Finding
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.wording import date_text, moment_text
from baocao.mail.letters.answers import Letter, render_letter
from baocao.mail.letters.promise import next_time, promise
from baocao.mail.letters.tables import finding_groups
from baocao.workbook.blank.occasion import Known


@dataclass(frozen=True, slots=True)
class Invitation:
    """Which report is asked for. ``last_day`` is the last working day before the deadline; ``holiday`` names the days
    off that the deadline falls into, empty where it does not; ``now`` is when it is asked for, aware. ``following``:
    the next period's dates, None after the last one. ``is_watched``: arrivals start the collection."""

    plan: Plan
    schedule: Schedule
    last_day: date
    now: datetime
    holiday: str = ""
    following: Schedule | None = None
    is_watched: bool = True

    @property
    def what(self) -> str:
        """The form and its period, as a subject says it."""
        return f"{self.plan.forms[self.schedule.form].title.capitalize()} kỳ {self.schedule.period.short}"


def form_letter(occasion: Invitation, unit: Unit, file_name: str, known: Known) -> Letter:
    """At the opening: the blank form, what it says already, by when it is wanted, and when the next one comes."""
    return _letter(
        "form",
        f"Biểu mẫu {_lower(occasion.what)}: {unit.name}",
        occasion,
        unit=unit,
        file_name=file_name,
        prefilled=_prefilled(occasion.plan.forms[occasion.schedule.form], known),
        is_past_deadline=occasion.now >= occasion.schedule.submit_before,
        next_time=next_time(occasion.following),
    )


def _prefilled(form: Form, known: Known) -> str:
    """What a form that was drawn from what is known says already; nothing else is promised."""
    rows = {sheet.rows for sheet in form.sheets}
    has_figures, has_tasks = Rows.FIGURES in rows, Rows.TASKS in rows
    sums = ", có tổng các tháng" if form.kind is FormKind.FINAL else ""
    parts = {
        "thông tin chung": True,
        f"số đã báo cáo kỳ trước để đối chiếu{sums}": has_figures and known.reported and not form.is_adopted,
        "tỷ lệ kỳ trước": has_figures and known.previous_pct and form.is_adopted,
        "chủ trì, hạn, sản phẩm của từng nhiệm vụ theo phân công": has_tasks and known.assignments,
        "trạng thái, tiến độ nhiệm vụ chép từ kỳ trước (chữ nghiêng), xin xem lại từng dòng": (
            has_tasks and known.carried and not form.is_adopted
        ),
    }
    return "; ".join(words for words, is_there in parts.items() if is_there)


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
    state = "chờ sửa" if standing.state is UnitState.REJECTED else "chưa nhận được"
    head = "Nhắc lần cuối" if is_last else "Nhắc nộp"
    return _letter(
        "reminder",
        f"{head}: {_lower(occasion.what)} – {state}",
        occasion,
        unit=unit,
        **_stands(standing, findings),
        is_last=is_last,
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
    return _letter(
        "missed",
        f"Đã khóa sổ, chưa có báo cáo của quý cơ quan: {_lower(occasion.what)}",
        occasion,
        unit=unit,
        **_stands(standing, findings),
        report_at=moment_text(occasion.schedule.report_at),
    )


def _stands(standing: UnitStanding, findings: Sequence[Finding]) -> dict[str, object]:
    """How the unit stands, as every letter for want of its report says it."""
    is_returned = standing.state is UnitState.REJECTED
    return {
        "standing": standing,
        "is_returned": is_returned,
        "is_held": standing.state is UnitState.QUARANTINED,
        "groups": finding_groups(findings) if is_returned else (),
    }


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
        promise=promise(occasion.schedule, occasion.now, is_watched=occasion.is_watched),
        **values,
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
