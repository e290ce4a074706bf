"""Nhiệm vụ và mốc: what the plan asks to be done, and the dates that it names."""

from datetime import date

from baocao.domain.model import Frozen


class PlanTask(Frozen):
    """Nhiệm vụ: ``name_short`` stands in sentences; ``is_reported`` where each unit reports progress (section III)."""

    code: str
    group: str
    name_short: str = ""
    verbatim: str
    owner: str | tuple[str, ...]
    owner_source: str = ""
    per_unit: bool
    is_reported: bool = False
    due: date | None = None
    due_verbatim: str = ""
    recurrence: dict[str, str | int] | None = None
    coordinating: tuple[str, ...] = ()
    reports_to: tuple[str, ...] = ()
    via: str = ""
    note: str = ""


class Milestone(Frozen):
    """A date or span that the plan names; kept with the plan's own words."""

    code: str
    text: str
    task: str = ""
    start: date | None = None
    end: date | None = None
    nominal: date | None = None
    strict_last_day: date | None = None
    before_day: int | None = None
    sender: tuple[str, ...] = ()
    receiver: tuple[str, ...] = ()
    via: str = ""
    note: str = ""
