"""Thư báo cáo: the mail's body (HTML and plain text), and the same page as «thu.html» beside its charts."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from baocao.domain.narrative import Narrative, issuer_name, narrate
from baocao.domain.outcome import Outcome, is_separate, lacking_points, lacking_text, measured, outcome, ratio_text
from baocao.domain.progress import FigureResult, TaskStatus
from baocao.domain.report import Report
from baocao.domain.submission import Timeliness, UnitState
from baocao.domain.wording import moment_text, percent_text
from baocao.render.charts import ATTAINMENT, TRAJECTORY, chart_description
from baocao.render.tables import STATES

if TYPE_CHECKING:
    from jinja2 import Environment

MAIL_CHARTS = (ATTAINMENT, TRAJECTORY)
_TEMPLATES = Path(__file__).parent / "templates"
_MOST_UNITS = 10


@dataclass(frozen=True)
class MailBody:
    """The two alternative parts of one mail."""

    html: str
    text: str


def render_mail(report: Report, chart_cids: Mapping[str, str]) -> MailBody:
    """The mail's body; ``chart_cids`` maps names of :data:`MAIL_CHARTS` to Content-IDs without ``<>``.

    A chart without a Content-ID is left out. The first text of the HTML is the headline, which mail programs show
    beside the subject.
    """
    return MailBody(
        html=_render_html(report, {name: f"cid:{cid}" for name, cid in chart_cids.items()}),
        text=render_text(report),
    )


def render_page(report: Report, chart_names: tuple[str, ...] = MAIL_CHARTS) -> str:
    """The same page with its charts from the folder ``bieu-do``, to be opened from disk."""
    return _render_html(report, {name: f"bieu-do/{name}.png" for name in chart_names})


def render_text(report: Report) -> str:
    """The whole report in plain text."""
    narrative = narrate(report)
    sections = (
        ("ĐÍNH CHÍNH", narrative.restated),
        ("I. KẾT QUẢ THỰC HIỆN CHỈ TIÊU", narrative.results),
        ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ", narrative.tasks),
        ("II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN", narrative.shortcomings),
        ("III. NHIỆM VỤ THÁNG TỚI", narrative.next_month),
        ("IV. ĐỀ XUẤT, KIẾN NGHỊ", narrative.proposals),
    )
    parts = [narrative.headline, *_marks(report), narrative.opening]
    for title, paragraphs in sections:
        if paragraphs:
            parts.append(title + "\n" + "\n".join(paragraphs))
    return "\n\n".join(parts) + "\n"


def _marks(report: Report) -> list[str]:
    marks = []
    if report.is_draft:
        marks.append("DỰ THẢO, chưa phát hành")
    if report.is_sample:
        marks.append("SỐ LIỆU MÔ PHỎNG, không phải số liệu thật")
    return marks


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _render_html(report: Report, sources: Mapping[str, str]) -> str:
    narrative = narrate(report)
    return (
        _environment()
        .get_template("thu.html.j2")
        .render(
            report=report,
            narrative=narrative,
            issuer=issuer_name(report),
            marks=_marks(report),
            key_figures=_key_figures(report),
            reached=[_item(report, figure) for figure in _those(report, Outcome.REACHED)],
            missed=[_item(report, figure) for figure in _those(report, Outcome.MISSED)],
            others=[_item(report, figure) for figure in _those(report, Outcome.NOT_APPLICABLE, Outcome.NO_DATA)],
            units=_unit_lines(report),
            asked=_asked(narrative),
            charts=[
                {"source": sources[name], "alt": chart_description(report, name)}
                for name in MAIL_CHARTS
                if name in sources
            ],
        )
    )


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
    return {"code": figure.code, "name": figure.name, "value": value, "note": note}


def _key_figures(report: Report) -> list[tuple[str, str]]:
    whole = len(report.headlines)
    on_time = sum(
        standing.state is UnitState.ACCEPTED and standing.timeliness is Timeliness.ON_TIME
        for standing in report.standings
    )
    tasks = [task for task in report.tasks if task.status not in (None, TaskStatus.NOT_APPLICABLE)]
    done = sum(task.status is TaskStatus.DONE for task in tasks)
    return [
        (f"{len(_those(report, Outcome.REACHED))}/{whole}", "chỉ tiêu đạt"),
        (str(len(_those(report, Outcome.MISSED))), "chỉ tiêu chưa đạt"),
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


def _asked(narrative: Narrative) -> list[str]:
    """What is asked for, without the marks of the list."""
    return [paragraph.removeprefix("- ") for paragraph in narrative.proposals]
