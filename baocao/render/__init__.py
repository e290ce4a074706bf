"""Trình bày: one report as Word document, PDF, workbook, mail and charts; all say the same."""

from baocao.render.charts import render_charts
from baocao.render.charts.chart import CHART_NAMES
from baocao.render.files import render_all
from baocao.render.mail import MailBody, render_mail, render_page
from baocao.render.papers import paper_of
from baocao.render.pdf import render_pdf
from baocao.render.word import render_docx

__all__ = [
    "CHART_NAMES",
    "MailBody",
    "paper_of",
    "render_all",
    "render_charts",
    "render_docx",
    "render_mail",
    "render_page",
    "render_pdf",
]
