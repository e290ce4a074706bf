"""The head that every report of the coordinator shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from baocao.consolidation.carrying import succession_notes
from baocao.domain.planned.plan import Plan
from baocao.domain.received.finding import place
from baocao.domain.received.submission import UnitState
from baocao.domain.reported.document import ReportedFinding, ReportedTask
from baocao.domain.reported.progress import UnitStanding
from baocao.domain.reported.standing import completeness_pct, standings, timeliness_pct
from baocao.store.accepted.facts import Facts


@dataclass(frozen=True, slots=True)
class Head:
    """What a report's maker decides: when it is made (aware, in the plan's zone), its version, whether a draft.

    ``submit_before``: by unit the aware moment before which its report was to arrive; empty where nobody asked.
    """

    made_at: datetime
    version: int = 1
    is_draft: bool = False
    submit_before: Mapping[str, datetime] = field(default_factory=dict)


def document_head(plan: Plan, facts: Facts, head: Head) -> dict[str, Any]:
    """The fields of :class:`baocao.domain.reported.document.Document`."""
    mine = [one for one in facts.submissions if one.period == facts.period]
    rows = standings(plan.at(facts.period), mine, facts.quarantined, signed=facts.signed)
    return {
        "plan": plan.code,
        "plan_title": plan.title,
        "basis_document": plan.basis_document,
        "short_title": plan.short_title,
        "phase": plan.phase,
        "is_sample": plan.is_sample,
        "form": plan.cycle(facts.period).form,
        "period": facts.period,
        "version": head.version,
        "is_draft": head.is_draft,
        "made_at": head.made_at,
        "issuer": plan.issuer,
        "pilot": plan.pilot,
        "indicator_groups": plan.indicator_groups,
        "indicator_group_of": {indicator.code: indicator.group for indicator in plan.indicators},
        "task_groups": plan.task_groups,
        "task_names": tuple(
            ReportedTask(code=t.code, group=t.group, name=t.verbatim, name_short=t.name_short) for t in plan.unit_tasks
        ),
        "standings": rows,
        "unit_changes": succession_notes(plan, facts.period),
        "submit_before": {row.unit: head.submit_before[row.unit] for row in rows if row.unit in head.submit_before},
        "completeness_pct": completeness_pct(rows),
        "timeliness_pct": timeliness_pct(rows),
        "findings": _findings(facts, rows),
    }


def _findings(facts: Facts, rows: Sequence[UnitStanding]) -> tuple[ReportedFinding, ...]:
    shown = {(row.unit, row.version) for row in rows if row.state in (UnitState.ACCEPTED, UnitState.REJECTED)}
    return tuple(
        ReportedFinding(
            unit=one.unit,
            rule=finding.rule,
            severity=finding.severity.value,
            place=place(finding),
            message=finding.message,
        )
        for one in facts.submissions
        if one.period == facts.period and (one.unit, one.version) in shown
        for finding in facts.findings.get(one.id, [])
    )
