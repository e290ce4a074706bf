"""«so-lieu.xlsx» of the report of a month."""

from baocao.domain.reported.report import Report
from baocao.render.xlsx import charts, sheets, tasks, units
from baocao.render.xlsx.book import Book
from baocao.render.xlsx.totals import write_totals


def monthly_book(report: Report) -> Book[Report]:
    """The workbook: guide, totals, charts, units, tasks, difficulties, findings, who has reported, corrections.

    Rows are streamed, so that it stays quick with very many units; all rows are there. Text is always written as
    text: nothing that a unit typed becomes a formula.
    """
    book = Book(report, f"Số liệu {report.short_title} {report.period.label}")
    sheets.write_guide(book)
    write_totals(book)
    charts.write_charts(book)
    units.write_units(book)
    tasks.write_tasks(book)
    sheets.write_forecasts(book)
    sheets.write_difficulties(book)
    sheets.write_findings(book)
    sheets.write_standings(book)
    if report.is_restatement:
        sheets.write_restatements(book)
    return book
