"""Từng loại báo cáo: how each is made, and what goes out beside its own mail.

A new kind has its row here and its paper in :mod:`baocao.render.papers`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from baocao.consolidation.assessment import build_assessment
from baocao.consolidation.assignments import build_assignment_report
from baocao.consolidation.head import Head
from baocao.consolidation.report import build_report
from baocao.domain.planned.form import FormKind
from baocao.domain.planned.period import Period
from baocao.domain.planned.plan import Plan
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.document import Document, ResultsDocument
from baocao.mail.letters.compose import Outgoing
from baocao.plan.rollout import ROLLOUT_FOLDER, read_sources, read_templates, rollout_files
from baocao.reporting.budget_mail import budget_letters
from baocao.reporting.unit_letters import unit_letters
from baocao.store.accepted.facts import Facts
from baocao.workspace.workspace import Workspace

Reported = TypeVar("Reported", bound=Document)


def _no_files(_workspace: Workspace, _report: Document) -> dict[str, bytes]:
    return {}


def _draft_of_rollout(workspace: Workspace, report: FinalAssessment) -> dict[str, bytes]:
    """The draft of the roll-out's plan; none where no unit was assessed, so that there is nothing to draw."""
    if not report.unit_assessments:
        return {}
    folder = workspace.settings.plan_folder
    draft = rollout_files(read_sources(folder), report)
    templates = read_templates(folder) if len(draft) > 1 else {}
    files = {name: text.encode("utf-8") for name, text in draft.items()} | templates
    return {f"{ROLLOUT_FOLDER}/{name}": data for name, data in files.items()}


def _to_heads(workspace: Workspace, report: ResultsDocument, _folder: Path) -> list[Outgoing]:
    return unit_letters(workspace, report)


@dataclass(frozen=True, slots=True)
class ReportKind(Generic[Reported]):
    """One kind of report. ``build`` is pure; its facts have the months where it ``looks_back``.

    ``letters``: what goes out with the report, whose files lie in the folder. ``files``: what lies there beside the
    report's own, by name.
    """

    build: Callable[[Plan, Facts, Head], Reported]
    letters: Callable[[Workspace, Reported, Path], list[Outgoing]]
    files: Callable[[Workspace, Reported], dict[str, bytes]] = _no_files
    looks_back: bool = False


_KINDS: Mapping[FormKind, ReportKind[Any]] = {
    FormKind.ASSIGNMENT: ReportKind(build_assignment_report, budget_letters),
    FormKind.MONTHLY: ReportKind(build_report, _to_heads),
    FormKind.FINAL: ReportKind(build_assessment, _to_heads, _draft_of_rollout, looks_back=True),
}


def kind_of(plan: Plan, period: Period) -> ReportKind[Any]:
    """The kind of a period's report."""
    return _KINDS[plan.form_of(period).kind]
