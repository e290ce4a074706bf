"""The sheets of «so-lieu.xlsx» on single units: one row a figure, or, with very many units, one row a unit."""

from collections.abc import Iterator

from openpyxl.utils import get_column_letter

from baocao.domain.planned.indicator import bound
from baocao.domain.reported.outcome import is_separate, unit_outcome
from baocao.domain.reported.progress import FigureResult, UnitFigure
from baocao.domain.reported.report import Report
from baocao.render.xlsx.book import HEADER_ROW, Book, Row
from baocao.render.xlsx.live import live_ratio
from baocao.render.xlsx.style import Column, Kind, Value, counted_columns, percent, target

MOST_UNITS_IN_FULL = 200
_NO_UNIT = "Chưa có đơn vị nào có báo cáo được chấp nhận."
Named = dict[str, FigureResult]
ByUnit = dict[str, dict[str, UnitFigure]]


def is_wide(report: Report) -> bool:
    """Whether there are so many units that each gets one row."""
    return len(report.standings) > MOST_UNITS_IN_FULL


def unit_sheets(report: Report) -> list[tuple[str, str]]:
    """The sheets on single units, those of their tasks among them, with what they hold, for the guide."""
    if is_wide(report):
        return [
            (
                "Tỷ lệ từng đơn vị",
                "Mỗi hàng một đơn vị, mỗi cột một chỉ tiêu, thành phần; ô trống là không có tỷ lệ.",
            ),
            ("Tử số, mẫu số", "Cùng bố cục: tử số và mẫu số mà đơn vị báo cáo."),
            ("Minh chứng, ghi chú", "Cùng bố cục: những gì đơn vị ghi kèm số liệu."),
            ("Nhiệm vụ", "Mỗi hàng một đơn vị, mỗi cột một nhiệm vụ: trạng thái và tiến độ."),
        ]
    return [
        ("Theo đơn vị", "Số liệu của từng đơn vị có báo cáo được chấp nhận, kèm minh chứng và ghi chú của đơn vị."),
        ("Nhiệm vụ", "Từng nhiệm vụ tại từng đơn vị: trạng thái, tiến độ, hạn hoàn thành, sản phẩm."),
    ]


def write_units(book: Book[Report]) -> None:
    """Every figure of every unit, however many units."""
    named = {figure.code: figure for figure in book.report.figures if not is_separate(figure)}
    if not is_wide(book.report):
        _write_units_in_full(book, named)
        return
    by_unit = _by_unit(book.report, named)
    _write_ratios(book, named, by_unit)
    _write_counts(book, named, by_unit)
    _write_remarks(book, named, by_unit)


def _write_units_in_full(book: Book[Report], named: Named) -> None:
    report = book.report
    columns = (
        Column("Đơn vị", 28),
        Column("Mã", 7, Kind.CENTER),
        Column("Chỉ tiêu", 40),
        *counted_columns(9),
        Column("Tháng trước", 9, Kind.PERCENT),
        Column("Kết quả", 16, Kind.CENTER),
        Column("Minh chứng", 26),
        Column("Ghi chú", 36),
        Column("Ô trong tệp của đơn vị", 22),
    )
    figures = [figure for figure in report.unit_figures if figure.code in named]
    rows = (
        (_unit_row(report, named[figure.code], figure, number), named[figure.code].is_headline)
        for number, figure in enumerate(figures, start=HEADER_ROW + 1)
    )
    book.table("Theo đơn vị", columns, f"Số liệu từng đơn vị {report.period.label}", rows, len(figures), _NO_UNIT)


def _unit_row(report: Report, total: FigureResult, figure: UnitFigure, number: int) -> list[Value]:
    counts, total = (figure.numerator, figure.denominator), total.of(figure.unit)
    return [
        report.unit_name(figure.unit),
        figure.code,
        total.name,
        target(total),
        *counts,
        live_ratio((f"E{number}", f"F{number}"), counts, figure.ratio_pct, bound(total)),
        percent(figure.previous_ratio_pct, bound(total)),
        unit_outcome(figure).value,
        figure.evidence,
        figure.note,
        report.cells_of(figure.unit, figure.code),
    ]


def count_sums(report: Report) -> dict[str, tuple[str, str]]:
    """By figure the formulas that add up its numerators and its denominators in the units' sheet."""
    if is_wide(report):
        typed = [figure.code for figure in report.figures if not is_separate(figure)]
        last = HEADER_ROW + len({figure.unit for figure in report.unit_figures})
        places = {code: (2 * place, 2 * place + 1) for place, code in enumerate(typed, start=1)}
        return {code: (_column(pair[0], last), _column(pair[1], last)) for code, pair in places.items()}
    codes = {figure.code for figure in report.figures if not is_separate(figure)}
    last = HEADER_ROW + sum(figure.code in codes for figure in report.unit_figures)
    first = HEADER_ROW + 1
    left = f"SUMPRODUCT(EXACT('Theo đơn vị'!$B${first}:$B${last},"
    rows = enumerate(report.figures, start=first)
    return {
        figure.code: (
            f"{left}A{number})*1,'Theo đơn vị'!$E${first}:$E${last})",
            f"{left}A{number})*1,'Theo đơn vị'!$F${first}:$F${last})",
        )
        for number, figure in rows
        if figure.code in codes
    }


def _column(place: int, last: int) -> str:
    letter = get_column_letter(place)
    return f"SUM('Tử số, mẫu số'!{letter}${HEADER_ROW + 1}:{letter}${last})"


def _by_unit(report: Report, named: dict[str, FigureResult]) -> ByUnit:
    by_unit: ByUnit = {}
    for figure in report.unit_figures:
        if figure.code in named:
            by_unit.setdefault(figure.unit, {})[figure.code] = figure
    return by_unit


def _write_ratios(book: Book[Report], named: Named, by_unit: ByUnit) -> None:
    report = book.report
    columns = [Column("Đơn vị", 34), *(Column(f"{code} {f.name}", 12, Kind.PERCENT) for code, f in named.items())]
    bounds = [(code, total, bound(total)) for code, total in named.items()]

    def rows() -> Iterator[Row]:
        for unit, figures in by_unit.items():
            cells = (
                percent(figures[code].ratio_pct, bound(total.of(unit)) if unit in total.targets else usual)
                if code in figures
                else None
                for code, total, usual in bounds
            )
            yield [report.unit_name(unit), *cells], False

    title = f"Tỷ lệ từng đơn vị {report.period.label}"
    book.table("Tỷ lệ từng đơn vị", columns, title, rows(), len(by_unit), _NO_UNIT)


def _write_counts(book: Book[Report], named: Named, by_unit: ByUnit) -> None:
    report = book.report
    columns = [Column("Đơn vị", 34)]
    for code in named:
        columns += [Column(f"{code} tử số", 9, Kind.COUNT), Column(f"{code} mẫu số", 9, Kind.COUNT)]
    columns.append(Column("Ô trong tệp của đơn vị", 30))

    def rows() -> Iterator[Row]:
        for unit, figures in by_unit.items():
            cells: list[Value] = [report.unit_name(unit)]
            for code in named:
                figure = figures.get(code)
                cells += [figure.numerator, figure.denominator] if figure else [None, None]
            yield [*cells, _span(report, unit, named)], False

    title = f"Tử số, mẫu số của từng đơn vị {report.period.label}"
    book.table("Tử số, mẫu số", columns, title, rows(), len(by_unit), _NO_UNIT)


def _span(report: Report, unit: str, named: Named) -> str:
    """From which cell to which the figures of a unit stand in its file, in the order of this sheet's columns."""
    first, last = (
        next((cells for code in codes if (cells := report.cells_of(unit, code))), "")
        for codes in (named, reversed(named))
    )
    return f"{first} … {last.rpartition('!')[2]}" if first else ""


def _write_remarks(book: Book[Report], named: Named, by_unit: ByUnit) -> None:
    report = book.report
    columns = [Column("Đơn vị", 34), *(Column(f"{code} {f.name}", 36) for code, f in named.items())]

    def rows() -> Iterator[Row]:
        for unit, figures in by_unit.items():
            cells = (_remark(figures[code]) if code in figures else None for code in named)
            yield [report.unit_name(unit), *cells], False

    title = f"Minh chứng và ghi chú của từng đơn vị {report.period.label}"
    book.table("Minh chứng, ghi chú", columns, title, rows(), len(by_unit), _NO_UNIT)


def _remark(figure: UnitFigure) -> str:
    return f"{figure.evidence}\nGhi chú: {figure.note}".lstrip() if figure.note else figure.evidence
