"""Tasks that progress: when an office begins each, when it is due, when it is really done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from baocao.domain.planned.period import Period
from baocao.domain.planned.task import PlanTask
from baocao.domain.reported.progress import TaskStatus
from deployments.sample.office import Character, Office
from deployments.sample.times import on_working_day

_STUCK_PCT = 85
_DELAY_DAYS = (35, 50)


class Fate(Enum):
    """What may befall a task: done long after it was due, never done, or not the office's to do."""

    OVERDUE = auto()
    STUCK = auto()
    ABSENT = auto()


@dataclass(frozen=True, slots=True)
class TaskCourse:
    """One task of one office. ``done`` is None where it is never done in the pilot's time."""

    task: PlanTask
    start: date
    due: date
    done: date | None
    is_applicable: bool = True

    def progress_pct(self, cutoff: date) -> int:
        """Progress at a day, in steps of 5; 100 only when done."""
        if self.done and self.done <= cutoff:
            return 100
        end = self.done or self.due
        part = (cutoff - self.start) / max(end - self.start, timedelta(days=1))
        ceiling = 95 if self.done else _STUCK_PCT
        return max(0, min(ceiling, round(part * 19) * 5))

    def status(self, cutoff: date) -> TaskStatus:
        """The list's word for the progress."""
        if not self.is_applicable:
            return TaskStatus.NOT_APPLICABLE
        progress = self.progress_pct(cutoff)
        if progress == 100:
            return TaskStatus.DONE
        return TaskStatus.IN_PROGRESS if progress else TaskStatus.NOT_STARTED


def task_courses(office: Office) -> Iterator[TaskCourse]:
    """Every task that units report on, in the plan's order; the same for the whole plan."""
    spans = {task.code: (task, *_span(office, task)) for task in office.plan.unit_tasks}
    fates = _fates(office, sorted(spans, key=lambda code: spans[code][2]))
    for code, (task, start, due) in spans.items():
        chance, fate = office.chance("done", code), fates.get(code)
        days = chance.randint(*_DELAY_DAYS) if fate is Fate.OVERDUE else -chance.randint(2, 18)
        done = None if fate is Fate.STUCK else on_working_day(office, max(start, due + timedelta(days=days)))
        yield TaskCourse(task, start, due, done, fate is not Fate.ABSENT)


def _fates(office: Office, codes: list[str]) -> dict[str, Fate]:
    """What befalls which task, of the codes in the order of their due dates."""
    chance, half = office.chance("fates"), len(codes) // 2
    if half < 2 or office.character is Character.STEADY:
        return {}
    if office.character is Character.HURRIED:
        return {chance.choice(codes[:half]): Fate.OVERDUE}
    stuck, absent = chance.sample(codes, 2)
    return {stuck: Fate.STUCK, absent: Fate.ABSENT}


def _span(office: Office, task: PlanTask) -> tuple[date, date]:
    """When a task begins and is due: within the pilot, due on a 15th or a month's last day."""
    pilot = office.plan.pilot
    days = (pilot.end - pilot.start).days
    chance = office.chance("span", task.code)
    start = pilot.start + timedelta(days=round(days * chance.choice((0, 0, 0.05, 0.1, 0.2, 0.3))))
    if task.due and start < task.due <= pilot.end:
        return start, task.due
    wanted = start + timedelta(days=round(days * chance.uniform(0.3, 0.8)))
    return start, min(_round_day(wanted), pilot.end)


def _round_day(day: date) -> date:
    return day.replace(day=15) if day.day <= 15 else Period.of(day).last_day
