"""Lịch: the plan's milestones and every opening, reminder, deadline and report date, done or not."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from baocao.domain.planned.calendar import Schedule
from baocao.domain.planned.period import Period
from baocao.domain.planned.task import Milestone
from baocao.domain.wording import count_text, date_text, moment_text
from baocao.narrative.phrases import bare, upper_first
from baocao.reminders.lacking import escalation_key, form_key, reminder_key
from baocao.site.facts import SiteFacts
from baocao.site.page import Page
from baocao.store.accepted.tallies import Kept
from baocao.store.reports import ReportState

Standing = Literal["done", "past", "now", "late", "ahead", "none"]
_LABELS: dict[Standing, str] = {
    "done": "Đã xong",
    "past": "Đã qua",
    "now": "Đang diễn ra",
    "late": "Chưa xong",
    "ahead": "Sắp tới",
    "none": "Không có thư nào",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the timeline. ``at`` orders it, ``when`` is its time for people.

    ``detail`` says what became of it, ``note`` what it is about.
    """

    at: datetime
    when: str
    what: str
    standing: Standing
    detail: str = ""
    note: str = ""

    @property
    def label(self) -> str:
        """The standing for people."""
        return _LABELS[self.standing]


@dataclass(frozen=True, slots=True)
class Stretch:
    """One period of the timeline."""

    period: Period
    kind: str
    is_current: bool
    entries: tuple[Entry, ...]


def timeline_page(facts: SiteFacts) -> Page:
    """The page of dates."""
    return Page(
        path="lich.html",
        template="lich.html.j2",
        title="Lịch thực hiện kế hoạch",
        context={
            "milestones": [entry for one in facts.plan.milestones for entry in _milestone(facts, one)],
            "periods": [_stretch(facts, schedule) for schedule in facts.calendar.values()],
        },
    )


def upcoming(facts: SiteFacts) -> list[Entry]:
    """What lies ahead, in order, with the period named."""
    entries = [
        replace(one, what=f"{one.what}, kỳ {schedule.period.short}", detail="")
        for schedule in facts.calendar.values()
        for one in _entries(facts, schedule)
        if one.at > facts.now
    ]
    return sorted(entries, key=lambda one: one.at)


def _stretch(facts: SiteFacts, schedule: Schedule) -> Stretch:
    kind = facts.plan.form_of(schedule.period).kind.label
    return Stretch(schedule.period, kind, schedule.period == facts.current, tuple(_entries(facts, schedule)))


def _entries(facts: SiteFacts, schedule: Schedule) -> Iterator[Entry]:
    period = schedule.period
    yield _mailed(facts, schedule.open_at, "Gửi biểu mẫu cho các đơn vị", form_key(period, ""))
    for number, moment in enumerate(schedule.reminders, start=1):
        yield _mailed(facts, moment, f"Nhắc nộp lần {number}", reminder_key(period, number, ""))
    yield _deadline(facts, schedule)
    sent = facts.mails.get(escalation_key(period), 0)
    if sent:
        what = "Báo cán bộ tổng hợp các đơn vị chưa có báo cáo"
        yield Entry(schedule.close_at, moment_text(schedule.close_at), what, "done")
    yield _report(facts, schedule)


def _mailed(facts: SiteFacts, at: datetime, what: str, key: str) -> Entry:
    sent = facts.mails.get(key, 0)
    if sent:
        return Entry(at, moment_text(at), what, "done", f"{count_text(sent)} thư")
    return Entry(at, moment_text(at), what, "ahead" if at > facts.now else "none")


def _deadline(facts: SiteFacts, schedule: Schedule) -> Entry:
    at, what = schedule.submit_before, "Hết hạn nộp báo cáo của đơn vị"
    kept, whole = facts.kept.get(schedule.period, Kept()), count_text(len(facts.plan.at(schedule.period).units))
    told = f"{count_text(kept.accepted)}/{whole} đơn vị đã có báo cáo, {count_text(kept.on_time)} đúng hạn"
    detail = told if schedule.open_at <= facts.now else ""
    return Entry(at, moment_text(at), what, "ahead" if at > facts.now else "past", detail)


def _report(facts: SiteFacts, schedule: Schedule) -> Entry:
    what, note = "Gửi báo cáo tổng hợp", f"Phải gửi trước ngày {date_text(schedule.report_before.date())}"
    out = [one for one in facts.reports if one.period == schedule.period and one.state is ReportState.PUBLISHED]
    at, when = schedule.report_at, moment_text(schedule.report_at)
    if out:
        sent = facts.local(out[0].sent_at or out[0].made_at)
        again = f", đính chính {count_text(len(out) - 1)} lần" if len(out) > 1 else ""
        return Entry(at, when, what, "done", f"gửi lúc {moment_text(sent)}{again}", note)
    if at > facts.now:
        return Entry(at, when, what, "ahead", note=note)
    return Entry(at, when, what, "now" if facts.now < schedule.report_before else "late", note=note)


def _milestone(facts: SiteFacts, one: Milestone) -> Iterator[Entry]:
    zone = facts.now.tzinfo
    start, end = one.start or one.nominal, one.end or one.strict_last_day or one.nominal
    if start is None or end is None:
        return
    today = facts.now.astimezone(zone).date()
    standing: Standing = "past" if today > end else "ahead" if today < min(start, end) else "now"
    begin = datetime.combine(min(start, end), datetime.min.time(), zone)
    tasks = {task.code: task.name_short or task.verbatim for task in facts.plan.tasks}
    note = "" if one.start else bare(tasks.get(one.task, ""))
    yield Entry(begin, _span(one.start, end), upper_first(one.text), standing, note=note)


def _span(start: date | None, end: date) -> str:
    return f"{date_text(start)} – {date_text(end)}" if start and start != end else f"Đến hết {date_text(end)}"
