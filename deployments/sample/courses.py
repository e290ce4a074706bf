"""Tasks that progress: when an office begins each, when it is due, when it is really done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from baocao.domain.period import Period
from baocao.domain.plan import PlanTask
from baocao.domain.progress import TaskStatus
from deployments.sample.office import Character, Office

_STUCK_PCT = 85
_DELAY_DAYS = (35, 50)


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
    tasks = office.plan.unit_tasks
    overdue, stuck, absent = _exceptions(office, len(tasks))
    for place, task in enumerate(tasks):
        start, due = _span(office, task)
        chance = office.chance("done", task.code)
        done: date | None = max(start, due - timedelta(days=chance.randint(2, 18)))
        if place == overdue:
            done = due + timedelta(days=chance.randint(*_DELAY_DAYS))
        elif place == stuck:
            done = None
        yield TaskCourse(task, start, due, done, place != absent)


def _exceptions(office: Office, count: int) -> tuple[int | None, int | None, int | None]:
    """The places of the task that is overdue for a while, of the one never done, of the one that does not occur."""
    if count < 3 or office.character is Character.STEADY:
        return None, None, None
    first, second = office.chance("exceptions").sample(range(count), 2)
    if office.character is Character.HURRIED:
        return first, None, None
    return None, first, second


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


def due_dates(office: Office) -> dict[str, date]:
    """When each indicator and task is due in the office's assignment plan."""
    last = {indicator.code: office.plan.pilot.end for indicator in office.plan.indicators}
    return last | {course.task.code: course.due for course in task_courses(office)}
