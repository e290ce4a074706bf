"""«bao-cao.docx»."""

from baocao.render.word.document import TEMPLATE, render_docx

__all__ = ["TEMPLATE", "render_docx"]
