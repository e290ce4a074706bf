"""Thư trả lời: what a unit or the coordinator reads about a file that came in. Pure: values in, words out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.plan import Plan
from baocao.domain.planned.unit import Unit
from baocao.domain.received.finding import Severity
from baocao.domain.received.submission import Checked, Timeliness, Verdict
from baocao.domain.wording import date_text, moment_text
from baocao.mail.letters.promise import next_time, promise
from baocao.mail.letters.tables import figure_lines, finding_groups, headline_counts
from baocao.system.names import clean

_EMPTY_LINES = re.compile(r"\n\s*\n\s*\n")
_LONGEST_SUBJECT = 500
_TEMPLATES = Path(__file__).parent / "templates"


class Letter(NamedTuple):
    """What a message says, as plain text and as HTML."""

    subject: str
    text: str
    html: str


class Counting(NamedTuple):
    """The version whose figures count now, and when it was received (aware)."""

    version: int
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The submission that an answer is about. ``now`` and ``received_at`` are aware.

    ``counting`` is the version of the unit's report for the period that counts now; None where none does.
    ``previous`` are the last accepted ratios in percent by figure code; empty where there are none.
    ``has_marked_copy``: the sender's own workbook, with its faulty cells marked, goes with the answer.
    ``left_out``: the names of blank forms that came with it. ``following``: the next period's dates, None after the
    last one. ``is_watched``: arrivals start the collection. ``hears_replies``: what a unit answers by mail is read.
    """

    plan: Plan
    unit: Unit
    schedule: Schedule
    version: int
    received_at: datetime
    timeliness: Timeliness
    now: datetime
    file_name: str = ""
    counting: Counting | None = None
    previous: Mapping[str, float | None] = field(default_factory=dict)
    has_marked_copy: bool = False
    left_out: tuple[str, ...] = ()
    following: Schedule | None = None
    is_watched: bool = True
    hears_replies: bool = True

    @property
    def is_past_deadline(self) -> bool:
        """Whether nobody can be on time any more."""
        return self.now >= self.schedule.submit_before

    @property
    def how_to_explain(self) -> str:
        """What the unit does where a warning is about a figure that is right."""
        if self.hears_replies:
            return "trả lời thư này, mỗi cảnh báo một dòng, như “Giải trình B1: lý do” (mã dòng hoặc địa chỉ ô)"
        if self.has_marked_copy:
            return "ghi lý do vào cột Giải trình của tệp đính kèm rồi gửi lại tệp đó"
        return "báo lý do cho cán bộ tổng hợp"


def answer_accepted(answered: Answered, checked: Checked) -> Letter:
    """Received and accepted: the figures as they were read, against the last period, and the warnings."""
    lines = figure_lines(answered.plan, checked.content, answered.previous)
    return _letter(
        "accepted",
        f"Đã tiếp nhận: {_what(answered)}",
        answered,
        lines=lines,
        counts=headline_counts(lines),
        groups=finding_groups(checked.findings),
        warnings=checked.count(Severity.WARNING),
        how_to_explain=answered.how_to_explain,
        has_changes=any(line.change for line in lines),
        is_past_deadline=answered.is_past_deadline,
        next_time=next_time(answered.following),
    )


def answer_returned(answered: Answered, checked: Checked) -> Letter:
    """Returned: what is wrong, sheet by sheet with the worst first, and what to do now."""
    critical = checked.count(Severity.CRITICAL)
    is_unreadable = checked.verdict is Verdict.UNREADABLE
    return _letter(
        "returned",
        f"{'Không đọc được tệp' if is_unreadable else f'Cần sửa {critical} lỗi'}: {_what(answered)}",
        answered,
        groups=finding_groups(checked.findings),
        critical=critical,
        warnings=checked.count(Severity.WARNING),
        is_unreadable=is_unreadable,
        is_past_deadline=answered.is_past_deadline,
        promise=promise(answered.schedule, answered.now, is_watched=answered.is_watched),
    )


def answer_duplicate(answered: Answered, verdict: Verdict) -> Letter:
    """The very content was received before: nothing changes; ``version`` and ``verdict`` are those of the first."""
    return _letter("duplicate", f"Tệp đã nhận trước đó: {_what(answered)}", answered, verdict=verdict)


def quarantine_note(
    plan: Plan,
    file_name: str,
    received_at: datetime,
    why: str,
    *,
    unit: Unit | None = None,
    where: str = "",
    command: str = "",
) -> Letter:
    """To the coordinator: a file that counts for nobody until a person has looked at it.

    ``why`` is one or more Vietnamese sentences; ``where`` says where the file lies now; ``unit`` is whose it seems;
    ``command`` is that by which a person can let the file count for it.
    """
    return render_letter(
        "quarantine",
        f"Tệp bị tạm giữ, cần xem: {file_name}" if unit is None else f"Tệp bị tạm giữ, cần xem: {unit.name}",
        plan,
        file_name=file_name,
        received=moment_text(received_at.astimezone(ZoneInfo(plan.calendar.timezone))),
        why=why,
        unit=unit,
        where=where,
        command=command,
    )


def answer_held(plan: Plan, unit: Unit, file_name: str, received_at: datetime, why: str) -> Letter:
    """To the unit: its file counts for nothing yet, why, and what to do; ``why`` is Vietnamese sentences."""
    received = moment_text(received_at.astimezone(ZoneInfo(plan.calendar.timezone)))
    subject = f"Tệp chưa được tính, cần xem lại: {file_name}"
    return render_letter("held", subject, plan, unit=unit, file_name=file_name, received=received, why=why)


def answer_early(plan: Plan, unit: Unit, schedule: Schedule, file_name: str, received_at: datetime) -> Letter:
    """To the unit: its file is for a month that is not collected yet; it is kept and taken up by itself."""
    zone = ZoneInfo(plan.calendar.timezone)
    return render_letter(
        "early",
        f"Tệp gửi sớm, được giữ đến kỳ {schedule.period.short}: {file_name}",
        plan,
        unit=unit,
        file_name=file_name,
        received=moment_text(received_at.astimezone(zone)),
        period=schedule.period,
        opens=date_text(schedule.open_at.astimezone(zone).date()),
        deadline=_deadline(schedule.submit_before.astimezone(zone)),
    )


def answer_trial(
    plan: Plan,
    unit: Unit,
    schedule: Schedule,
    file_name: str,
    checked: Checked,
    now: datetime,
    *,
    has_marked_copy: bool,
    is_watched: bool,
) -> Letter:
    """To the unit that tried a file: what would be found in it; nothing was filed. ``now`` is aware."""
    return render_letter(
        "trial",
        f"Kiểm tra thử, chưa nộp: {file_name}",
        plan,
        unit=unit,
        file_name=file_name,
        period=schedule.period,
        deadline=_deadline(schedule.submit_before),
        groups=finding_groups(checked.findings),
        critical=checked.count(Severity.CRITICAL),
        warnings=checked.count(Severity.WARNING),
        is_unreadable=checked.verdict is Verdict.UNREADABLE,
        has_marked_copy=has_marked_copy,
        promise=promise(schedule, now, is_watched=is_watched),
    )


def answer_document(plan: Plan, unit: Unit, schedule: Schedule, file_name: str, *, signers: str, fault: str) -> Letter:
    """To the unit that sent a PDF beside its workbook: who signed it, or why its signature is not accepted."""
    return render_letter(
        "document",
        f"{'Chữ ký số hợp lệ' if signers else 'Chữ ký số chưa hợp lệ'}: {file_name}",
        plan,
        unit=unit,
        file_name=file_name,
        period=schedule.period,
        deadline=_deadline(schedule.submit_before.astimezone(ZoneInfo(plan.calendar.timezone))),
        signers=signers,
        fault=fault,
    )


def _counts_now(answered: Answered, zone: ZoneInfo) -> str:
    """Whose figures count for the period now, as a sentence."""
    counting, period = answered.counting, answered.schedule.period.short
    if counting is None:
        return f"Chưa có lần nộp nào được tính cho kỳ {period}."
    if counting.version == answered.version:
        return f"Số liệu được tính cho kỳ {period} là của lần nộp {answered.version} này."
    at = moment_text(counting.received_at.astimezone(zone))
    return f"Số liệu được tính cho kỳ {period} là của lần nộp {counting.version}, nhận lúc {at}."


def _what(answered: Answered) -> str:
    form = answered.plan.forms[answered.schedule.form].title.capitalize()
    return f"{form} kỳ {answered.schedule.period.short}, {answered.unit.name} (lần {answered.version})"


def _letter(name: str, subject: str, answered: Answered, **more: Any) -> Letter:
    zone = ZoneInfo(answered.plan.calendar.timezone)
    return render_letter(
        name,
        subject,
        answered.plan,
        answered=answered,
        unit=answered.unit,
        period=answered.schedule.period,
        form_title=answered.plan.forms[answered.schedule.form].title.capitalize(),
        received=moment_text(answered.received_at.astimezone(zone)),
        deadline=_deadline(answered.schedule.submit_before.astimezone(zone)),
        is_late=answered.timeliness is Timeliness.LATE,
        counts_now=_counts_now(answered, zone),
        is_overtaken=answered.counting is not None and answered.counting.version != answered.version,
        **more,
    )


def _deadline(moment: datetime) -> str:
    return moment_text(moment) if moment.time() != time() else f"ngày {date_text(moment.date())}"


def render_letter(name: str, subject: str, plan: Plan, **values: Any) -> Letter:
    """A letter from the templates ``name.txt`` and ``name.html``; no file name breaks the line of its subject."""
    subject = clean(subject, _LONGEST_SUBJECT)
    coordinator = plan.unit_by_code[plan.coordinator]
    values |= {"subject": subject, "plan": plan, "coordinator": coordinator}
    text, html = (_environment().get_template(f"{name}.{kind}").render(**values) for kind in ("txt", "html"))
    return Letter(subject, _EMPTY_LINES.sub("\n\n", text).strip() + "\n", html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
