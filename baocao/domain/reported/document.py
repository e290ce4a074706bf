"""Văn bản: what every report of the coordinator has, whatever it reports on."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cached_property
from typing import ClassVar, NamedTuple, Self

from pydantic import Field, SkipValidation

from baocao.domain.model import Frozen
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Issuer, Span
from baocao.domain.reported.followed import Followed, numbered
from baocao.domain.reported.outcome import Outcome
from baocao.domain.reported.progress import (
    Difficulty,
    FigureResult,
    ForecastRow,
    TimelinessPoint,
    TrendPoint,
    UnitFigure,
    UnitStanding,
    UnitTask,
)
from baocao.domain.wording import moment_text


class UnitCell(NamedTuple):
    """How one unit stands on one figure: its ratio in percent, and the verdict."""

    unit: str
    code: str
    ratio_pct: float | None
    outcome: Outcome


class ReportedTask(Frozen):
    """A plan task's name, for tables, and the short one, for sentences; ``group`` names the heading it stands under."""

    code: str
    group: str
    name: str
    name_short: str = ""

    @property
    def label(self) -> str:
        """What it is called within a sentence."""
        return self.name_short or self.name


class ReportedFinding(Frozen):
    """A warning on an accepted submission, or a fault of a returned one, for the annex."""

    unit: str
    rule: str
    severity: str
    place: str
    message: str


class Restatement(Frozen):
    """Đính chính: one figure as it was published and as it is now."""

    code: str
    name: str
    published: str
    corrected: str
    reason: str = ""


class EarlierRestatement(Frozen):
    """An earlier period whose report was corrected after it had gone out: what it said first and what it says now.

    ``published_at`` is aware, in the plan's zone; ``version`` is the correcting one.
    """

    period: Period
    version: int
    published_at: datetime
    reason: str = ""
    changes: tuple[Restatement, ...] = ()


class Document(Frozen):
    """The head of a report: whose it is, of what period, which version, and how the units reported.

    ``made_at`` is aware, in the plan's zone; its date is the date of the document. A version above 1 is a restatement
    («Đính chính») and lists what changed. ``figures`` has every headline and component in the plan's order, or nothing;
    ``looks_back`` is true of what judges all periods, and not its own alone. ``submit_before``: by unit the aware
    moment before which its report was to arrive, where that is known. ``unit_changes``: sentences on units that came,
    went and merged. ``difficulties``: what the units ask; ``followed``: the proposals that it tells of because they
    were answered, wait since an earlier period, or are done by now; of a report on neither, nothing.
    """

    plan: str
    plan_title: str
    basis_document: str = ""
    short_title: str
    phase: str = "thí điểm"
    is_sample: bool
    form: str
    period: Period
    version: int
    is_draft: bool = False
    made_at: datetime
    issuer: Issuer
    pilot: Span
    indicator_groups: dict[str, str]
    indicator_group_of: dict[str, str]
    task_groups: dict[str, str]
    task_names: tuple[ReportedTask, ...]
    standings: tuple[UnitStanding, ...]
    unit_changes: tuple[str, ...] = ()
    submit_before: dict[str, datetime] = Field(default_factory=dict)
    completeness_pct: float
    timeliness_pct: float
    findings: tuple[ReportedFinding, ...] = ()
    restatements: tuple[Restatement, ...] = ()
    earlier_restatements: tuple[EarlierRestatement, ...] = ()
    figures: tuple[FigureResult, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    followed: tuple[Followed, ...] = ()
    approved_by: str = ""
    looks_back: ClassVar[bool] = False
    approved_at: datetime | None = None

    @property
    def is_restatement(self) -> bool:
        """Whether this report corrects a published one."""
        return self.version > 1

    @property
    def correction(self) -> str:
        """``Đính chính lần 1`` of a report that corrects a published one; else empty."""
        return f"Đính chính lần {self.version - 1}" if self.is_restatement else ""

    def as_subject(self, text: str) -> str:
        """The subject of a mail on this report: ``[Đính chính lần 1] Báo cáo …``."""
        return f"[{self.correction}] {text}" if self.correction else text

    @property
    def set_aside(self) -> tuple[UnitFigure, ...]:
        """The figures of accepted reports that are in no sum, because their counts cannot be."""
        return ()

    @property
    def approval_line(self) -> str:
        """Who approved it and when, as a sentence; empty where nobody had to."""
        if not self.approved_by or self.approved_at is None:
            return ""
        return f"Báo cáo đã được {self.approved_by} duyệt lúc {moment_text(self.approved_at)}."

    def telling_of(self, known: Sequence[Followed], since: datetime | None) -> Self:
        """This report with the proposals that it tells of, and its difficulties under their numbers.

        ``known``: as they stood when it was made; ``since``: when the report before it was made (aware).
        """
        told = tuple(one for one in known if one.is_told(self.period, since))
        return self.model_copy(update={"followed": told, "difficulties": numbered(self.difficulties, known)})

    def unit_name(self, code: str) -> str:
        """A unit's name by its code; the code itself where it is unknown."""
        return self.names_of_units.get(code, code)

    @cached_property
    def names_of_tasks(self) -> dict[str, str]:
        """The tasks' full names, by code."""
        return {task.code: task.name for task in self.task_names}

    @cached_property
    def names_of_units(self) -> dict[str, str]:
        """The units' names, by code."""
        return {standing.unit: standing.name for standing in self.standings}


class ResultsDocument(Document):
    """What a report on figures and tasks has: a month's, and the final assessment.

    ``forecasts``: where each figure is heading, of the whole and of the units; none at the end.
    """

    figures: tuple[FigureResult, ...]
    tasks: SkipValidation[tuple[UnitTask, ...]]
    difficulties: tuple[Difficulty, ...]
    trend: tuple[TrendPoint, ...] = ()
    timeliness: tuple[TimelinessPoint, ...] = ()
    forecasts: SkipValidation[tuple[ForecastRow, ...]] = ()

    @property
    def told_tasks(self) -> list[UnitTask]:
        """The tasks of which their units say how they stand."""
        return [task for task in self.tasks if task.status is not None]

    @property
    def headlines(self) -> tuple[FigureResult, ...]:
        """The indicators without their components."""
        return tuple(figure for figure in self.figures if figure.is_headline)

    def unit_cells(self) -> Iterator[UnitCell]:
        """How each unit stands on each figure that it reported."""
        raise NotImplementedError
