"""Thư báo cáo: the mail's body (HTML and plain text), and the same page as «thu.html» beside its charts."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baocao.domain.reported.document import Document
from baocao.domain.wording import enumeration
from baocao.narrative.monthly import issuer_name
from baocao.narrative.story import Section
from baocao.render.charts import chart_description
from baocao.render.papers.paper import Paper, attachment_name

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class MailBody:
    """The two alternative parts of one mail."""

    html: str
    text: str


def render_mail(
    paper: Paper, chart_cids: Mapping[str, str], missing: Sequence[str] = (), how_to_answer: str = ""
) -> MailBody:
    """The mail's body; ``chart_cids`` maps names of the paper's ``mail_charts`` to Content-IDs without ``<>``.

    A chart without a Content-ID is left out; ``missing`` names files that could not be made; ``how_to_answer`` stands
    below what is asked. The first text of the HTML is the headline, which mail programs show beside the subject.
    """
    marks = [*_marks(paper.report), *_lacking(missing)]
    cids = {name: f"cid:{cid}" for name, cid in chart_cids.items()}
    html = _render_html(paper, cids, marks, partial(attachment_name, paper.report), how_to_answer)
    text = _render_text(paper, marks)
    return MailBody(html, f"{text}\n{how_to_answer}\n" if how_to_answer else text)


def render_page(paper: Paper, chart_names: Sequence[str] | None = None) -> str:
    """The same page with its charts (all of the mail's, or those named) from the folder ``bieu-do``, for the disk."""
    names = paper.mail_charts if chart_names is None else chart_names
    return _render_html(paper, {name: f"bieu-do/{name}.png" for name in names}, _marks(paper.report))


def _render_text(paper: Paper, marks: Sequence[str]) -> str:
    """The whole report in plain text, with what must be known about it."""
    story = paper.story
    addressees = f"Kính gửi: {'; '.join(paper.report.issuer.addressees)}."
    parts = [story.headline, *marks, addressees, story.opening]
    if story.restated:
        parts.append("\n".join(("ĐÍNH CHÍNH", *story.restated)))
    parts += ["\n".join(_section_lines(one)) for one in story.sections]
    parts += [paper.report.approval_line] if paper.report.approval_line else []
    return "\n\n".join(parts) + "\n"


def _section_lines(section: Section) -> Iterator[str]:
    yield section.title
    yield from section.paragraphs
    if section.table:
        keys = [column.key for column in section.table.columns]
        yield from ("- " + "; ".join(row[key] for key in keys if row.get(key)) for row in section.table.rows)


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


def _footer(paper: Paper, attached: Callable[[str], str]) -> str:
    """Where the whole is, by the names that the files have here."""
    whole, data = map(attached, ("bao-cao.docx", "bao-cao.pdf")), map(attached, paper.books)
    return f"Toàn văn báo cáo ở tệp {', '.join(whole)}; số liệu chi tiết ở tệp {', '.join(data)}."


def _render_html(
    paper: Paper,
    sources: Mapping[str, str],
    marks: Sequence[str],
    attached: Callable[[str], str] = str,
    how_to_answer: str = "",
) -> str:
    template = _environment().get_template("thu.html.j2")
    return template.render(
        paper=paper,
        story=paper.story,
        report=paper.report,
        issuer=issuer_name(paper.report),
        marks=marks,
        footer=_footer(paper, attached),
        how_to_answer=how_to_answer,
        charts=_charts(paper, sources),
    )


def _charts(paper: Paper, sources: Mapping[str, str]) -> list[dict[str, str]]:
    if paper.drawn is None:
        return []
    shown = (name for name in paper.mail_charts if name in sources)
    return [{"source": sources[name], "alt": chart_description(paper.drawn, name)} for name in shown]
