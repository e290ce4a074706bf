"""A report that is made, and how far the newest one of a period has come; apart from its making, which is heavy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from baocao.domain.planned.period import Period
from baocao.domain.reported.document import Document
from baocao.store import reports
from baocao.store.engine.database import reading
from baocao.store.reports import ReportRecord, ReportState
from baocao.store.submissions import is_any_accepted
from baocao.workspace.workspace import Workspace

if TYPE_CHECKING:
    from baocao.render.papers.paper import Paper


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report with its record; ``record`` is None for a draft, which is neither numbered nor mailed.

    ``paper`` is told once for all that is made and said of it. ``beside`` are files by name that lie with the
    report's own.
    """

    report: Document
    paper: Paper
    record: ReportRecord | None
    folder: Path
    beside: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def is_published(self) -> bool:
        """Whether these very facts were published before, so that nothing is left to do."""
        return self.record is not None and self.record.state is ReportState.PUBLISHED


def approved_unpublished(workspace: Workspace) -> list[Period]:
    """The periods whose newest version was approved and has not gone out yet, in order."""
    with reading(workspace.engine) as connection:
        newest = {record.period: record for record in reports.every(connection)}
    return [period for period, record in newest.items() if record.state is ReportState.APPROVED]


def latest_report(workspace: Workspace, period: Period) -> ReportRecord | None:
    """The newest version of a period's report, published or not."""
    with reading(workspace.engine) as connection:
        return reports.latest(connection, period)


def empty_key(period: Period) -> str:
    """The key of the mail that brings an empty period's draft."""
    return f"unreported/{period}"


def is_empty(workspace: Workspace, period: Period) -> bool:
    """Whether no submission of a period was accepted, so that there is nothing to report."""
    with reading(workspace.engine) as connection:
        return not is_any_accepted(connection, period)
