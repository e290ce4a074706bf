"""The way in: a batch of workbooks as they were read -> every one judged, by one Great Expectations run."""

import os
from collections.abc import Sequence
from dataclasses import replace

from baocao.domain.planned.plan import Plan
from baocao.domain.received.example import dated_findings
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.submission import Checked, Content
from baocao.domain.reported.history import History
from expectations.rule import INFO, Check, Line

_WEIGHT = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}
Order = tuple[int, int, int, int]

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # the library reads it when it is imported


def check_batch(plan: Plan, contents: Sequence[Content], history: History) -> list[Checked]:
    """Judge a batch; the result keeps its order. Pure: the same batch gives the same findings.

    What was found in reading stands first, then what the rules found, worst first, then in the order of the form's
    sheets, rows and columns. A workbook of no known form, or without sheets, keeps its reading findings alone. A cell
    that the file lacks, or that did not parse, gets no second finding.

    Raises:
        CheckError: a rule could not be tested; a bug of ours.
    """
    if not any(content.form in plan.forms for content in contents):
        return [_checked(plan, content, ()) for content in contents]
    from expectations.judging import faulty_lines  # noqa: PLC0415 - the libraries behind it take seconds to load

    found: list[list[tuple[Order, Finding]]] = [[] for _ in contents]
    unread = [_unread_cells(content) for content in contents]
    for check, line in faulty_lines(plan, contents, history):
        cell, number = line.cell(check.column), line.values["submission"]
        if cell and (line.sheet, cell) not in unread[number]:
            finding = _weighed(plan, check.finding(line))
            found[number].append((_order(line, check, finding), finding))
    return [
        _checked(plan, content, [finding for _, finding in sorted(mine, key=lambda item: item[0])])
        for content, mine in zip(contents, found, strict=True)
    ]


def _checked(plan: Plan, content: Content, found: Sequence[Finding]) -> Checked:
    read = (_weighed(plan, finding) for finding in content.findings)
    return Checked(content, dated_findings((*read, *found), content.period))


def _weighed(plan: Plan, finding: Finding) -> Finding:
    """The finding as the plan weighs it; only warnings can weigh otherwise."""
    if finding.severity is not Severity.WARNING:
        return finding
    return replace(finding, severity=Severity(plan.severities.weight_of(finding.rule)))


def _unread_cells(content: Content) -> frozenset[tuple[str | None, str]]:
    return frozenset(
        (finding.sheet, finding.cell)
        for finding in content.findings
        if finding.cell and finding.severity is Severity.CRITICAL
    )


def _order(line: Line, check: Check, finding: Finding) -> Order:
    keys = [INFO, *(sheet.key for sheet in line.form.sheets)]
    sheet = line.form.info if line.key == INFO else line.form.sheet(line.key)
    columns = [column.key for column in sheet.columns]
    return (
        _WEIGHT[finding.severity],
        keys.index(line.key),
        line.values["row"],
        columns.index(check.column),
    )
