"""A story as text, whole and part by part, for the tests of the prose and of the renderers."""

from baocao.domain.reported.document import Document
from baocao.narrative.story import Story, Table
from baocao.render.papers import paper_of

PARTS = {
    "results": "1. Kết quả thực hiện các chỉ tiêu",
    "tasks": "2. Kết quả thực hiện nhiệm vụ",
    "shortcomings": "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN",
    "next_month": "III. NHIỆM VỤ THÁNG TỚI",
    "proposals": "IV. ĐỀ XUẤT, KIẾN NGHỊ",
}


def told(report: Document) -> Story:
    """The report in words."""
    return paper_of(report).story


def part(report: Document, name: str) -> tuple[str, ...]:
    """The paragraphs of a part of a month's report, by the names of :data:`PARTS`."""
    return next(section.paragraphs for section in told(report).sections if section.title == PARTS[name])


def paragraphs(story: Story) -> list[str]:
    """Every paragraph of a story's parts, in their order."""
    return [*story.restated, *(text for section in story.sections for text in section.paragraphs)]


def as_text(story: Story) -> str:
    """A story as it is kept in a golden file."""
    sections = ("\n".join([f"[{one.title}]", *one.paragraphs, *as_rows(one.table)]) for one in story.sections)
    restated = "\n".join(["[Đính chính]", *story.restated])
    return "\n\n".join([story.subject, story.opening, story.headline, restated, *sections]) + "\n"


def as_rows(table: Table | None) -> list[str]:
    """The rows of a table, a line each."""
    if table is None:
        return []
    return [" | ".join(str(row.get(column.key, "")) for column in table.columns) for row in table.rows]
