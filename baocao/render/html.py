"""Thư báo cáo: the mail's body (HTML and plain text), and the same page as «thu.html» beside its charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baocao.domain.received.submission import Timeliness, UnitState
from baocao.domain.reported.assessment import FinalAssessment
from baocao.domain.reported.assignment import AssignmentReport
from baocao.domain.reported.document import Document
from baocao.domain.reported.outcome import (
    Outcome,
    is_separate,
    lacking_points,
    lacking_text,
    measured,
    outcome,
    ratio_text,
)
from baocao.domain.reported.progress import FigureResult, TaskStatus
from baocao.domain.reported.report import Report
from baocao.domain.wording import enumeration, moment_text, percent_text
from baocao.narrative.coverage import coverage_note, silent_names, unit_names_of
from baocao.narrative.monthly import issuer_name, narrate
from baocao.narrative.phrases import unit_names
from baocao.narrative.proposals import urgent_proposal_paragraphs
from baocao.narrative.telling import AnyReport
from baocao.render.charts import chart_description
from baocao.render.charts.chart import ATTAINMENT, HEAT_MAP, TRAJECTORY
from baocao.render.papers import paper_of
from baocao.render.papers.html import page_context, paper_text
from baocao.render.tables import STATES

MAIL_CHARTS = (ATTAINMENT, TRAJECTORY)
_TEMPLATES = Path(__file__).parent / "templates"
_FINAL_CHARTS = (HEAT_MAP, TRAJECTORY)
_MOST_UNITS = 10


@dataclass(frozen=True)
class MailBody:
    """The two alternative parts of one mail."""

    html: str
    text: str


def mail_charts(report: AnyReport) -> tuple[str, ...]:
    """The names of the charts that the report's mail shows."""
    if isinstance(report, AssignmentReport):
        return ()
    return _FINAL_CHARTS if isinstance(report, FinalAssessment) else MAIL_CHARTS


def render_mail(report: AnyReport, chart_cids: Mapping[str, str], missing: Sequence[str] = ()) -> MailBody:
    """The mail's body; ``chart_cids`` maps names of :func:`mail_charts` to Content-IDs without ``<>``.

    A chart without a Content-ID is left out; ``missing`` names files that could not be made. The first text of the HTML
    is the headline, which mail programs show beside the subject.
    """
    marks = [*_marks(report), *_lacking(missing)]
    return MailBody(
        html=_render_html(report, {name: f"cid:{cid}" for name, cid in chart_cids.items()}, marks),
        text=render_text(report, marks) if isinstance(report, Report) else paper_text(paper_of(report), marks),
    )


def render_page(report: AnyReport, chart_names: tuple[str, ...] = MAIL_CHARTS) -> str:
    """The same page with its charts from the folder ``bieu-do``, to be opened from disk."""
    return _render_html(report, {name: f"bieu-do/{name}.png" for name in chart_names}, _marks(report))


def render_text(report: Report, marks: Sequence[str]) -> str:
    """The whole report in plain text, with what must be known about it."""
    narrative = narrate(report)
    sections = (
        ("ĐÍNH CHÍNH", narrative.restated),
        ("I. KẾT QUẢ THỰC HIỆN CHỈ TIÊU", narrative.results),
        ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", narrative.tasks),
        ("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", narrative.shortcomings),
        ("III. NHIỆM VỤ THÁNG TỚI", narrative.next_month),
        ("IV. ĐỀ XUẤT, KIẾN NGHỊ", narrative.proposals),
    )
    parts = [narrative.headline, *marks, narrative.opening]
    for title, paragraphs in sections:
        if paragraphs:
            parts.append(title + "\n" + "\n".join(paragraphs))
    parts += [report.approval_line] if report.approval_line else []
    return "\n\n".join(parts) + "\n"


def _marks(report: Document) -> list[str]:
    marks = []
    if report.is_draft:
        marks.append("DỰ THẢO, chưa phát hành")
    if report.is_sample:
        marks.append("SỐ LIỆU MÔ PHỎNG, không phải số liệu thật")
    return marks


def _lacking(missing: Sequence[str]) -> list[str]:
    return [f"Chưa dựng được {enumeration(list(missing))} nên thư này không kèm"] if missing else []


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render_html(report: AnyReport, sources: Mapping[str, str], marks: Sequence[str]) -> str:
    is_month = isinstance(report, Report)
    context = _month_context(report) if isinstance(report, Report) else page_context(paper_of(report))
    charts = [] if isinstance(report, AssignmentReport) else _charts(report, sources)
    return (
        _environment()
        .get_template("thu.html.j2" if is_month else "thu-muc.html.j2")
        .render(report=report, issuer=issuer_name(report), marks=marks, charts=charts, **context)
    )


def _charts(report: Report | FinalAssessment, sources: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"source": sources[name], "alt": chart_description(report, name)}
        for name in mail_charts(report)
        if name in sources
    ]


def _month_context(report: Report) -> dict[str, Any]:
    narrative = narrate(report)
    return {
        "subject": narrative.subject,
        "title": f"Báo cáo {report.period.label}",
        "subtitle": f"Kết quả triển khai {report.short_title}",
        "headline": narrative.headline,
        "restated": narrative.restated,
        "key_figures": _key_figures(report),
        "reached": [_item(report, figure) for figure in _those(report, Outcome.REACHED)],
        "missed": [_item(report, figure) for figure in _those(report, Outcome.MISSED)],
        "others": [_item(report, figure) for figure in _those(report, Outcome.NOT_APPLICABLE, Outcome.NO_DATA)],
        "units": _unit_lines(report),
        "asked": _asked(report),
        "footer": (
            "Toàn văn báo cáo ở tệp bao-cao.docx, bao-cao.pdf; số liệu chi tiết của từng đơn vị ở tệp so-lieu.xlsx."
        ),
    }


def _those(report: Report, *wanted: Outcome) -> list[FigureResult]:
    return [figure for figure in report.headlines if outcome(report, figure) in wanted]


def _item(report: Report, figure: FigureResult) -> dict[str, Any]:
    parts = measured(report, figure)
    if parts == (figure,):
        lacking = lacking_points(figure)
        note = f"thiếu {lacking_text(lacking)} so với mục tiêu {percent_text(figure.target_pct)}" if lacking else ""
        value = ratio_text(figure)
    else:
        known = "" if is_separate(figure) else "ước theo thành phần; "
        value = outcome(report, figure).value
        note = known + "; ".join(f"{part.name}: {ratio_text(part)}" for part in parts)
    note = "; ".join(text for text in (note, coverage_note(figure, unit_names_of(report))) if text)
    return {"code": figure.code, "name": figure.name, "value": value, "note": note}


def _key_figures(report: Report) -> list[tuple[str, str]]:
    whole = len(report.headlines)
    on_time = sum(
        standing.state is UnitState.ACCEPTED and standing.timeliness is Timeliness.ON_TIME
        for standing in report.standings
    )
    tasks = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    done = sum(task.status is TaskStatus.DONE for task in tasks)
    silent = silent_names(report)
    without = f" (chưa có báo cáo của {unit_names(silent)})" if silent else ""
    return [
        (f"{len(_those(report, Outcome.REACHED))}/{whole}", f"chỉ tiêu đạt{without}"),
        (str(len(_those(report, Outcome.MISSED))), f"chỉ tiêu chưa đạt{without}"),
        (f"{on_time}/{len(report.standings)}", "đơn vị đúng hạn"),
        (f"{done}/{len(tasks)}", "đầu việc hoàn thành"),
    ]


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


def _asked(report: Report) -> list[str]:
    """What is asked for, without the marks of the list."""
    return [paragraph.removeprefix("- ") for paragraph in urgent_proposal_paragraphs(report)]
