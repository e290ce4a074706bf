"""«so-lieu.xlsx»: the whole of a Report as a workbook for people."""

from io import BytesIO
from typing import TYPE_CHECKING

from baocao.domain.report import Report

if TYPE_CHECKING:
    from openpyxl import Workbook


def render_xlsx(report: Report) -> bytes:
    """The workbook: guide, totals, charts, units, tasks, difficulties, findings, who has reported, corrections.

    Rows are streamed, so that memory does not grow with the number of units. Text is always written as text: nothing
    that a unit typed becomes a formula.
    """
    buffer = BytesIO()
    _workbook(report).save(buffer)
    return buffer.getvalue()


def _workbook(report: Report) -> "Workbook":
    from openpyxl import Workbook

    from baocao.render.xlsx import charts, sheets

    workbook = Workbook(write_only=True)
    workbook.properties.title = f"Số liệu {report.short_title} {report.period.label}"
    workbook.properties.creator = report.issuer.name
    workbook.properties.created = workbook.properties.modified = report.made_at.replace(tzinfo=None)
    workbook.properties.language = "vi-VN"
    sheets.write_guide(workbook, report)
    sheets.write_totals(workbook, report)
    charts.write_charts(workbook, report)
    sheets.write_units(workbook, report)
    sheets.write_tasks(workbook, report)
    sheets.write_difficulties(workbook, report)
    sheets.write_findings(workbook, report)
    sheets.write_standings(workbook, report)
    if report.is_restatement:
        sheets.write_restatements(workbook, report)
    return workbook
