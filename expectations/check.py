"""The way in: a batch of workbooks as they were read -> every one judged, by one Great Expectations run."""

import os
from collections.abc import Sequence
from dataclasses import replace

from baocao.domain.planned.plan import Plan
from baocao.domain.received.example import dated_findings
from baocao.domain.received.explanation import Matter
from baocao.domain.received.finding import Finding, Severity
from baocao.domain.received.in_word import Document, told_in_word
from baocao.domain.received.submission import Checked, Content
from baocao.domain.reported.history import History
from baocao.workbook.explanations import is_answered
from expectations.causes import Suspicion, causes
from expectations.rule import INFO, Check, Line

Order = tuple[int, int, int, int]

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")  # the library reads it when it is imported


def check_batch(plan: Plan, contents: Sequence[Content], history: History) -> list[Checked]:
    """Judge a batch; the result keeps its order. Pure: the same batch gives the same findings.

    What was found in reading stands first, then what the rules found, worst first, then in the order of the form's
    sheets, rows and columns. A workbook of no known form, or without sheets, keeps its reading findings alone. A cell
    that the file lacks gets no finding; of what has one cause, the cause alone is told (:mod:`expectations.causes`).

    Raises:
        CheckError: a rule could not be tested; a bug of ours.
    """
    if not any(content.form in plan.forms for content in contents):
        return [_checked(plan, content, history, ()) for content in contents]
    if plan.is_steady:
        return _judged(plan, contents, history)
    judged: dict[int, Checked] = {}
    for period in {content.period for content in contents}:  # each by the targets of its period
        mine = [place for place, content in enumerate(contents) if content.period == period]
        found = _judged(plan.at(period) if period else plan, [contents[place] for place in mine], history)
        judged |= dict(zip(mine, found, strict=True))
    return [judged[place] for place in range(len(contents))]


def _judged(plan: Plan, contents: Sequence[Content], history: History) -> list[Checked]:
    """The same of workbooks that one plan asks the same."""
    from expectations.judging import faulty_lines  # noqa: PLC0415 - the libraries behind it take seconds to load

    found: list[list[Suspicion]] = [[] for _ in contents]
    for check, line in faulty_lines(plan, contents, history):
        if line.cell(check.column):
            finding = check.finding(line)
            order = _order(line, check, _weighed(plan, finding))
            found[line.values["submission"]].append(
                Suspicion(order, finding, check.rests_on(line), check.is_cause(line))
            )
    return [_checked(plan, content, history, mine) for content, mine in zip(contents, found, strict=True)]


def _checked(plan: Plan, content: Content, history: History, found: Sequence[Suspicion]) -> Checked:
    told = (_answered(content, history, finding) for finding in causes(content, found))
    weighed = tuple(_weighed(plan, finding) for finding in told)
    dated = dated_findings(weighed, content.period)
    return Checked(content, told_in_word(dated, _document(plan, content)) if content.areas else dated)


def _document(plan: Plan, content: Content) -> Document:
    form = plan.forms.get(content.form or "")
    headers = {column.key: column.header for column in form.info.columns} if form else {}
    lines = {cell: headers[key] for key, cell in content.info_cells.items() if key in headers}
    return Document(content.areas, lines)


def _answered(content: Content, history: History, finding: Finding) -> Finding:
    """A question that the workbook answers returns it no longer; a matter whose explanation was accepted is closed."""
    text = history.closed.get(Matter.of(content.unit or "", finding))
    if text is not None and finding.severity is Severity.WARNING:
        return replace(finding, severity=Severity.INFO, message=f"{finding.message} Đã giải trình: {text}")
    is_told = any(one.is_about(finding) for one in content.explanations)
    return replace(finding, severity=Severity.WARNING) if is_told and is_answered(finding) else finding


def _weighed(plan: Plan, finding: Finding) -> Finding:
    """The finding as the plan weighs it; only warnings can weigh otherwise."""
    if finding.severity is not Severity.WARNING:
        return finding
    return replace(finding, severity=Severity(plan.severities.weight_of(finding.rule)))


def _order(line: Line, check: Check, finding: Finding) -> Order:
    keys = [INFO, *(sheet.key for sheet in line.form.sheets)]
    sheet = line.form.info if line.key == INFO else line.form.sheet(line.key)
    columns = [column.key for column in sheet.columns]
    return (
        finding.severity.rank,
        keys.index(line.key),
        line.values["row"],
        columns.index(check.column),
    )
