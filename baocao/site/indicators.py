"""Chỉ tiêu: every indicator against its target, month by month, with where it is heading."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from baocao.domain.planned.indicator import Indicator, IndicatorKind, bound
from baocao.domain.planned.period import Period
from baocao.domain.reported.forecast import Forecast
from baocao.domain.reported.outcome import Outcome, is_separate, measured, outcome, ratio_text, target_text
from baocao.domain.reported.progress import FigureResult
from baocao.domain.wording import NO_DATA, count_text, percent_text
from baocao.narrative.coverage import scope_note
from baocao.site.cells import Bar, Cell, Row, Table, Tile, change_text, columns, outcome_cell, row
from baocao.site.facts import SiteFacts
from baocao.site.page import Page
from baocao.site.results import Results
from baocao.store.accepted.tallies import Kept

MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart over time: ``data`` is drawn by ``site.js``, ``table`` says the same; ``outlook`` in words."""

    key: str
    name: str
    data: dict[str, Any]
    table: Table
    outlook: str


@dataclass(frozen=True, slots=True)
class IndicatorSection:
    """One indicator; its components have charts of their own where they are reported apart."""

    code: str
    name: str
    verbatim: str
    result: Cell
    charts: tuple[Chart, ...]
    parts: Table | None


def indicators_page(facts: SiteFacts) -> Page:
    """The page of indicators."""
    results = facts.results
    return Page(
        path="chi-tieu.html",
        template="chi-tieu.html.j2",
        title="Kết quả chỉ tiêu",
        context={
            "period": results.period if results else None,
            "share": _share(facts, results.period) if results else "",
            "tiles": _tiles(facts, results) if results else [],
            "attainment": _attainment(facts, results) if results else None,
            "groups": list(_groups(facts, results)) if results else [],
            "whole": f"Toàn {facts.plan.phase}",
            "lines": [(code, facts.plan.unit_by_code[code].name) for code in _lines(facts)],
        },
    )


def _share(facts: SiteFacts, period: Period) -> str:
    """Of how many units a period's figures are: ``2/3 đơn vị``."""
    kept = facts.kept.get(period, Kept())
    return f"{count_text(kept.accepted)}/{count_text(len(facts.plan.at(period).units))} đơn vị"


def _tiles(facts: SiteFacts, results: Results) -> list[Tile]:
    without = facts.without_clause(results)
    tiles = [
        Tile(count_text(results.tally(Outcome.REACHED)), "chỉ tiêu đạt", without, mood="good"),
        Tile(count_text(results.tally(Outcome.MISSED)), "chỉ tiêu chưa đạt", without, mood="warn"),
    ]
    others = results.tally(Outcome.NOT_APPLICABLE, Outcome.NO_DATA)
    return [*tiles, Tile(count_text(others), "không phát sinh hoặc chưa có số liệu")] if others else tiles


def _attainment(facts: SiteFacts, results: Results) -> Table:
    rows: list[Row] = []
    for key, name in facts.plan.indicator_groups.items():
        group = {one.code for one in facts.plan.indicators if one.group == key}
        figures = [one for one in results.headlines if one.code in group]
        if figures:
            rows.append(Row(heading=name.rstrip(" :")))
            rows += [made for figure in figures for made in _attained(_names(facts), results, figure)]
    numbers = ("Mục tiêu", "Thay đổi")
    headers = ("Chỉ tiêu", "Mục tiêu", "Tỷ lệ", "Kết quả", "Thay đổi", "Đơn vị đạt")
    return Table(
        caption=f"Kết quả {results.period.label} so với mục tiêu",
        columns=columns(*headers, numbers=numbers, wide=["Chỉ tiêu"]),
        rows=tuple(rows),
    )


def _names(facts: SiteFacts) -> dict[str, str]:
    return {unit.code: unit.name for unit in facts.plan.units}


def _state(names: dict[str, str], results: Results, figure: FigureResult) -> Cell:
    """The verdict with whose figures it rests on."""
    return replace(outcome_cell(outcome(results, figure)), note=scope_note(figure, names))


def _attained(names: dict[str, str], results: Results, figure: FigureResult) -> Iterator[Row]:
    parts = measured(results, figure)
    state = _state(names, results, figure)
    href = f"#{figure.code}"
    if parts == (figure,):
        yield _attained_row(figure, Cell(f"{figure.code}  {figure.name}", href=href), state)
        return
    yield row(Cell(f"{figure.code}  {figure.name}", href=href), target_text(figure), "", state, "", "")
    for part in parts:
        yield _attained_row(part, Cell(part.name, note=part.code), _state(names, results, part))


def _attained_row(figure: FigureResult, name: Cell, state: Cell) -> Row:
    counts = f"{count_text(figure.numerator)}/{count_text(figure.denominator)}" if figure.denominator else ""
    units = f"{count_text(figure.units_reached)}/{count_text(figure.units_reported)}" if figure.units_reported else ""
    return row(
        name,
        target_text(figure),
        Cell(ratio_text(figure), note=counts, bar=_bar(figure)),
        state,
        change_text(figure.change_points),
        units,
    )


def _bar(figure: FigureResult) -> Bar | None:
    if figure.ratio_pct is None:
        return None
    return Bar(figure.ratio_pct, figure.target_pct, figure.before_pct, bool(figure.reached))


def _groups(facts: SiteFacts, results: Results) -> Iterator[tuple[str, list[IndicatorSection]]]:
    figures = {one.code: one for one in results.figures}
    for key, name in facts.plan.indicator_groups.items():
        sections = [
            _section(facts, results, one, figures[one.code]) for one in facts.plan.indicators if one.group == key
        ]
        if sections:
            yield name.rstrip(" :"), sections


def _section(facts: SiteFacts, results: Results, indicator: Indicator, figure: FigureResult) -> IndicatorSection:
    components = [one for one in results.figures if one.indicator == figure.code and not one.is_headline]
    drawn = components if is_separate(figure) else [figure]
    return IndicatorSection(
        code=indicator.code,
        name=indicator.name_short,
        verbatim=indicator.verbatim,
        result=_state(_names(facts), results, figure),
        charts=tuple(_chart(facts, results, one) for one in drawn),
        parts=_parts(facts, results, indicator, components) if components and not is_separate(figure) else None,
    )


def _parts(facts: SiteFacts, results: Results, indicator: Indicator, components: list[FigureResult]) -> Table:
    return Table(
        caption=f"Các thành phần của chỉ tiêu {indicator.code}, {results.period.label}",
        columns=columns("Thành phần", "Tỷ lệ", "Kết quả", wide=["Thành phần"]),
        rows=tuple(
            row(
                Cell(one.name, note=one.code),
                Cell(ratio_text(one), bar=_bar(one)),
                _state(_names(facts), results, one),
            )
            for one in components
        ),
    )


def _chart(facts: SiteFacts, results: Results, figure: FigureResult) -> Chart:
    ahead = results.ahead(figure)
    lines = [
        {"name": f"Toàn {facts.plan.phase}", "unit": "", **_pilot_line(results, figure)},
        *[
            {"name": facts.plan.unit_by_code[code].name, "unit": code, **_unit_line(facts, figure, code)}
            for code in _lines(facts)
        ],
    ]
    return Chart(
        key=f"bieu-do-{figure.code}",
        name=f"{figure.code} {figure.name}",
        data={
            "last": results.months.index(results.period),
            "months": [month.short for month in results.months],
            "target": figure.target_pct,
            "targetText": target_text(figure),
            "lines": lines,
            "ahead": _ahead_line(results, figure, ahead),
        },
        table=_series_table(facts, results, figure, lines),
        outlook=_outlook(results, figure, ahead),
    )


def _pilot_line(results: Results, figure: FigureResult) -> dict[str, Any]:
    known = [results.ratios[month, figure.code] if month in results.reported else None for month in results.months]
    return _line(known, [month in results.reported for month in results.months], figure)


def _unit_line(facts: SiteFacts, figure: FigureResult, unit: str) -> dict[str, Any]:
    results = facts.results
    months = results.months if results else ()
    known = [facts.data.ratio(unit, month, figure.code) for month in months]
    return _line(known, [facts.data.has(unit, month) for month in months], figure)


def _line(ratios: list[float | None], reported: list[bool], figure: FigureResult) -> dict[str, Any]:
    texts = [
        percent_text(ratio, bound(figure)) if is_told else NO_DATA
        for ratio, is_told in zip(ratios, reported, strict=True)
    ]
    return {"values": ratios, "texts": texts}


def _ahead_line(results: Results, figure: FigureResult, ahead: Forecast | None) -> dict[str, Any] | None:
    known = [(number, ratio) for number, ratio in results.series(figure.code) if ratio is not None]
    if ahead is None:
        return None
    return {
        "from": known[-1][0],
        "start": known[-1][1],
        "expected": ahead.expected_pct,
        "lowest": ahead.lowest_pct,
        "highest": ahead.highest_pct,
        "text": percent_text(ahead.expected_pct, bound(figure)),
    }


def _series_table(facts: SiteFacts, results: Results, figure: FigureResult, lines: list[dict[str, Any]]) -> Table:
    shown = [(number, month) for number, month in enumerate(results.months) if month in results.reported]
    return Table(
        caption=f"{figure.code} {figure.name}: tỷ lệ qua các kỳ, mục tiêu {target_text(figure)}",
        columns=columns("Kỳ", *[line["name"] for line in lines], numbers=[line["name"] for line in lines]),
        rows=tuple(
            row(Cell(month.short, note=_share(facts, month)), *[line["texts"][number] for line in lines])
            for number, month in shown
        ),
    )


def _outlook(results: Results, figure: FigureResult, ahead: Forecast | None) -> str:
    if ahead is None:
        return ""
    low, expected, high = (
        percent_text(value, bound(figure)) for value in (ahead.lowest_pct, ahead.expected_pct, ahead.highest_pct)
    )
    span = "" if low == high else f" (từ {low} đến {high})"
    what = "lũy kế đến kỳ" if figure.kind is IndicatorKind.FLOW else "đến kỳ"
    return f"{ahead.outlook.value}: nếu giữ đà hiện nay, {what} {results.months[-1].short} là {expected}{span}."


def _lines(facts: SiteFacts) -> tuple[str, ...]:
    """The units that get a line of their own; none where they would be too many to tell apart."""
    return facts.units if len(facts.plan.units) <= MOST_LINES else ()
