"""Báo cáo tháng: its annexes, its key figures and its mail."""

from functools import partial
from typing import Any

from baocao.domain.planned.indicator import Direction
from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.outcome import (
    Outcome,
    is_separate,
    lacking_points,
    lacking_text,
    measured,
    outcome,
    ratio_text,
    target_text,
)
from baocao.domain.reported.progress import FigureResult, TaskStatus
from baocao.domain.reported.report import Report
from baocao.domain.wording import moment_text
from baocao.narrative.coverage import coverage_note, uncounted
from baocao.narrative.front import SUMMARY
from baocao.narrative.monthly import narrate_month
from baocao.narrative.results import without
from baocao.render.charts.chart import ATTAINMENT, TRAJECTORY
from baocao.render.papers.citing import RESULTS, citing
from baocao.render.papers.monthly_annexes import monthly_annexes
from baocao.render.papers.paper import MailItem, MailPart, Paper, front_parts
from baocao.render.tables import STATES
from baocao.render.xlsx.monthly import monthly_book

_MOST_UNITS = 10
_DISCIPLINE = (SUMMARY, "Chế độ báo cáo")
_ANNEXES = {(RESULTS, "Số liệu được tổng hợp"): "Phụ lục I", _DISCIPLINE: "Phụ lục V"}
_MARKS = {Outcome.REACHED: "●", Outcome.MISSED: "○"}


def monthly_paper(report: Report) -> Paper:
    """The report of a month as a paper."""
    story = citing(narrate_month(report), report, _ANNEXES, _DISCIPLINE)
    return Paper(
        report=report,
        story=story,
        title=f"Báo cáo {report.period.label}",
        subtitle=f"Kết quả triển khai {report.short_title}",
        annexes=monthly_annexes(report),
        key_figures=_key_figures(report),
        mail_parts=(*front_parts(story), *_mail_parts(report)),
        books={"so-lieu.xlsx": partial(monthly_book, report)},
        drawn=report,
        mail_charts=(ATTAINMENT, TRAJECTORY),
    )


def _key_figures(report: Report) -> tuple[tuple[str, str], ...]:
    on_time = sum(
        standing.state is UnitState.ACCEPTED and standing.timeliness is Timeliness.ON_TIME
        for standing in report.standings
    )
    tasks = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    done = sum(task.status is TaskStatus.DONE for task in tasks)
    lacking = uncounted(report)
    return (
        (f"{len(_those(report, Outcome.REACHED))}/{len(report.headlines)}", f"chỉ tiêu đạt{lacking}"),
        (str(len(_those(report, Outcome.MISSED))), f"chỉ tiêu chưa đạt{lacking}"),
        (f"{on_time}/{len(report.standings)}", "đơn vị đúng hạn"),
        (f"{done}/{len(tasks)}", f"đầu việc hoàn thành{without(report)}"),
    )


def _those(report: Report, *wanted: Outcome) -> list[FigureResult]:
    return [figure for figure in report.headlines if outcome(report, figure) in wanted]


def _mail_parts(report: Report) -> tuple[MailPart, ...]:
    items = partial(_items, report)
    others = items(Outcome.NOT_APPLICABLE, Outcome.NO_DATA)
    return (
        MailPart(
            "Đơn vị nộp muộn, chưa nộp hoặc bị trả lại",
            tuple(_unit_lines(report)),
            nothing="Không có: tất cả các đơn vị nộp đúng hạn.",
        ),
        MailPart("Chỉ tiêu chưa đạt", items=items(Outcome.MISSED), nothing="Không có."),
        MailPart("Chỉ tiêu đạt", items=items(Outcome.REACHED), nothing="Chưa có."),
        *((MailPart("Chỉ tiêu không phát sinh, chưa có số liệu", items=others),) if others else ()),
    )


def _items(report: Report, *wanted: Outcome) -> tuple[MailItem, ...]:
    return tuple(_item(report, figure) for figure in _those(report, *wanted))


def _item(report: Report, figure: FigureResult) -> MailItem:
    parts, result = measured(report, figure), outcome(report, figure)
    if parts == (figure,):
        lacking = lacking_points(figure)
        apart = "vượt" if figure.direction is Direction.LOWER else "thiếu"
        note = f"{apart} {lacking_text(lacking)} so với mục tiêu {target_text(figure)}" if lacking else ""
        value = ratio_text(figure)
    else:
        known = "" if is_separate(figure) else "ước theo thành phần; "
        value = result.value
        note = known + "; ".join(f"{part.name}: {ratio_text(part)}" for part in parts)
    noted: tuple[Any, ...] = (note, coverage_note(figure, report.names_of_units))
    return MailItem(_MARKS.get(result, "–"), f"{figure.name} ({figure.code})", value, "; ".join(filter(None, noted)))


def _unit_lines(report: Report) -> list[str]:
    """Who is late, missing or returned; empty where everyone reported in time."""
    lines = []
    for standing in report.standings:
        at = f", nhận lúc {moment_text(standing.received_at)}" if standing.received_at else ""
        if standing.state is not UnitState.ACCEPTED:
            lines.append(f"{standing.name}: {STATES[standing.state].lower()}{at}")
        elif standing.timeliness is Timeliness.LATE:
            lines.append(f"{standing.name}: nộp quá hạn{at}")
    if len(lines) > _MOST_UNITS:
        lines = [*lines[:_MOST_UNITS], f"và {len(lines) - _MOST_UNITS} đơn vị khác (xem trang «Tình hình nộp»)"]
    return lines
