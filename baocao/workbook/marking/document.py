"""A returned Word document: the sender's own, with a comment at each cell of which something was found."""

from io import BytesIO

from docx import Document
from docx.document import Document as WordDocument
from docx.text.paragraph import Paragraph

from baocao.domain.received.finding import Finding
from baocao.domain.received.in_word import cell_in_table, line_of
from baocao.domain.received.submission import Checked
from baocao.workbook.official.lines import rest_of

_AUTHOR, _INITIALS = "Kết quả kiểm tra", "KT"


def marked_document(data: bytes, checked: Checked) -> bytes:
    """The document with its comments; what is about no cell stands at its first paragraph.

    Raises:
        ValueError, KeyError: python-docx finds no document in it.
    """
    document = Document(BytesIO(data))
    for finding in checked.findings:
        paragraph = _paragraph(document, finding)
        runs = paragraph.runs or [paragraph.add_run("")]
        text = f"{finding.severity.label}: {finding.message}"
        document.add_comment(runs, text=text, author=_AUTHOR, initials=_INITIALS)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _paragraph(document: WordDocument, finding: Finding) -> Paragraph:
    place = cell_in_table(finding)
    if place is not None:
        table, row, column = place
        first: Paragraph = document.tables[table].cell(row, column).paragraphs[0]
        return first
    line = line_of(finding)
    lines = (one for one in document.paragraphs if line and rest_of(one.text, line) is not None)
    return next(lines, None) or (document.paragraphs[0] if document.paragraphs else document.add_paragraph())
