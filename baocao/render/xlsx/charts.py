"""«Biểu đồ»: native Excel charts, with the small tables that they are drawn from to their right."""

from collections.abc import Sequence
from typing import Any

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.utils import get_column_letter

from baocao.domain.planned.indicator import bound
from baocao.domain.reported.outcome import measured
from baocao.domain.reported.report import Report
from baocao.narrative.outlook import missed_furthest
from baocao.narrative.phrases import clipped
from baocao.render.xlsx.book import Book
from baocao.render.xlsx.style import (
    BLUE,
    Kind,
    Percent,
    Value,
    font,
    percent,
    put_text,
    set_page,
    style_data,
    style_header,
    subtitle,
    target,
)

_TABLES_AT = 26
_MOST_LINES = 6
_COLOURS = ("00588A", "B8480B", "5C5C5C", "8CC3E3", "E38B4F", "1A1A1A")
_DASHES = ("solid", "dash", "sysDot", "solid", "dash", "sysDot")


def write_charts(book: Book[Report]) -> None:
    """Attainment against target; the way of the figures furthest from it; units on time, late, missing."""
    report, sheet = book.report, book.sheet("Biểu đồ")
    set_page(sheet, is_landscape=True, pages_high=1)
    sheet.column_dimensions[get_column_letter(_TABLES_AT)].width = 46
    for column in range(_TABLES_AT + 1, _TABLES_AT + _MOST_LINES + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 18
    put_text(sheet["A1"], f"Biểu đồ kết quả {report.period.label}").font = font(14, bold=True, color=BLUE)
    put_text(sheet["A2"], subtitle(report)).font = font(italic=True, color="5C5C5C")
    tables = _Tables(sheet)
    _add_attainment(tables, report)
    _add_trend(tables, report)
    _add_timeliness(tables, report)
    sheet.print_area = "A1:X46"


class _Tables:
    """Small tables one below the other, and the references to them that charts need."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._row = 2

    def write(self, headers: Sequence[str], rows: Sequence[Sequence[Value]], kind: Kind) -> tuple[Any, Any]:
        """Write one table; gives the references to its series (with their names) and to its categories."""
        top = self._row + 2
        for column, header in enumerate(headers, start=_TABLES_AT):
            style_header(put_text(self.sheet.cell(top, column), header))
        for number, values in enumerate(rows, start=top + 1):
            for column, value in enumerate(values, start=_TABLES_AT):
                _put(self.sheet.cell(number, column), value, Kind.TEXT if column == _TABLES_AT else kind)
        self._row = top + len(rows)
        last = _TABLES_AT + len(headers) - 1
        data = Reference(self.sheet, min_col=_TABLES_AT + 1, max_col=last, min_row=top, max_row=self._row)
        return data, Reference(self.sheet, min_col=_TABLES_AT, min_row=top + 1, max_row=self._row)


def _put(cell: Any, value: Value, kind: Kind) -> None:
    style_data(cell, kind, number_format=value.number_format if isinstance(value, Percent) else "")
    if isinstance(value, str):
        put_text(cell, value)
    else:
        cell.value = value.ratio_pct / 100 if isinstance(value, Percent) else value


def _add_attainment(tables: _Tables, report: Report) -> None:
    figures = [part for headline in report.headlines for part in measured(report, headline)]
    rows = [(f"{row.code} {row.name}", percent(row.ratio_pct, bound(row)), target(row)) for row in figures]
    data, names = tables.write(["Chỉ tiêu", "Tỷ lệ", "Mục tiêu"], rows, Kind.PERCENT)
    chart = BarChart()
    chart.type = "bar"
    chart.title = "Kết quả so với mục tiêu"
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(names)
    _percent_axis(chart)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.gapWidth, chart.overlap = 40, 0
    chart.height, chart.width = max(10, 1.2 * len(rows)), 21
    for series, colour in zip(chart.series, (BLUE, "BFBFBF"), strict=True):
        series.graphicalProperties.solidFill = colour
    shown = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    chart.series[0].dLbls = shown
    tables.sheet.add_chart(chart, "A4")


def _percent_axis(chart: Any, floor: float = 0.0) -> None:
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = floor, 1
    chart.y_axis.number_format = "0%"
    chart.y_axis.majorUnit = 0.2
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend.position = "b"


def _add_trend(tables: _Tables, report: Report) -> None:
    months = sorted({point.period for point in report.trend})
    figures = missed_furthest(report)[:_MOST_LINES]
    if not figures or len(months) < 2:
        return
    ratios = {(point.period, point.code): point.ratio_pct for point in report.trend}
    rows = [(m.short, *(percent(ratios.get((m, row.code)), bound(row)) for row in figures)) for m in months]
    headers = ["Tháng", *(f"{row.code} {clipped(row.name, 40)}" for row in figures)]
    data, names = tables.write(headers, rows, Kind.PERCENT)
    chart = LineChart()
    chart.title = "Diễn biến các tỷ lệ còn xa mục tiêu nhất"
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(names)
    shown = [cell.ratio_pct for row in rows for cell in row if isinstance(cell, Percent)]
    _percent_axis(chart, floor=min(shown, default=0) // 20 * 20 / 100)
    chart.height, chart.width = 11, 20
    for series, colour, dash in zip(chart.series, _COLOURS, _DASHES, strict=False):
        line = series.graphicalProperties.line
        line.solidFill, line.dashStyle, line.width = colour, dash, 24_000
        series.smooth = False
    tables.sheet.add_chart(chart, "M4")


def _add_timeliness(tables: _Tables, report: Report) -> None:
    points = sorted(report.timeliness, key=lambda point: point.period)
    if not points:
        return
    rows = [(point.period.short, point.on_time, point.late, point.missing) for point in points]
    data, names = tables.write(["Tháng", "Đúng hạn", "Quá hạn", "Chưa có báo cáo"], rows, Kind.COUNT)
    chart = BarChart()
    chart.type, chart.grouping, chart.overlap = "col", "stacked", 100
    chart.title = "Số đơn vị nộp báo cáo qua các tháng"
    chart.add_data(data, titles_from_data=True)
    chart.set_categories(names)
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.number_format = "0"
    chart.y_axis.majorUnit = max(1, round(max(sum(row[1:]) for row in rows) / 5))
    chart.legend.position = "b"
    chart.height, chart.width = 9, 20
    for series, colour in zip(chart.series, (BLUE, "F2C879", "D9D9D9"), strict=True):
        series.graphicalProperties.solidFill = colour
    tables.sheet.add_chart(chart, "M27")
